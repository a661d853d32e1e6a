import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeGithub, type FakeGithub } from '../../../../e2e/fake-github.ts'
import { codeOf, messageOf, valueOf } from '../../features/worktrees/testing.ts'
import { tokenVariables } from './forge-environment-rules.ts'
import type { Forge } from './forge.ts'
import { createGithub } from './github.ts'
import { runTool } from './run-tool.ts'

const hasGh = () => {
  // Expects ENOENT: the program is not on this machine.
  try {
    return execFileSync('gh', ['--version']).length > 0
  } catch {
    return false
  }
}

let folder: string
let fake: FakeGithub
let github: Forge
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-gh-'))
  fake = await createFakeGithub(folder)
  const person = { PATH: process.env['PATH'] ?? '', HOME: folder, ...fake.env }
  github = createGithub({ person: () => Promise.resolve(person), folder, run: runTool })
})
afterEach(async () => {
  await fake[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const at = { host: 'github.com', repository: 'acme/app' }
const wish = {
  branch: 'switchyard/fix',
  base: 'main',
  title: '--title "$(id)"',
  body: 'Line\n`x` $(id)',
  isDraft: true,
}
const said = { id: 1, user: { login: 'eve' }, html_url: 'https://github.com/acme/app/pull/7#x' }
const createdAt = { created_at: '2026-01-02T03:04:05Z' }

// A machine without gh skips these and says so; the words of refusals are tested without it.
it.skipIf(!hasGh())('makes a pull request by the real gh, whatever its title is, and finds it again', async () => {
  expect(valueOf(await github.find(at, wish.branch))).toBeNull()
  const number = valueOf(await github.create(at, wish))
  expect(fake.pulls).toMatchObject([{ title: wish.title, body: wish.body, base: 'main', draft: true }])
  expect(valueOf(await github.find(at, wish.branch))).toBe(number)
  const twice = await github.create(at, wish)
  expect([codeOf(twice), messageOf(twice)]).toEqual([
    'FORGE_REFUSED',
    'github.com refused it: A pull request already exists for acme:switchyard/fix.',
  ])
  expect(fake.asked.every((line) => line.includes(' api.github.com /repos/acme/app/'))).toBe(true)
})

it.skipIf(!hasGh())('reads a pull request by the real gh, with its checks and what was said', async () => {
  const number = valueOf(await github.create(at, wish))
  fake.checkRuns.push(
    { name: 'build', status: 'completed', conclusion: 'failure', html_url: 'https://github.com/acme/app/runs/1' },
    { name: 'lint', status: 'in_progress', conclusion: null, html_url: 'https://evil.example/' },
  )
  fake.statuses.push({ context: 'cla', state: 'success', target_url: null })
  fake.lineComments.push({ ...said, ...createdAt, body: 'Why?', path: 'src/a.ts', line: 12, original_line: 9 })
  fake.reviews.push(
    { ...said, body: '', state: 'COMMENTED', submitted_at: '2026-01-02T03:04:04Z' },
    { ...said, body: 'Not yet', state: 'CHANGES_REQUESTED', submitted_at: '2026-01-02T03:04:06Z' },
  )
  fake.comments.push({ ...said, ...createdAt, user: null, body: 'x'.repeat(9000) })
  const pull = valueOf(await github.read(at, number))
  expect(pull).toMatchObject({ number, state: 'draft', head: 'a'.repeat(40), base: 'main' })
  expect(pull.checks).toEqual([
    { name: 'build', state: 'failed', url: 'https://github.com/acme/app/runs/1' },
    { name: 'lint', state: 'pending', url: null },
    { name: 'cla', state: 'passed', url: null },
  ])
  expect(pull.comments.map(({ key, author, path, line, body }) => [key, author, path, line, body.length])).toEqual([
    ['line:1', 'eve', 'src/a.ts', 12, 4],
    ['comment:1', 'somebody who is gone', null, null, 8000],
    ['review:1', 'eve', null, null, 'Asks for changes.\n\nNot yet'.length],
  ])
})

it.skipIf(!hasGh())('says in words what stands in the way', async () => {
  const ask = async (status: number, message: string) => {
    fake.refusal = { status, message }
    const result = await github.find(at, 'x')
    return [codeOf(result), messageOf(result)]
  }
  expect(await ask(401, 'Bad credentials')).toEqual([
    'NOT_LOGGED_IN',
    'gh is not logged in to github.com. Run this in a terminal: gh auth login --hostname github.com',
  ])
  expect((await ask(403, 'API rate limit exceeded for user'))[0]).toBe('RATE_LIMITED')
  expect((await ask(404, 'Not Found'))[0]).toBe('FORGE_REFUSED')
  fake.refusal = null
  fake.pulls.length = 0
  expect(codeOf(await github.read(at, 3))).toBe('FORGE_REFUSED')
})

it('says what to install where there is no gh', async () => {
  const none = createGithub({ person: () => Promise.resolve({ PATH: folder }), folder, run: runTool })
  const answer = await none.find(at, 'x')
  expect([codeOf(answer), messageOf(answer)]).toEqual(['NO_TOOL', expect.stringContaining('Install gh')])
})

it('sends no token to a host that a repository made up', () => {
  const person = { GH_HOST: 'git.acme.com', GH_ENTERPRISE_TOKEN: 'secret', GITLAB_TOKEN: 'secret' }
  expect(tokenVariables('github', 'github.evil.example', person)).toEqual(['GH_TOKEN', 'GITHUB_TOKEN'])
  expect(tokenVariables('github', 'git.acme.com', person)).toContain('GH_ENTERPRISE_TOKEN')
  expect(tokenVariables('gitlab', 'gitlab.evil.example', person)).toEqual([])
  expect(tokenVariables('gitlab', 'gitlab.com', person)).toContain('GITLAB_TOKEN')
  expect(tokenVariables('gitlab', 'gl.acme.com', { GITLAB_HOST: 'https://gl.acme.com' })).toContain('GITLAB_TOKEN')
})
