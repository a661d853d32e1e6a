import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCheckoutMark } from './checkout-mark.ts'
import { createGitLab, type GitLab } from './testing.ts'

let lab: GitLab
let repo: string
let tree: string
beforeEach(async () => {
  lab = await createGitLab()
  repo = await lab.createRepository('app')
  tree = join(lab.root, 'tree')
  await lab.plain(repo, 'worktree', 'add', '-q', '-b', 'work', tree)
})
afterEach(() => lab[Symbol.asyncDispose]())
const git = (...args: string[]) => lab.plain(tree, ...args)

/** Whether the mark of the worktree differs after something. */
const changes = async (act: () => Promise<unknown>): Promise<boolean> => {
  const before = await readCheckoutMark(tree)
  expect(before).not.toBeNull()
  await act()
  return (await readCheckoutMark(tree)) !== before
}

test('is the same while only files change', async () => {
  expect(await changes(() => writeFile(join(tree, 'readme.md'), 'other\n'))).toBe(false)
  expect(await changes(() => writeFile(join(tree, 'new.md'), 'new\n'))).toBe(false)
  expect(await changes(() => lab.commitAll(repo, 'elsewhere'))).toBe(false)
})

test('differs after each way to another commit, branch or index', async () => {
  await writeFile(join(tree, 'readme.md'), 'other\n')
  expect(await changes(() => git('add', 'readme.md'))).toBe(true)
  expect(await changes(() => git('commit', '-qm', 'work'))).toBe(true)
  expect(await changes(() => git('switch', '-q', '-c', 'next'))).toBe(true)
  expect(await changes(() => git('switch', '-q', '--detach'))).toBe(true)
  expect(await changes(() => git('reset', '-q', '--soft', 'HEAD~1'))).toBe(true)
  await git('switch', '-q', 'work')
  expect(await changes(() => git('rm', '-q', '--cached', 'readme.md'))).toBe(true)
})

test('a branch that is moved from elsewhere is noticed, packed or not', async () => {
  const commit = await lab.commitAll(repo, 'elsewhere')
  expect(await changes(() => lab.plain(repo, 'update-ref', 'refs/heads/work', commit))).toBe(true)
  expect(await changes(() => lab.plain(repo, 'pack-refs', '--all', '--prune'))).toBe(true)
  expect(await changes(() => lab.plain(repo, 'update-ref', 'refs/heads/work', `${commit}~1`))).toBe(true)
})

test('says nothing where files do not tell', async () => {
  await lab.plain(repo, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/main')
  await git('symbolic-ref', 'HEAD', 'refs/heads/alias')
  expect(await readCheckoutMark(tree)).toBeNull()
  await git('symbolic-ref', 'HEAD', 'refs/heads/unborn')
  expect(await readCheckoutMark(tree)).toBeNull()
  expect(await readCheckoutMark(lab.root)).toBeNull()
  await rm(join(tree, '.git'))
  expect(await readCheckoutMark(tree)).toBeNull()
})
