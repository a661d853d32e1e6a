import { utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createReviewLab, inWords, type ReviewLab } from '../../testing/review-lab.ts'

let lab: ReviewLab

beforeEach(async () => {
  lab = await createReviewLab(async ({ lab: { write, commitAll }, repo }) => {
    await write(join(repo, 'limits.txt'), 'limit 10\n')
    await commitAll(repo, 'files')
  })
})
afterEach(() => lab[Symbol.asyncDispose]())

test('a file written again as long as before is seen, also in the second in which it was staged', async () => {
  const { path } = lab.worktree
  const index = resolve(path, await lab.git('rev-parse', '--git-path', 'index'))
  const second = Math.floor(Date.now() / 1_000) - 5
  // The one time of a file that nobody can set is left out, so that all that is left is what the index says.
  await lab.git('config', 'core.trustctime', 'false')
  await lab.write('limits.txt', 'limit 20\n')
  await utimes(join(path, 'limits.txt'), second, second)
  await lab.git('add', 'limits.txt')
  await utimes(index, second, second)
  await lab.write('limits.txt', 'limit 30\n')
  await utimes(join(path, 'limits.txt'), second, second)
  expect(inWords(await lab.open('unstaged'))).toEqual(['modified limits.txt +1 −1 [staged unstaged]'])
})
