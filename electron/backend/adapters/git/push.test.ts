import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pushBranch, readPush, readPushUrl, type PushResult } from './push.ts'
import { createGitLab, type GitLab } from './testing.ts'

let lab: GitLab
let repo: string
let bare: string
beforeEach(async () => {
  lab = await createGitLab()
  repo = await lab.createRepository('repo')
  bare = join(lab.root, 'bare.git')
  await lab.plain(lab.root, 'init', '-q', '--bare', '--initial-branch=main', bare)
  await lab.plain(repo, 'remote', 'add', 'origin', bare)
})
afterEach(() => lab[Symbol.asyncDispose]())

const commit = async (text: string): Promise<string> => {
  await lab.write(join(repo, 'file.txt'), text)
  return lab.commitAll(repo, text)
}
const push = (sha: string, more: Partial<Parameters<typeof pushBranch>[1]> = {}): Promise<PushResult> =>
  pushBranch(lab.git, { cwd: repo, remote: 'origin', sha, branch: 'work', replaces: null, budgetMs: 60_000, ...more })
const there = (ref = 'refs/heads/work'): Promise<string> => lab.plain(bare, 'rev-parse', ref)
const hook = async (folder: string, name: string, script: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
}
const refused = (why: string, reason: unknown = expect.any(String)) => ({ kind: 'refused', why, reason })

describe('a push', () => {
  it('brings one commit to one branch, and says what was there before', async () => {
    const first = await commit('one')
    expect(await push(first)).toEqual({ kind: 'pushed', before: null })
    const second = await commit('two')
    const again = await push(second)
    expect(again.kind === 'pushed' && again.before !== null && first.startsWith(again.before)).toBe(true)
    expect(await push(second)).toEqual({ kind: 'up-to-date' })
    expect(await there()).toBe(second)
    expect(await lab.plain(bare, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/work')
    expect(await lab.plain(repo, 'rev-parse', 'refs/remotes/origin/work')).toBe(second)
  })

  it('follows neither refspecs nor wishes of the repository’s configuration, and runs none of its hooks', async () => {
    const canary = join(lab.root, 'canary')
    await hook(join(repo, '.git', 'hooks'), 'pre-push', `touch ${canary}`)
    await hook(join(lab.root, 'evil'), 'pack', `touch ${canary}; exec git-receive-pack "$@"`)
    await lab.plain(repo, 'tag', '-a', '-m', 'x', 'v1')
    for (const [name, value] of [
      ['remote.origin.push', '+refs/heads/*:refs/heads/*'],
      ['remote.origin.mirror', 'true'],
      ['push.followTags', 'true'],
      ['push.pushOption', 'x'],
      ['core.hooksPath', join(repo, '.git', 'hooks')],
    ] as const)
      await lab.plain(repo, 'config', name, value)
    const sha = await commit('one')
    expect(await push(sha)).toEqual({ kind: 'pushed', before: null })
    expect(await lab.plain(bare, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/work')
    await lab.plain(repo, 'config', 'remote.origin.receivepack', join(lab.root, 'evil', 'pack'))
    // With a program of the repository's own, only the web is left to push to.
    expect(await push(await commit('two'))).toMatchObject({ kind: 'refused' })
    await expect(access(canary)).rejects.toThrow()
  })

  it('never takes commits of others away', async () => {
    const base = await lab.plain(repo, 'rev-parse', 'HEAD')
    const theirs = await commit('theirs')
    await push(theirs)
    await lab.plain(repo, 'reset', '-q', '--hard', base)
    const mine = await commit('mine')
    expect(await push(mine)).toEqual(refused('non-fast-forward'))
    expect(await there()).toBe(theirs)
  })

  it('replaces what the person saw there, and nothing that came after', async () => {
    const base = await lab.plain(repo, 'rev-parse', 'HEAD')
    const seen = await commit('seen')
    await push(seen)
    const later = await commit('later')
    await push(later)
    await lab.plain(repo, 'reset', '-q', '--hard', base)
    const mine = await commit('mine')
    expect(await push(mine, { replaces: seen })).toEqual(refused('moved'))
    expect(await there()).toBe(later)
    expect(await push(mine, { replaces: later })).toMatchObject({ kind: 'pushed' })
    expect(await there()).toBe(mine)
  })

  it('tells what a hook of the remote said', async () => {
    await hook(join(bare, 'hooks'), 'pre-receive', 'echo "Only on Mondays." >&2; exit 1')
    expect(await push(await commit('one'))).toEqual(refused('declined', 'pre-receive hook declined: Only on Mondays.'))
  })

  it('says that the remote is gone', async () => {
    await rm(bare, { recursive: true })
    expect(await push(await commit('one'))).toEqual(refused('unreachable'))
  })

  it('ends when it takes too long, or is cancelled', async () => {
    const done = join(lab.root, 'done')
    await hook(
      join(bare, 'hooks'),
      'pre-receive',
      `while [ -d ${bare} ] && [ ! -e ${done} ]; do sleep 0.05; done; exit 1`,
    )
    const sha = await commit('one')
    expect(await push(sha, { budgetMs: 300 })).toEqual({ kind: 'too-slow' })
    await writeFile(done, '')
    expect(await push(sha, { signal: AbortSignal.abort() })).toEqual({ kind: 'cancelled' })
  })
})

describe('where a push would go', () => {
  it('is told after every rewriting rule, for one place alone', async () => {
    expect(await readPushUrl(lab.git, repo, 'origin')).toBe(bare)
    await lab.plain(repo, 'config', 'remote.origin.pushurl', 'https://example.com/a/b')
    await lab.plain(repo, 'config', 'url.https://evil.example/.pushInsteadOf', 'https://example.com/')
    await lab.plain(repo, 'config', 'url.https://other.example/.insteadOf', 'https://example.com/')
    expect(await readPushUrl(lab.git, repo, 'origin')).toBe('https://other.example/a/b')
    await lab.plain(repo, 'config', '--add', 'remote.origin.pushurl', 'https://example.com/c/d')
    expect(await readPushUrl(lab.git, repo, 'origin')).toBeNull()
    expect(await readPushUrl(lab.git, repo, 'nothing')).toBeNull()
  })
})

it.each([
  ["fatal: could not read Username for 'https://github.com': terminal prompts disabled", 'login'],
  ['git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'login'],
  [
    'remote: Permission to a/b.git denied to x.\nfatal: unable to access: The requested URL returned error: 403',
    'login',
  ],
  ['ssh: Could not resolve hostname nowhere: Name or service not known', 'unreachable'],
  ['fatal: something new', 'other'],
])('%#: what git says without a line for the branch', (stderr, why) => {
  expect(readPush({ exitCode: 128, stdout: '', stderr }, 'refs/heads/work')).toMatchObject(refused(why))
})

it('knows a protected branch by what GitHub says', () => {
  const stdout = 'To x\n!\tabc:refs/heads/work\t[remote rejected] (protected branch hook declined)\nDone\n'
  const stderr = 'remote: error: GH006: Protected branch update failed for refs/heads/work.\n'
  expect(readPush({ exitCode: 1, stdout, stderr }, 'refs/heads/work')).toEqual(
    refused(
      'protected',
      'protected branch hook declined: error: GH006: Protected branch update failed for refs/heads/work.',
    ),
  )
})
