import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, stat, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readGitFolder } from './changed-repository/testing.ts'
import { listTree } from './git-objects.ts'
import { withScratch } from './predict-conflicts.ts'
import type { Git, GitRequest } from './run-git.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { createStoreTrees, type WorktreeTrees } from './worktree-trees.ts'

let lab: GitLab
let [cwd, objects] = ['', '']
let git: Git
let runs: GitRequest[] = []
let storeTrees = createStoreTrees()
let count = 0
beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())
beforeEach(async () => {
  await use(await lab.createRepository(`trees-${(count += 1)}`))
})

const use = async (path: string): Promise<void> => {
  cwd = path
  objects = `${cwd}-objects`
  await mkdir(objects)
  runs = []
  const counted: Git = { ...lab.git, run: (request) => (runs.push(request), lab.git.run(request)) }
  git = withScratch(counted, { folder: objects, commonDir: join(cwd, '.git') })
  storeTrees = createStoreTrees()
}
const store = (): Promise<WorktreeTrees> =>
  storeTrees(git, { cwd, gitDir: join(cwd, '.git'), stateFolder: `${cwd}-state` })
const write = (name: string, text: string) => lab.write(join(cwd, name), text)
const plain = (...args: string[]) => lab.plain(cwd, ...args)
/** The entries of a tree: "100644 path". */
const filesOf = async (tree: string) =>
  (await listTree(git, cwd, tree)).map(({ mode, rawPath }) => `${mode} ${rawPath}`)
const textAt = async (tree: string, path: string) =>
  (await git.run({ cwd, args: ['cat-file', 'blob', `${tree}:${path}`], access: 'read' })).stdout.toString()

test('only what changed since the last time is hashed, and what was put back is the same tree again', async () => {
  await write('a.txt', 'one\n')
  await write('b.txt', 'two\n')
  const first = await store()
  const hashed = () =>
    runs.flatMap(({ args, stdin }) => (args[0] === 'update-index' && args.includes('--add') ? [String(stdin)] : []))
  expect(hashed()).toEqual(['a.txt\0b.txt\0'])
  expect(first.storedBytes).toBe(8)
  expect(await store()).toEqual({ ...first, storedBytes: 0 })
  await write('b.txt', 'three\n')
  const second = await store()
  expect(second.work).not.toBe(first.work)
  await write('b.txt', 'two\n')
  expect((await store()).work).toBe(first.work)
  expect(hashed()).toEqual(['a.txt\0b.txt\0', 'b.txt\0', 'b.txt\0'])
  await rm(join(cwd, 'a.txt'))
  expect(await filesOf((await store()).work)).toEqual(['100644 b.txt', '100644 readme.md'])
})

test('ignored files count when they are tracked, and from then on when they are', async () => {
  await write('.gitignore', '*.log\n')
  await write('a.log', 'log\n')
  expect(await filesOf((await store()).work)).toEqual(['100644 .gitignore', '100644 readme.md'])
  await plain('add', '--force', 'a.log')
  expect(await filesOf((await store()).work)).toContain('100644 a.log')
  await plain('rm', '--quiet', '--cached', 'a.log')
  expect(await filesOf((await store()).work)).not.toContain('100644 a.log')
})

test('a conflict has a tree all the same: their own side staged, the marks in the file', async () => {
  await write('kept.txt', 'kept\n')
  await write('gone.txt', 'base\n')
  await lab.commitAll(cwd, 'base')
  await plain('switch', '--quiet', '-c', 'theirs')
  await write('readme.md', 'theirs\n')
  await write('gone.txt', 'theirs\n')
  await lab.commitAll(cwd, 'theirs')
  await plain('switch', '--quiet', 'main')
  await write('readme.md', 'ours\n')
  await rm(join(cwd, 'gone.txt'))
  await lab.commitAll(cwd, 'ours')
  await plain('merge', 'theirs').catch(() => undefined)
  const before = await readGitFolder(join(cwd, '.git'))
  const { index, work, unmerged } = await store()
  expect(unmerged).toEqual(['gone.txt', 'readme.md'])
  expect(await textAt(index, 'readme.md')).toBe('ours\n')
  expect(await textAt(work, 'readme.md')).toContain('<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> theirs\n')
  expect(await filesOf(index)).toEqual(['100644 kept.txt', '100644 readme.md'])
  expect(await filesOf(work)).toEqual(['100644 gone.txt', '100644 kept.txt', '100644 readme.md'])
  expect(await readGitFolder(join(cwd, '.git'))).toBe(before)
})

test('files that git was told to overlook are seen, and those left out on purpose are not deleted', async () => {
  for (const name of ['assumed.txt', 'skipped.txt', 'sparse.txt']) await write(name, 'old\n')
  await lab.commitAll(cwd, 'files')
  await plain('update-index', '--assume-unchanged', 'assumed.txt')
  await plain('update-index', '--skip-worktree', 'skipped.txt', 'sparse.txt')
  await write('assumed.txt', 'new\n')
  await write('skipped.txt', 'new\n')
  await rm(join(cwd, 'sparse.txt'))
  const { work } = await store()
  expect(await textAt(work, 'assumed.txt')).toBe('new\n')
  expect(await textAt(work, 'skipped.txt')).toBe('new\n')
  expect(await textAt(work, 'sparse.txt')).toBe('old\n')
  expect(await plain('ls-files', '-v', 'assumed.txt', 'skipped.txt')).toBe('h assumed.txt\nS skipped.txt')
})

