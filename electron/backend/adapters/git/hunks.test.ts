import { chmod, mkdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readDiffNumbersFrom } from './diff-numbers.ts'
import { parseHunks, readHunks } from './hunks.ts'
import { findIgnored, listIgnoredFolders } from './ignored-files.ts'
import { readCommitFiles, storeWorkingFiles, withScratch } from './predict-conflicts.ts'
import { listStagedPaths } from './staged-paths.ts'
import { createGitLab, type GitLab } from './testing.ts'

let lab: GitLab
let repo: string
let count = 0
const ten = Array.from({ length: 10 }, (_, n) => `line ${n + 1}\n`)
const withLine = (at: number, text: string): string => ten.with(at - 1, text).join('')

beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())
beforeEach(async () => {
  repo = await lab.createRepository(`hunks-${count++}`)
  await lab.write(join(repo, 'a.txt'), ten.join(''))
  await lab.write(join(repo, 'b.txt'), ten.join(''))
  await lab.commitAll(repo, 'ten lines')
})

/** What the working files differ from the last commit, by their stored contents. */
const hunksOf = async (...paths: string[]) => {
  const scratch = { folder: join(lab.root, `scratch-${count}`), commonDir: join(repo, '.git') }
  await mkdir(scratch.folder, { recursive: true })
  const scratched = withScratch(lab.git, scratch)
  const rawPaths = paths.map((path) => Buffer.from(path).toString('latin1'))
  const before = await readCommitFiles(lab.git, repo, 'HEAD', paths)
  const after = await storeWorkingFiles(scratched, repo, rawPaths)
  return Object.fromEntries(await readHunks(scratched, repo, scratch.folder, [before, after]))
}

test('tells which lines of the base were replaced, removed and inserted, by file', async () => {
  await lab.write(join(repo, 'a.txt'), ten.with(1, 'two\n').with(8, '').toSpliced(5, 0, 'new\nnewer\n').join(''))
  await lab.write(join(repo, 'b.txt'), withLine(10, '@@ -1,2 +3,4 @@\ndiff --git a/x b/x\n:100644 100644 a b M\n'))
  expect(await hunksOf('a.txt', 'b.txt', 'readme.md')).toEqual({
    'a.txt': [
      { start: 2, lines: 1, newLines: 1 },
      { start: 5, lines: 0, newLines: 2 },
      { start: 9, lines: 1, newLines: 0 },
    ],
    'b.txt': [{ start: 10, lines: 1, newLines: 3 }],
  })
})

test('a repository cannot bend the hunks by its settings or attributes', async () => {
  for (const [name, value] of [
    ['diff.interHunkContext', '100'],
    ['diff.context', '50'],
    ['color.diff', 'always'],
    ['diff.noprefix', 'true'],
    ['diff.renames', 'copies'],
    ['diff.submodule', 'log'],
  ] as const)
    await lab.plain(repo, 'config', name, value)
  await lab.write(join(repo, 'a.txt'), ten.with(1, 'two\n').with(5, 'six\n').join(''))
  expect((await hunksOf('a.txt'))['a.txt']?.map(({ start }) => start)).toEqual([2, 6])
})

test('deleted, added, renamed, binary, linked and re-moded files, and a conflict, stay apart', async () => {
  await rm(join(repo, 'a.txt'))
  await rename(join(repo, 'b.txt'), join(repo, 'moved.txt'))
  await chmod(join(repo, 'readme.md'), 0o755)
  await lab.plain(repo, 'add', '--all')
  await lab.write(join(repo, 'bin'), new Uint8Array([0, 1, 2]))
  await lab.plain(repo, 'add', 'bin')
  expect(await hunksOf('a.txt', 'b.txt', 'moved.txt', 'readme.md', 'bin')).toEqual({
    'a.txt': [{ start: 1, lines: 10, newLines: 0 }],
    'b.txt': [{ start: 1, lines: 10, newLines: 0 }],
    'moved.txt': [{ start: 0, lines: 0, newLines: 10 }],
    'readme.md': [],
    bin: [],
  })
})

test('a file that became a link keeps the patches of later files in step', async () => {
  await rm(join(repo, 'a.txt'))
  await symlink('readme.md', join(repo, 'a.txt'))
  await lab.write(join(repo, 'b.txt'), withLine(4, 'four\n'))
  const found = await hunksOf('a.txt', 'b.txt')
  expect(found['b.txt']).toEqual([{ start: 4, lines: 1, newLines: 1 }])
  expect(found['a.txt']).toHaveLength(2)
})

