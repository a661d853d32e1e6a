import { realpath } from 'node:fs/promises'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import { readHead } from '../../adapters/git/read-head.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { repairWorktrees } from '../../adapters/git/worktree-change.ts'
import { readRegisteredPath } from '../../adapters/git/worktree-registration.ts'
import { isCheckoutOf } from './inspect-worktree.ts'

export type ReboundWorktree =
  { readonly kind: 'rebound'; readonly path: string } | { readonly kind: 'refused'; readonly message: string }

/** Tells git and us where a worktree's folder was moved to, if that folder is really it. */
export async function rebindFolder(
  git: Git,
  project: Project,
  worktree: Worktree,
  target: string,
): Promise<ReboundWorktree> {
  const refused = (message: string): ReboundWorktree => ({ kind: 'refused', message })
  if (worktree.kind === 'in-place')
    return refused('This session works in the main checkout. Open the project at its new place.')
  const path = await realpath(target).catch(() => null)
  if (path === null) return refused(`There is no folder ${target}. Check the path.`)
  if (path === worktree.path) return { kind: 'rebound', path }
  if (await isCheckoutOf(worktree.path, project.commonDir)) {
    return refused(`The worktree is still at ${worktree.path}, so ${target} can only be a copy of it.`)
  }
  const gitDir = (await isCheckoutOf(path, project.commonDir)) ? await findGitDir(path) : null
  const registered = gitDir === null ? null : await readRegisteredPath(gitDir)
  // git may have noticed the move by itself; then the branch tells whose folder it is.
  const isNoticed = registered === path && (await branchOf(git, path)) === worktree.branch
  if (registered !== worktree.path && !isNoticed) {
    return refused(`${target} is not the folder of this worktree. Choose the folder that was moved, or restore it.`)
  }
  await repairWorktrees(git, project.rootPath, [path])
  return { kind: 'rebound', path }
}

async function branchOf(git: Git, path: string): Promise<string | null> {
  const head = await readHead(git, path)
  return head.kind === 'detached' ? null : head.branch
}