test('repositories inside are commits, and what cannot be read is named without holding up the others', async () => {
  const inner = await lab.createRepository(`${cwd.split('/').at(-1)}/inner`)
  const sha = await lab.plain(inner, 'rev-parse', 'HEAD')
  await mkdir(join(cwd, 'empty'))
  await lab.plain(join(cwd, 'empty'), 'init', '--quiet')
  await write('empty/inside.txt', 'x\n')
  await rm(join(cwd, 'readme.md'))
  await promisify(execFile)('mkfifo', [join(cwd, 'readme.md')])
  for (let number = 0; number < 9; number++) await write(`file-${number}.txt`, 'x\n')
  const { work, unread } = await store()
  expect(unread).toEqual(['empty'])
  const files = await filesOf(work)
  expect(files).toHaveLength(10)
  expect(files).toContain('160000 inner')
  expect((await listTree(git, cwd, work)).find(({ rawPath }) => rawPath === 'inner')?.oid).toBe(sha)
})

test('files over 50 MB are named and left as they were, new ones out, so that none is stored at each look', async () => {
  await write('tracked.bin', 'small\n')
  await lab.commitAll(cwd, 'a file that grows')
  for (const name of ['tracked.bin', 'new.log']) {
    await write(name, 'x\n')
    await truncate(join(cwd, name), 50 * 1024 * 1024 + 1)
  }
  await write('a.txt', 'one\n')
  const { work, large, unread, storedBytes } = await store()
  expect([large.toSorted(), unread, storedBytes]).toEqual([['new.log', 'tracked.bin'], [], 4])
  expect(await filesOf(work)).toEqual(['100644 a.txt', '100644 readme.md', '100644 tracked.bin'])
  expect(await textAt(work, 'tracked.bin')).toBe('small\n')
  await truncate(join(cwd, 'new.log'), 2)
  await rm(join(cwd, 'tracked.bin'))
  const later = await store()
  expect(later.large).toEqual([])
  expect(await filesOf(later.work)).toEqual(['100644 a.txt', '100644 new.log', '100644 readme.md'])
})

test('a folder in the place of a file, a link in the place of a folder, and back', async () => {
  await write('dir/a.txt', 'a\n')
  await lab.commitAll(cwd, 'dir')
  const before = await store()
  await rm(join(cwd, 'dir'), { recursive: true })
  await symlink('readme.md', join(cwd, 'dir'))
  await rm(join(cwd, 'readme.md'))
  await write('readme.md/inside.txt', 'x\n')
  expect(await filesOf((await store()).work)).toEqual(['120000 dir', '100644 readme.md/inside.txt'])
  await rm(join(cwd, 'dir'))
  await rm(join(cwd, 'readme.md'), { recursive: true })
  await plain('checkout', '--', '.')
  expect((await store()).work).toBe(before.work)
})

test('a locked index, line ends that cannot come back and an index in parts are no hindrance and stay as they are', async () => {
  await plain('config', 'core.safecrlf', 'true')
  await plain('config', 'core.autocrlf', 'input')
  await plain('config', 'core.splitIndex', 'true')
  await write('crlf.txt', 'one\r\ntwo\n')
  await plain('update-index', '--split-index')
  await write('.git/index.lock', '')
  const before = await readGitFolder(join(cwd, '.git'))
  const { work } = await store()
  expect(await textAt(work, 'crlf.txt')).toBe('one\ntwo\n')
  expect(await readGitFolder(join(cwd, '.git'))).toBe(before)
  expect((await readdir(join(cwd, '.git'))).filter((name) => name.startsWith('sharedindex.'))).toHaveLength(1)
})

test('objects that were dropped from between are made again', async () => {
  await write('a.txt', 'one\n')
  const first = await store()
  await rm(objects, { recursive: true })
  await mkdir(objects)
  expect(await store()).toEqual(first)
  expect(await textAt(first.work, 'a.txt')).toBe('one\n')
})

test('without a commit and without an index, and with SHA-256', async () => {
  const empty = join(lab.root, `empty-${count}`)
  await mkdir(empty)
  await lab.plain(empty, 'init', '--quiet', '--object-format=sha256')
  await use(empty)
  const none = await store()
  expect(none).toMatchObject({ unmerged: [], unread: [] })
  expect(none.index).toBe(none.work)
  expect(none.work).toMatch(/^[0-9a-f]{64}$/)
  await write('a.txt', 'one\n')
  expect(await filesOf((await store()).work)).toEqual(['100644 a.txt'])
})

test('the copy of an index is never younger than the index, not by a fraction of a millisecond', async () => {
  await write('a.txt', 'one\n')
  await plain('add', 'a.txt')
  const index = join(cwd, '.git/index')
  // Ends in nine tenths of a millisecond, which rounded would be the next one.
  await promisify(execFile)('touch', ['-d', '2026-01-02T03:04:05.0009', index])
  let copied: bigint | null = null
  const watching: Git = {
    ...git,
    run: async (request) => {
      if (request.indexFile?.endsWith('staged')) copied ??= (await stat(request.indexFile, { bigint: true })).mtimeNs
      return git.run(request)
    },
  }
  await storeTrees(watching, { cwd, gitDir: join(cwd, '.git'), stateFolder: `${cwd}-state` })
  expect(copied).not.toBeNull()
  expect(copied).toBeLessThan((await stat(index, { bigint: true })).mtimeNs)
})