test('files in conflict are told as they lie there, and those after them are not mixed up', async () => {
  await lab.plain(repo, 'switch', '-q', '-c', 'other')
  await lab.write(join(repo, 'a.txt'), withLine(3, 'theirs\n'))
  await lab.commitAll(repo, 'theirs')
  await lab.plain(repo, 'switch', '-q', 'main')
  await lab.write(join(repo, 'a.txt'), withLine(3, 'ours\n'))
  await lab.commitAll(repo, 'ours')
  await lab.plain(repo, 'merge', 'other').catch(() => undefined)
  await lab.write(join(repo, 'b.txt'), withLine(7, 'seven\n'))
  const found = await hunksOf('a.txt', 'b.txt')
  expect(found['a.txt']).not.toHaveLength(0)
  expect(found['b.txt']).toEqual([{ start: 7, lines: 1, newLines: 1 }])
})

test.each(['naïve café.txt', 'new\nline.txt', 'tab\t"quoted".txt', '-dash.txt', ':(glob)*.txt', '日本語.txt'])(
  'the name %j is one path and no pattern',
  async (name) => {
    await lab.write(join(repo, name), ten.join(''))
    await lab.commitAll(repo, 'name')
    await lab.write(join(repo, name), withLine(2, 'two\n'))
    await lab.write(join(repo, 'a.txt'), withLine(5, 'five\n'))
    const raw = Buffer.from(name).toString('latin1')
    expect(await hunksOf(name)).toEqual({ [raw]: [{ start: 2, lines: 1, newLines: 1 }] })
  },
)

test('nothing asked, nothing told; and an empty answer parses', async () => {
  expect(await readHunks(lab.git, repo, lab.root, [[], []])).toEqual(new Map())
  expect(await hunksOf('a.txt')).toEqual({})
  expect(parseHunks('').size).toBe(0)
})

test('diff numbers name both sides of a rename and can be kept to some paths', async () => {
  await rename(join(repo, 'b.txt'), join(repo, 'moved.txt'))
  await lab.plain(repo, 'add', '--all')
  await lab.write(join(repo, 'a.txt'), withLine(5, 'five\n'))
  const all = await readDiffNumbersFrom(lab.git, repo, 'HEAD', [])
  expect([...all.rawPaths].sort()).toEqual(['a.txt', 'b.txt', 'moved.txt'])
  expect(all).toMatchObject({ added: 1, removed: 1, changedFiles: 2 })
  const some = await readDiffNumbersFrom(lab.git, repo, 'HEAD', [], undefined, ['b.txt', 'moved.txt'])
  expect(some).toMatchObject({ added: 0, removed: 0, changedFiles: 1, rawPaths: ['b.txt', 'moved.txt'] })
})

test('ignored folders are found by their top, and ignored files by name', async () => {
  await lab.write(join(repo, '.gitignore'), 'node_modules/\n*.log\nbuild\n')
  for (const path of ['node_modules/a/b.js', 'pkg/node_modules/c.js', 'build/out.js', 'run.log', 'kept.txt'])
    await lab.write(join(repo, path), 'x')
  await lab.write(join(repo, 'tracked.log'), 'x')
  await lab.plain(repo, 'add', '--force', 'tracked.log')
  const folders = await listIgnoredFolders(lab.git, repo)
  expect([...folders].sort()).toEqual(['build', 'node_modules', 'pkg/node_modules'])
  const asked = ['run.log', 'kept.txt', 'tracked.log', 'build/out.js', 'gone.log', 'node_modules']
  expect(await findIgnored(lab.git, repo, asked)).toEqual(['build/', 'node_modules/', 'run.log'])
  expect(await findIgnored(lab.git, repo, ['kept.txt'])).toEqual([])
  expect(await findIgnored(lab.git, repo, [])).toEqual([])
})

test('staged paths are told without looking at files, and not at all before the first commit', async () => {
  await lab.write(join(repo, 'a.txt'), 'changed\n')
  expect(await listStagedPaths(lab.git, repo)).toEqual([])
  await lab.plain(repo, 'rm', '--cached', '-q', 'b.txt')
  await lab.plain(repo, 'add', 'a.txt')
  expect(await listStagedPaths(lab.git, repo)).toEqual(['a.txt', 'b.txt'])
  await lab.plain(repo, 'symbolic-ref', 'HEAD', 'refs/heads/unborn')
  expect(await listStagedPaths(lab.git, repo)).toBeNull()
})
