import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { isAncestor } from '../../adapters/git/diff-numbers.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { deleteBranch, readRef } from '../../adapters/git/refs.ts'
import { rescueRef } from '../../adapters/git/rescue-save.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { removeWorktree } from '../../adapters/git/worktree-change.ts'
import { listWorktrees } from '../../adapters/git/worktree-list.ts'
import { saveWork } from './save-work.ts'

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
  const saved = await saveWork(git, input)
  switch (saved.kind) {
    case 'saved':
      return { kind: 'removed', rescueRef: saved.rescueRef }
    case 'no-folder':
      return { kind: 'removed', rescueRef: null }
    case 'nested-repositories':
      return {
        kind: 'refused',
        message: `The worktree holds repositories of their own (${saved.paths.slice(0, 3).join(', ')}), which cannot be saved with it. Push or move them away, then delete again.`,
      }
    case 'failed':
      return {
        kind: 'refused',
        message: `The work in ${input.path} could not be saved, so nothing was removed: ${saved.reason}`,
      }
    default:
      return unreachable(saved)
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
