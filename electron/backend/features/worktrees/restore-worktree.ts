import { mkdir, rm, stat } from 'node:fs/promises'
import { readRef } from '../../adapters/git/refs.ts'
import { restoreRescue } from '../../adapters/git/rescue-restore.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { checkOutIndex, removeWorktree } from '../../adapters/git/worktree-change.ts'
import { listWorktrees } from '../../adapters/git/worktree-list.ts'
import { findRegistration, linkToRegistration } from '../../adapters/git/worktree-registration.ts'
import { makeWorktree } from './make-worktree.ts'

export type RestoredWorktree =
  { readonly kind: 'restored'; readonly note: string | null } | { readonly kind: 'refused'; readonly message: string }

/** Whether nothing is at a path, on disk and in git's list; null, or what to say otherwise. */
export async function findObstacle(git: Git, cwd: string, path: string): Promise<string | null> {
  const isListed = (await listWorktrees(git, cwd)).some((worktree) => worktree.path === path)
  return isListed || (await exists(path)) ? `There is something at ${path} already. Move it away and try again.` : null
}

/**
 * Brings a removed worktree back from its rescue. The caller has found the path free and has written down that it is
 * ours from then on: what is there now was left by an attempt that was killed, and is made anew.
 */
export async function restoreRemoved(
  git: Git,
  input: { readonly cwd: string; readonly path: string; readonly rescueId: string },
): Promise<RestoredWorktree> {
  const { cwd, path } = input
  const isListed = (await listWorktrees(git, cwd)).some((worktree) => worktree.path === path)
  await rm(path, { recursive: true, force: true })
  if (isListed) await removeWorktree(git, cwd, path)
  const restored = await restoreRescue(git, { id: input.rescueId, cwd, path, useNetwork: git.isLfsInstalled })
  if (restored === null) {
    return { kind: 'refused', message: 'Its rescue ref is gone, so there is nothing to bring back.' }
  }
  const note =
    restored.branch === null
      ? 'The branch has moved on or is in use elsewhere, so this worktree came back without a branch (detached).'
      : null
  return { kind: 'restored', note }
}

/**
 * Makes the folder of a worktree that vanished again. While git still knows it, its index is there, so work that was
 * staged comes back too; otherwise the branch alone.
 */
export async function restoreVanished(
  git: Git,
  input: {
    readonly cwd: string
    readonly commonDir: string
    readonly path: string
    readonly branch: string | null
  },
): Promise<RestoredWorktree> {
  const { cwd, path, branch } = input
  if (await exists(path)) {
    return { kind: 'refused', message: `There is something else at ${path} now. Move it away and try again.` }
  }
  const registration = await findRegistration(input.commonDir, path)
  if (registration !== null) {
    await mkdir(path, { recursive: true })
    await linkToRegistration(path, registration)
    await checkOutIndex(git, path)
    return { kind: 'restored', note: 'The folder was made again from the last commit and what was staged.' }
  }
  if (branch === null || (await readRef(git, cwd, `refs/heads/${branch}`)) === null) {
    return {
      kind: 'refused',
      message: 'Its branch is gone too, so there is nothing to make it from. Archive the session.',
    }
  }
  const made = await makeWorktree(git, { cwd, path, branch, newBranchSha: null })
  if (made.kind === 'refused') return made
  return { kind: 'restored', note: `The folder was made again from the last commit of ${branch}.` }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
