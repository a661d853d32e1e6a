import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withScratch } from '../../adapters/git/predict-conflicts.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { createGitLab, type GitLab } from '../../adapters/git/testing.ts'
import { createStoredFiles } from './stored-files.ts'

let lab: GitLab
let repo: string
let git: Git
let asked: string[]
/** Added to the time: files grow older at once. */
let laterMs: number
const read = (...names: string[]) => files.read(git, repo, names)
let files: ReturnType<typeof createStoredFiles>
beforeEach(async () => {
  lab = await createGitLab()
  repo = await lab.createRepository('app')
  await mkdir(join(lab.root, 'scratch'))
  asked = []
  laterMs = 60_000
  const scratched = withScratch(lab.git, { folder: join(lab.root, 'scratch'), commonDir: join(repo, '.git') })
  git = {
    ...scratched,
    run: (request) => {
      asked.push(String(request.stdin).replaceAll('\n', ' ').trim())
      return scratched.run(request)
    },
  }
  files = createStoredFiles(() => Date.now() + laterMs)
})
afterEach(() => lab[Symbol.asyncDispose]())
const write = (name: string, text: string) => lab.write(join(repo, name), text)

test('only what changed is read again, and what is known is answered with it', async () => {
  await write('a', 'one\n')
  await write('b', 'two\n')
  const first = await read('a', 'b')
  expect(first.map(({ rawPath }) => rawPath)).toEqual(['a', 'b'])
  expect(await read('a', 'b')).toEqual(first)
  expect(asked).toEqual(['"a" "b"'])
  await write('b', 'six\n')
  const [a, b] = await read('a', 'b')
  expect(asked).toEqual(['"a" "b"', '"b"'])
  expect(a).toEqual(first[0])
  expect(b?.oid).not.toBe(first[1]?.oid)
})

test('a file that is young is read each time, for it may change without a sign', async () => {
  laterMs = 0
  await write('a', 'one\n')
  await read('a')
  await read('a')
  expect(asked).toHaveLength(2)
})

test('what is gone, comes back or becomes a link is told as it is', async () => {
  await write('a', 'one\n')
  const [before] = await read('a', 'never')
  await rm(join(repo, 'a'))
  expect(await read('a', 'never')).toEqual([])
  await symlink('readme.md', join(repo, 'a'))
  expect(await read('a')).toMatchObject([{ mode: '120000', rawPath: 'a' }])
  await rm(join(repo, 'a'))
  await write('a', 'one\n')
  expect(await read('a')).toEqual([before])
})

test('what was forgotten is stored again', async () => {
  await write('a', 'one\n')
  const stored = await read('a')
  files.forget()
  expect(await read('a')).toEqual(stored)
  expect(asked).toHaveLength(2)
})
