import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { predictConflicts, readCommitFiles, storeWorkingFiles, withScratch } from './predict-conflicts.ts'
import { createGitLab, type GitLab } from './testing.ts'

let lab: GitLab
let [repo, left, right, scratch] = ['', '', '', '']
let count = 0
const ten = Array.from({ length: 10 }, (_, n) => `line ${n + 1}\n`)
const withLine = (at: number, text: string): string => ten.with(at - 1, text).join('')

beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())
beforeEach(async () => {
  const name = `predict-${count++}`
  repo = await lab.createRepository(name)
  await lab.write(join(repo, '.gitattributes'), '*.crlf text eol=crlf\nall.union merge=union\n')
  for (const file of ['a.txt', 'deep/er/b.txt', 'deep/c.txt', 'deep-er.txt', 'w.crlf', 'all.union'])
    await lab.write(join(repo, file), ten.join(''))
  await lab.commitAll(repo, 'ten lines')
  left = join(lab.root, `${name}-left`)
  right = join(lab.root, `${name}-right`)
  for (const tree of [left, right]) await lab.plain(repo, 'worktree', 'add', '-q', '--detach', tree)
  scratch = join(lab.root, `${name}-scratch`)
  await mkdir(scratch)
})

const predict = async (...paths: string[]) => {
  const git = withScratch(lab.git, { folder: scratch, commonDir: join(repo, '.git') })
  const raw = paths.map((path) => Buffer.from(path).toString('latin1'))
  const base = await readCommitFiles(git, left, 'HEAD', paths)
  const [a, b] = [await storeWorkingFiles(git, left, raw), await storeWorkingFiles(git, right, raw)]
  return predictConflicts(git, left, scratch, { base, a, b })
}

test('one line changed by both conflicts; far lines of one file do not', async () => {
  await lab.write(join(left, 'a.txt'), withLine(2, 'left\n'))
  await lab.write(join(right, 'a.txt'), withLine(2, 'right\n'))
  await lab.write(join(left, 'deep/er/b.txt'), withLine(2, 'left\n'))
  await lab.write(join(right, 'deep/er/b.txt'), withLine(9, 'right\n'))
  await lab.write(join(left, 'deep-er.txt'), withLine(2, 'left\n'))
  await lab.write(join(right, 'deep-er.txt'), withLine(3, 'right\n'))
  expect(await predict('a.txt', 'deep/er/b.txt', 'deep-er.txt', 'deep/c.txt')).toEqual(['a.txt', 'deep-er.txt'])
})

test('the prediction is what a real merge then does', async () => {
  await lab.write(join(left, 'a.txt'), withLine(4, 'left\n'))
  await lab.write(join(right, 'a.txt'), withLine(5, 'right\n'))
  await rm(join(left, 'deep/c.txt'))
  await lab.write(join(right, 'deep/c.txt'), withLine(1, 'right\n'))
  await lab.write(join(left, 'new.txt'), 'left\n')
  await lab.write(join(right, 'new.txt'), 'right\n')
  await lab.write(join(left, 'all.union'), withLine(3, 'left\n'))
  await lab.write(join(right, 'all.union'), withLine(3, 'right\n'))
  const predicted = await predict('a.txt', 'deep/c.txt', 'new.txt', 'all.union')
  await lab.commitAll(left, 'left')
  const theirs = await lab.commitAll(right, 'right')
  await lab.plain(left, 'merge', theirs).catch(() => undefined)
  const real = await lab.plain(left, 'diff', '--name-only', '--diff-filter=U')
  expect(predicted).toEqual([...new Set(real.split('\n'))])
  expect(predicted).toEqual(['a.txt', 'deep/c.txt', 'new.txt'])
})

test('neither index, refs nor objects of the repository are touched', async () => {
  await lab.write(join(left, 'a.txt'), withLine(2, 'left\n'))
  await lab.write(join(right, 'a.txt'), withLine(2, 'right\n'))
  const look = async () => [
    await lab.plain(left, 'status', '--porcelain'),
    await lab.plain(repo, 'for-each-ref'),
    await lab.plain(repo, 'count-objects', '-v'),
  ]
  const before = await look()
  expect(await predict('a.txt')).toEqual(['a.txt'])
  expect(await look()).toEqual(before)
  expect(await readdir(scratch)).not.toHaveLength(0)
})

test('line ends that a commit would make plain are no conflict', async () => {
  const crlf = (text: string) => text.replaceAll('\n', '\r\n')
  await lab.write(join(left, 'w.crlf'), crlf(withLine(2, 'left\n')))
  await lab.write(join(right, 'w.crlf'), crlf(withLine(9, 'right\n')))
  expect(await predict('w.crlf')).toEqual([])
})

test('a link is its target and is not followed', async () => {
  await lab.write(join(lab.root, 'outside.txt'), 'secret\n')
  for (const [tree, target] of [
    [left, join(lab.root, 'outside.txt')],
    [right, 'a.txt'],
  ] as const)
    await symlink(target, join(tree, 'link'))
  const git = withScratch(lab.git, { folder: scratch, commonDir: join(repo, '.git') })
  const [entry] = await storeWorkingFiles(git, left, ['link'])
  expect(entry?.mode).toBe('120000')
  const request = { cwd: left, args: ['cat-file', 'blob', entry?.oid ?? ''], access: 'read' } as const
  expect((await git.run(request)).stdout.toString()).toBe(join(lab.root, 'outside.txt'))
  expect(await predict('link')).toEqual(['link'])
})

test('names with line feeds, quotes and signs of other scripts', async () => {
  const names = ['new\nline', 'q"uote\\', '日本語', '*.txt']
  for (const name of names) {
    await lab.write(join(left, name), 'left\n')
    await lab.write(join(right, name), 'right\n')
  }
  const found = (await predict(...names)) ?? []
  expect(found.map((raw) => Buffer.from(raw, 'latin1').toString()).sort()).toEqual(names.sort())
})

test('nothing to merge is no conflict, and files only one side has are none either', async () => {
  expect(await predict('not-there')).toEqual([])
  await lab.write(join(left, 'only'), 'left\n')
  expect(await predict('only', 'a.txt')).toEqual([])
})
