import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { findCommonDir, findGitDir } from './config-cache.ts'
import type { Git } from './run-git.ts'
import { clearStaleRefLock } from './stale-lock.ts'

export type WorktreeStart =
  | { readonly kind: 'new-branch'; readonly branch: string; readonly sha: string }
  | { readonly kind: 'existing-branch'; readonly branch: string }
  | { readonly kind: 'detached'; readonly sha: string }

/**
 * Registers a worktree with no files in it. The files come by `checkOutWorktree`, a step of its own, because the new
 * worktree's configuration (`includeIf "onbranch:…"`, `gitdir:…`) can differ from the one seen here and must be read
 * there before git writes files through its filters.
 */
export async function addWorktree(git: Git, cwd: string, path: string, start: WorktreeStart): Promise<void> {
  const options = ['worktree', 'add', '--quiet', '--no-checkout']
  const access = 'write'
  switch (start.kind) {
    case 'new-branch':
      await clearLock(cwd, start.branch)
      options.push('--no-track', '-b', start.branch)
      await git.run({ cwd, access, args: [...options, '--end-of-options', path, start.sha] })
      return
    case 'existing-branch':
      await git.run({ cwd, access, args: [...options, '--end-of-options', path, start.branch] })
      return
    case 'detached':
      await git.run({ cwd, access, args: [...options, '--detach', '--end-of-options', path, start.sha] })
      return
    default:
      unreachable(start)
  }
}

async function clearLock(cwd: string, branch: string): Promise<void> {
  const gitDir = await findGitDir(cwd)
  if (gitDir !== null) await clearStaleRefLock(await findCommonDir(gitDir), `refs/heads/${branch}`)
}

/** Writes all files of HEAD into a worktree that `addWorktree` made; overwrites what is there. */
export async function checkOutWorktree(
  git: Git,
  path: string,
  options: { readonly useNetwork: boolean; readonly skipLfs: boolean },
): Promise<void> {
  await git.run({
    cwd: path,
    args: ['reset', '--hard', '--quiet', '--no-recurse-submodules', 'HEAD'],
    // A partial clone and LFS fetch the files they lack.
    access: options.useNetwork ? 'network' : 'write',
    pinWorkTree: true,
    skipLfs: options.skipLfs,
  })
}

/** Writes all files of the index into a checkout that has none of them; what is staged comes with them. */
export async function checkOutIndex(git: Git, path: string): Promise<void> {
  await git.run({ cwd: path, args: ['checkout-index', '--all', '--quiet'], access: 'write', pinWorkTree: true })
}

/**
 * Removes a worktree's folder and its registration, whatever is in it. `--force` also keeps git from running
 * `git status` inside planted submodules. The caller has saved what is worth saving.
 */
export async function removeWorktree(git: Git, cwd: string, path: string): Promise<void> {
  await git.run({
    cwd,
    args: ['worktree', 'remove', '--force', '--force', '--end-of-options', path],
    access: 'write',
  })
}

export async function moveWorktree(git: Git, cwd: string, from: string, to: string): Promise<void> {
  await git.run({ cwd, args: ['worktree', 'move', '--end-of-options', from, to], access: 'write' })
}

/** Re-links worktrees whose folders were moved by hand to `paths`, and all others after the main checkout was moved. */
export async function repairWorktrees(git: Git, cwd: string, paths: readonly string[]): Promise<void> {
  await git.run({ cwd, args: ['worktree', 'repair', '--end-of-options', ...paths], access: 'write' })
}

export async function lockWorktree(git: Git, cwd: string, path: string, reason: string): Promise<void> {
  await git.run({ cwd, args: ['worktree', 'lock', '--reason', reason, '--end-of-options', path], access: 'write' })
}

export async function unlockWorktree(git: Git, cwd: string, path: string): Promise<void> {
  await git.run({ cwd, args: ['worktree', 'unlock', '--end-of-options', path], access: 'write' })
}
