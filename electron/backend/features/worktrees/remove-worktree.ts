import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import { isAncestor } from '../../adapters/git/diff-numbers.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { deleteBranch, readRef } from '../../adapters/git/refs.ts'
import { rescueRef, saveRescue } from '../../adapters/git/rescue-save.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { removeWorktree } from '../../adapters/git/worktree-change.ts'
import { listWorktrees } from '../../adapters/git/worktree-list.ts'
import { isCheckoutOf } from './inspect-worktree.ts'

export interface RemoveWorktreeInput {
  /** The main checkout. */
  readonly cwd: string
  readonly commonDir: string
  readonly path: string
  readonly branch: string | null
  readonly rescueId: string
  readonly deleteBranch: boolean
}

export type RemovedWorktree =
  /** Null when there was nothing left to save: the folder was gone. */
  | { readonly kind: 'removed'; readonly rescueRef: string | null }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Saves all work of a worktree under a rescue ref and only then removes its folder, and the branch when asked to.
 * Killed at any point and called again with the same rescue id, it goes on where it was.
 */
export async function removeWorktreeSafely(git: Git, input: RemoveWorktreeInput): Promise<RemovedWorktree> {
  const { cwd, path, rescueId } = input
  const saved = await save(git, input)
  if (saved.kind === 'refused') return saved
  if (saved.rescueRef !== null) {
    const isListed = (await listWorktrees(git, cwd)).some((worktree) => worktree.path === path)
    if (isListed) await removeFolder(git, cwd, path)
    else await rm(path, { recursive: true, force: true })
  }
  if (input.deleteBranch && input.branch !== null) {
    // The rescue has the branch among its parents; it is deleted only where it still is what was saved.
    const ref = `refs/heads/${input.branch}`
    const sha = await readRef(git, cwd, ref)
    const keeper = saved.rescueRef === null ? null : await resolveCommit(git, cwd, rescueRef(rescueId))
    if (sha !== null && keeper !== null && (await isAncestor(git, cwd, sha, keeper))) {
      await deleteBranch(git, cwd, input.branch, sha)
    }
  }
  return saved
}

async function save(git: Git, input: RemoveWorktreeInput): Promise<RemovedWorktree> {
  const { cwd, path, commonDir, rescueId: id } = input
  const ref = rescueRef(id)
  // Saved before a crash: the folder may be half removed by now and must not be saved over it.
  if ((await readRef(git, cwd, ref)) !== null) return { kind: 'removed', rescueRef: ref }
  // A registration whose folder is gone is left alone: its index may be all that is left of somebody's work.
  const gitDir = await findGitDir(path)
  if (gitDir === null || !(await isCheckoutOf(path, commonDir))) return { kind: 'removed', rescueRef: null }
  const result = await saveRescue(git, { id, cwd: path, gitDir, commonDir, branch: input.branch }).catch(
    (error: unknown) => {
      // A file that cannot be read, a broken index, a full disk: then nothing is removed.
      if (error instanceof GitError) return { kind: 'failed', reason: error.message } as const
      throw error
    },
  )
  switch (result.kind) {
    case 'saved':
      return { kind: 'removed', rescueRef: result.ref }
    case 'nested-repositories':
      return {
        kind: 'refused',
        message: `The worktree holds repositories of their own (${result.paths.slice(0, 3).join(', ')}), which cannot be saved with it. Push or move them away, then delete again.`,
      }
    case 'failed':
      return {
        kind: 'refused',
        message: `The work in ${path} could not be saved, so nothing was removed: ${result.reason}`,
      }
    default:
      return unreachable(result)
  }
}

async function removeFolder(git: Git, cwd: string, path: string): Promise<void> {
  const failure = await removeWorktree(git, cwd, path).then(
    () => null,
    (error: unknown) => error,
  )
  if (failure === null) return
  // Folders without write permission, as package caches have them, stop git half-way.
  if (!(failure instanceof GitError)) throw failure
  await makeWritable(path)
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
  await removeWorktree(git, cwd, path)
}

async function makeWritable(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => null)
  if (!found?.isDirectory()) return
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name))
  }
}
