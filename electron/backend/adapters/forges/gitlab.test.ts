import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { codeOf, messageOf, valueOf } from '../../features/worktrees/testing.ts'
import { createGitlab } from './gitlab.ts'
import type { RunTool, ToolOutput, ToolRequest } from './run-tool.ts'

// No glab on the machines of these tests: what it prints is taken from the examples of GitLab's REST documentation.
const mergeRequest = {
  id: 1,
  iid: 5,
  project_id: 3,
  title: 'test1',
  state: 'opened',
  draft: false,
  web_url: 'https://gitlab.com/group/sub/app/-/merge_requests/5',
  sha: '8888888888888888888888888888888888888888',
  target_branch: 'main',
  source_branch: 'test1',
  head_pipeline: { id: 46, status: 'running' },
}
const jobs = [
  { id: 6, name: 'rspec:other', status: 'failed', allow_failure: false, web_url: 'https://gitlab.com/a/b/-/jobs/6' },
  { id: 7, name: 'teaspoon', status: 'failed', allow_failure: true, web_url: null },
  { id: 8, name: 'deploy', status: 'created' },
]
const note = { author: { id: 1, username: 'root' }, created_at: '2018-03-03T21:54:39.668Z', system: false }
const discussions = [
  { id: 'a', notes: [{ id: 1126, body: 'discussion text', ...note }] },
  { id: 'b', notes: [{ id: 1127, body: 'added 1 commit', ...note, system: true }] },
  { id: 'c', notes: [{ id: 1128, body: 'here', ...note, position: { new_path: 'package.json', new_line: 27 } }] },
]

let folder: string
const asked: ToolRequest[] = []
beforeEach(async () => {
  asked.length = 0
  folder = await mkdtemp(join(tmpdir(), 'switchyard-glab-'))
  await writeFile(join(folder, 'glab'), '#!/bin/sh\n')
  await chmod(join(folder, 'glab'), 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const gitlabThat = (answer: (path: string) => Partial<Extract<ToolOutput, { kind: 'ended' }>>) => {
  const run: RunTool = (request) => {
    asked.push(request)
    return Promise.resolve({ kind: 'ended', exitCode: 0, stdout: '', stderr: '', ...answer(request.args.at(-1) ?? '') })
  }
  return createGitlab({ person: () => Promise.resolve({ PATH: folder, GITLAB_TOKEN: 'secret' }), folder, run })
}
const at = { host: 'gitlab.com', repository: 'group/sub/app' }

it('reads a merge request with its jobs and discussions', async () => {
  const gitlab = gitlabThat((path) => {
    const value = path.includes('/jobs') ? jobs : path.includes('/discussions') ? discussions : mergeRequest
    return { stdout: JSON.stringify(value) }
  })
  const pull = valueOf(await gitlab.read(at, 5))
  expect(pull).toMatchObject({
    number: 5,
    state: 'open',
    base: 'main',
    head: mergeRequest.sha,
    url: mergeRequest.web_url,
  })
  expect(pull.checks.map(({ name, state, url }) => [name, state, url])).toEqual([
    ['rspec:other', 'failed', 'https://gitlab.com/a/b/-/jobs/6'],
    ['teaspoon', 'skipped', null],
    ['deploy', 'pending', null],
  ])
  expect(pull.comments.map(({ key, kind, path, line }) => [key, kind, path, line])).toEqual([
    ['note:1126', 'comment', null, null],
    ['note:1128', 'line', 'package.json', 27],
  ])
  expect(asked.map(({ args }) => args.join(' '))).toContain(
    'api --hostname gitlab.com projects/group%2Fsub%2Fapp/pipelines/46/jobs?per_page=100',
  )
})

it('makes a draft with title and text by its input alone', async () => {
  const gitlab = gitlabThat(() => ({ stdout: JSON.stringify(mergeRequest) }))
  const wish = { branch: 'fix', base: 'main', title: '-x', body: '$(id)', isDraft: true }
  expect(valueOf(await gitlab.create(at, wish))).toBe(5)
  const [call] = asked
  expect(JSON.parse(call?.stdin ?? '')).toEqual({
    source_branch: 'fix',
    target_branch: 'main',
    title: 'Draft: -x',
    description: '$(id)',
  })
  expect(call?.args.slice(0, 5)).toEqual(['api', '--hostname', 'gitlab.com', '--method', 'POST'])
  expect([call?.cwd, call?.env['GITLAB_TOKEN'], call?.env['NO_PROMPT']]).toEqual([folder, 'secret', 'true'])
})

it('says in words what stands in the way', async () => {
  const ask = async (stdout: string, stderr: string, exitCode = 1) => {
    const answer = await gitlabThat(() => ({ exitCode, stdout, stderr })).find({ ...at, host: 'gitlab.evil.dev' }, 'x')
    return [codeOf(answer), messageOf(answer)]
  }
  expect((await ask('{"message":"401 Unauthorized"}', 'glab: 401 Unauthorized (HTTP 401)'))[0]).toBe('NOT_LOGGED_IN')
  expect(asked[0]?.env).not.toHaveProperty('GITLAB_TOKEN')
  expect(await ask('{"message":["Another open merge request already exists: !7"]}', 'glab: 409')).toEqual([
    'FORGE_REFUSED',
    'gitlab.evil.dev refused it: Another open merge request already exists: !7',
  ])
  expect((await ask('', 'dial tcp: lookup gitlab.evil.dev: no such host'))[0]).toBe('UNREACHABLE')
  expect((await ask('<html>', '', 0))[0]).toBe('FORGE_REFUSED')
  expect((await ask('[{"iid":0}]', '', 0))[0]).toBe('FORGE_REFUSED')
})
