import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { readGitFolder } from '../../adapters/git/changed-repository/testing.ts'
import { withScratch } from '../../adapters/git/predict-conflicts.ts'
import type { GitRequest } from '../../adapters/git/run-git.ts'
import { createGitLab, type GitLab } from '../../adapters/git/testing.ts'
import { createTakeSnapshot, type Snapshot } from './take-snapshot.ts'

let lab: GitLab
let cwd = ''
let start = ''
let count = 0
beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())
beforeEach(async () => {
  cwd = await lab.createRepository(`snapshot-${(count += 1)}`)
  start = await plain('rev-parse', 'HEAD')
  await plain('switch', '--quiet', '-c', 'work')
})

const plain = (...args: string[]) => lab.plain(cwd, ...args)
const write = (name: string, text: string) => lab.write(join(cwd, name), text)
const commit = (message: string) => lab.commitAll(cwd, message)
const takeSnapshot = createTakeSnapshot()

/** Of a worktree whose session began at `sha`, with a base of that name. The repository stays as it was. */
const take = async (
  ref: string | null = 'refs/heads/main',
  sha = start,
  onRun: (request: GitRequest) => Promise<void> = async () => undefined,
): Promise<Snapshot> => {
  const objects = `${cwd}-objects`
  await mkdir(objects, { recursive: true })
  const base = ref === null ? null : { ref, sha, fetchedAt: null }
  const over = { ...lab.git, run: async (request: GitRequest) => (await onRun(request), lab.git.run(request)) }
  const git = withScratch(over, { folder: objects, commonDir: join(cwd, '.git') })
  return takeSnapshot({ git, stateFolder: `${cwd}-state` }, { path: cwd, base } as Worktree)
}
const takeUntouched = async (ref?: string | null, sha?: string): Promise<Snapshot> => {
  const before = await readGitFolder(join(cwd, '.git'))
  const snapshot = await take(ref, sha)
  expect(await readGitFolder(join(cwd, '.git'))).toBe(before)
  return snapshot
}
/** A commit on main, made without leaving the branch at hand. */
const moveMain = async (parent: string): Promise<string> => {
  const sha = await plain('commit-tree', '-p', parent, '-m', 'on main', `${parent}^{tree}`)
  await plain('update-ref', 'refs/heads/main', sha)
  return sha
}

test('the base is where the branch left it, and says how far it moved on', async () => {
  await write('a.txt', 'one\n')
  const head = await commit('work')
  expect(await take()).toMatchObject({ head, problem: null, base: { sha: start, mergeBase: start, movedBy: 0 } })
  const moved = await moveMain(await moveMain(start))
  const snapshot = await take()
  expect(snapshot).toMatchObject({ problem: null, base: { sha: moved, mergeBase: start, movedBy: 2 } })
  expect(snapshot.trees.base).toBe(await plain('rev-parse', `${start}^{tree}`))
  await plain('rebase', '--quiet', 'main')
  expect((await take()).base).toMatchObject({ sha: moved, mergeBase: moved, movedBy: 0 })
})

test('a deleted base branch leaves the commit the session began at', async () => {
  await write('a.txt', 'one\n')
  await commit('work')
  await plain('branch', '--quiet', '-D', 'main')
  expect(await takeUntouched()).toMatchObject({
    base: { sha: start, mergeBase: start, movedBy: 0 },
    problem:
      'The base main is not there any more. What is shown is compared with the commit it was at when the session began.',
  })
  const lost = await takeUntouched('refs/remotes/origin/main', '1'.repeat(40))
  expect(lost.base).toBeNull()
  expect(lost.problem).toMatch(/^The base origin\/main and the commit .* Fetch the base again to compare with it\.$/)
  expect(lost.trees.base).toBe(lost.trees.head)
})

