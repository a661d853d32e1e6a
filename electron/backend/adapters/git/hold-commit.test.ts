import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dropHeldCommit, holdCommit, readHeldCommit } from './hold-commit.ts'
import { createGitLab, type GitLab } from './testing.ts'

let lab: GitLab
let repo: string
let first: string
let second: string
let folder: string
beforeAll(async () => {
  lab = await createGitLab()
  repo = await lab.createRepository('app')
  await lab.write(join(repo, '.gitignore'), 'installed\n')
  await lab.write(join(repo, 'old.txt'), 'old\n')
  first = await lab.commitAll(repo, 'first')
  await lab.plain(repo, 'rm', '-q', 'old.txt')
  await lab.write(join(repo, 'new.txt'), 'new\n')
  second = await lab.commitAll(repo, 'second')
  folder = join(lab.root, 'held', 'one')
})
afterAll(() => lab[Symbol.asyncDispose]())

const hold = (commit: string) => holdCommit(lab.git, { cwd: repo, commonDir: join(repo, '.git'), path: folder, commit })
const held = () => readHeldCommit(lab.git, { commonDir: join(repo, '.git'), path: folder })
const inside = (...args: string[]) => lab.plain(folder, ...args)

/** Exactly the commit: its files as they are in it, and no others but ignored ones. */
const expectHeld = async (commit: string) => {
  expect(await held()).toBe(commit)
  expect(await inside('rev-parse', '--symbolic-full-name', 'HEAD')).toBe('HEAD')
  expect(await inside('status', '--porcelain')).toBe('')
  expect(await inside('ls-files', '-v')).not.toMatch(/^[a-zS] /m)
  expect(await readFile(join(folder, 'readme.md'), 'utf8')).toBe('hello\n')
}

it('makes the folder a worktree that is on no branch and that nobody prunes', async () => {
  await hold(first)
  await expectHeld(first)
  expect(await lab.plain(repo, 'worktree', 'list', '--porcelain')).toMatch(/detached\nlocked Switchyard/)
})

it('goes from one commit to the other, and keeps what is ignored', async () => {
  await hold(first)
  await lab.write(join(folder, 'installed/module'), 'kept\n')
  await hold(second)
  await expectHeld(second)
  expect(await readFile(join(folder, 'installed/module'), 'utf8')).toBe('kept\n')
  await hold(first)
  expect(await readFile(join(folder, 'old.txt'), 'utf8')).toBe('old\n')
})

it.each<readonly [string, () => Promise<unknown>]>([
  [
    'files that were changed, staged or added',
    async () => {
      await writeFile(join(folder, 'readme.md'), 'changed\n')
      await lab.write(join(folder, 'left/over'), 'x')
      await inside('add', '--all')
      await lab.write(join(folder, 'untracked'), 'x')
    },
  ],
  [
    'a change of the same size that the index is told not to see',
    async () => {
      await writeFile(join(folder, 'readme.md'), 'HELLO\n')
      await inside('update-index', '--assume-unchanged', 'readme.md')
    },
  ],
  [
    'a file that the index is told to skip',
    async () => {
      await inside('update-index', '--skip-worktree', 'readme.md')
      await rm(join(folder, 'readme.md'))
    },
  ],
  [
    'a repository within',
    async () => {
      await mkdir(join(folder, 'nested'))
      await lab.plain(join(folder, 'nested'), 'init', '-q')
    },
  ],
  [
    'a merge half done',
    async () => {
      await inside('merge', '-q', '--no-commit', '--no-ff', second)
    },
  ],
  [
    'a lock that a killed git left',
    async () => {
      await writeFile(join(await inside('rev-parse', '--absolute-git-dir'), 'index.lock'), '')
    },
  ],
  ['a folder that is gone', () => rm(folder, { recursive: true })],
  [
    'a link that leads elsewhere',
    async () => {
      const other = await lab.createRepository(`other-${Date.now()}`)
      await rm(join(folder, '.git'))
      await writeFile(join(folder, '.git'), `gitdir: ${join(other, '.git')}\n`)
    },
  ],
  [
    'a registration that is gone',
    async () => {
      await lab.plain(repo, 'worktree', 'unlock', folder)
      await lab.plain(repo, 'worktree', 'remove', '--force', folder)
      await lab.write(join(folder, 'left'), 'x')
    },
  ],
])('ends with the commit alone, whatever is found: %s', async (_what, spoil) => {
  await hold(first)
  await spoil()
  await hold(first)
  await expectHeld(first)
})

it('moves no branch that a program checked out there', async () => {
  await hold(first)
  await lab.plain(repo, 'branch', '-f', 'theirs', second)
  await inside('checkout', '-q', 'theirs')
  await hold(first)
  expect(await lab.plain(repo, 'rev-parse', 'theirs')).toBe(second)
  await expectHeld(first)
})

it('runs no hook and no filter of the repository', async () => {
  const canary = join(lab.root, 'canary')
  for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction']) {
    const path = join(repo, '.git/hooks', hook)
    await lab.write(path, `#!/bin/sh\necho ${hook} >> ${canary}\n`)
    await chmod(path, 0o755)
  }
  await lab.plain(repo, 'config', 'filter.evil.smudge', `sh -c 'echo smudge >> ${canary}; cat'`)
  await lab.write(join(repo, '.git/info/attributes'), '* filter=evil\n')
  await dropHeldCommit(lab.git, { cwd: repo, path: folder })
  await hold(first)
  await hold(second)
  await expect(readFile(canary, 'utf8')).rejects.toThrow('ENOENT')
  await rm(join(repo, '.git/hooks'), { recursive: true })
  await rm(join(repo, '.git/info/attributes'))
})

it('is taken away with its registration, also when there is nothing', async () => {
  await hold(first)
  await dropHeldCommit(lab.git, { cwd: repo, path: folder })
  await dropHeldCommit(lab.git, { cwd: repo, path: folder })
  expect(await held()).toBeNull()
  expect((await lab.plain(repo, 'worktree', 'list')).split('\n')).toHaveLength(1)
})
