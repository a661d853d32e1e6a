import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { readRef } from '../../adapters/git/refs.ts'
import { readRepositoryFeatures, type RepositoryFeatures } from '../../adapters/git/repository-features.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { addWorktree, checkOutWorktree, removeWorktree } from '../../adapters/git/worktree-change.ts'
import { listWorktrees } from '../../adapters/git/worktree-list.ts'

export interface MakeWorktreeInput {
  /** Any checkout of the repository. */
  readonly cwd: string
  /** A folder of our own, of which nothing but this row knows: leftovers in it are ours. */
  readonly path: string
  readonly branch: string
  /** The commit of a branch that is to be made; null for one that exists. */
  readonly newBranchSha: string | null
}

export type MadeWorktree =
  | { readonly kind: 'made'; readonly features: RepositoryFeatures; readonly wasLfsSkipped: boolean }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Makes a worktree, or finishes making it: killed at any point and called again, it ends in the same single worktree.
 * A branch of the wanted name that starts elsewhere is somebody else's and is refused, never moved.
 */
export async function makeWorktree(git: Git, input: MakeWorktreeInput): Promise<MadeWorktree> {
  for (let tries = 1; ; tries += 1) {
    const made = await makeOnce(git, input).catch((error: unknown) => {
      if (tries < mostTries && isHalfWritten(error)) return null
      throw error
    })
    if (made !== null) return made
    await wait(againMs)
  }
}

/** A git that an app left behind when it was killed still works for milliseconds, seconds on a busy machine. */
const mostTries = 60
const againMs = 50

/** git reads the registrations of all worktrees, also one that another git is just writing, and gives up on that. */
const isHalfWritten = (error: unknown): boolean =>
  error instanceof GitError && /failed to read .*worktrees\/.*commondir/.test(error.stderr)

async function makeOnce(git: Git, input: MakeWorktreeInput): Promise<MadeWorktree> {
  const { cwd, path, branch } = input
  const listed = await listWorktrees(git, cwd)
  const elsewhere = listed.find((worktree) => worktree.branch === branch && worktree.path !== path)
  if (elsewhere) {
    return {
      kind: 'refused',
      message: `The branch ${branch} is checked out in ${elsewhere.path}. Free it there and retry, or start with another branch.`,
    }
  }
  const own = listed.find((worktree) => worktree.path === path)
  const isWhole = own?.branch === branch && own.locked === null && (await findGitDir(path)) !== null
  if (!isWhole) {
    // What a killed git left: half a folder, or a registration that is still locked as "initializing".
    await rm(path, { recursive: true, force: true })
    if (own) await removeWorktree(git, cwd, path)
    const problem = await add(git, input)
    if (problem !== null) return { kind: 'refused', message: problem }
  }
  return { kind: 'made', ...(await checkOut(git, path)) }
}

async function add(git: Git, { cwd, path, branch, newBranchSha }: MakeWorktreeInput): Promise<string | null> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const current = await readRef(git, cwd, `refs/heads/${branch}`)
  if (current === null && newBranchSha === null) return `The branch ${branch} is gone. Start with another one.`
  if (current === null && newBranchSha !== null) {
    await addWorktree(git, cwd, path, { kind: 'new-branch', branch, sha: newBranchSha })
    return null
  }
  if (newBranchSha !== null && current !== newBranchSha) {
    return `A branch ${branch} appeared meanwhile and holds other work. Start with another name.`
  }
  await addWorktree(git, cwd, path, { kind: 'existing-branch', branch })
  return null
}

async function checkOut(git: Git, path: string): Promise<{ features: RepositoryFeatures; wasLfsSkipped: boolean }> {
  const gitDir = await findGitDir(path)
  // A git that was killed in the middle of a check-out cannot take its lock away; nobody else works here yet.
  if (gitDir !== null) await rm(join(gitDir, 'index.lock'), { force: true })
  const before = await readRepositoryFeatures(git, path)
  const useNetwork = before.isPartialClone || git.isLfsInstalled
  const failure = await checkOutWorktree(git, path, { useNetwork, skipLfs: false }).then(
    () => null,
    (error: unknown) => error,
  )
  if (failure !== null) {
    // LFS cannot fetch its files (offline, no access): pointers are better than no worktree.
    if (!(failure instanceof GitError && git.isLfsInstalled)) throw failure
    await checkOutWorktree(git, path, { useNetwork, skipLfs: true })
  }
  // Only now are .gitattributes and .gitmodules there to be read.
  return { features: await readRepositoryFeatures(git, path), wasLfsSkipped: failure !== null }
}