test('rewritten history is said, and the work is compared with what it stands on', async () => {
  await write('a.txt', 'one\n')
  const old = await commit('will be thrown away')
  await write('b.txt', 'two\n')
  await commit('work')
  await moveMain(start)
  const snapshot = await takeUntouched('refs/heads/main', old)
  expect(snapshot.base).toMatchObject({ mergeBase: old, movedBy: 1 })
  expect(snapshot.problem).toMatch(/^The history of main was rewritten\. .* rebase onto main /)
  await plain('rebase', '--quiet', '--onto', 'main', old)
  expect((await take('refs/heads/main', old)).problem).toBeNull()
})

test('a base of another history is compared as it was, and no base at all with the last commit', async () => {
  const stranger = await plain('commit-tree', '-m', 'another root', `${start}^{tree}`)
  await plain('update-ref', 'refs/heads/main', stranger)
  const snapshot = await takeUntouched('refs/heads/main', stranger)
  expect(snapshot.base?.mergeBase).toBe(stranger)
  expect(snapshot.problem).toContain('no common history')
  expect(await takeUntouched(null)).toMatchObject({ base: null, problem: null })
  // What another checkout had checked out is no ref here.
  await write('a.txt', 'one\n')
  await commit('work')
  expect((await takeUntouched('HEAD')).base).toMatchObject({ mergeBase: start, movedBy: 0 })
})

const conflict = async (): Promise<void> => {
  await write('readme.md', 'ours\n')
  await commit('ours')
  await plain('switch', '--quiet', 'main')
  await write('readme.md', 'theirs\n')
  await commit('theirs')
  await plain('switch', '--quiet', 'work')
}

test('a merge that is half done says so, until it is finished', async () => {
  await conflict()
  await plain('merge', 'main').catch(() => undefined)
  const snapshot = await takeUntouched()
  expect([...snapshot.unmerged]).toEqual(['readme.md'])
  expect(snapshot.problem).toBe(
    'A merge is half done. One file has conflicts: settle them and stage them with git add. ' +
      'Finish it with git merge --continue or leave it with git merge --abort.',
  )
  await plain('merge', '--abort')
  expect((await take()).problem).toBeNull()
})

test('a rebase, a cherry-pick and a bisect that are half done say so', async () => {
  await conflict()
  await plain('rebase', 'main').catch(() => undefined)
  expect((await takeUntouched()).problem).toMatch(/^A rebase is half done \(1 of 1\)\. .* git rebase --abort\.$/)
  await plain('rebase', '--abort')
  await plain('cherry-pick', 'main').catch(() => undefined)
  expect((await takeUntouched()).problem).toMatch(/^A cherry-pick is half done\. .* git cherry-pick --abort\.$/)
  await plain('cherry-pick', '--abort')
  await plain('bisect', 'start')
  expect((await takeUntouched()).problem).toMatch(/^A bisect is under way, .* git bisect reset\.$/)
})

test('before the first commit everything is new', async () => {
  const empty = `${cwd}-unborn`
  await mkdir(empty)
  cwd = empty
  await plain('init', '--quiet', '--object-format=sha256')
  await write('a.txt', 'one\n')
  const { head, base, trees, problem } = await takeUntouched(null)
  expect({ head, base, problem }).toEqual({ head: null, base: null, problem: null })
  expect(trees.base).toBe(trees.index)
  expect(trees.work).not.toBe(trees.index)
})

test('an agent that commits between two readings makes them be read again', async () => {
  await write('a.txt', 'one\n')
  let isDue = true
  const snapshot = await take('refs/heads/main', start, async ({ args }) => {
    if (!isDue || args[0] !== 'status') return
    isDue = false
    await commit('meanwhile')
  })
  expect(snapshot.head).toBe(await plain('rev-parse', 'HEAD'))
  expect(snapshot.trees.index).toBe(snapshot.trees.head)
})

test('a folder that is no checkout any more fails by itself', async () => {
  await rm(join(cwd, '.git'), { recursive: true })
  await expect(take()).rejects.toThrow('is no checkout')
})
