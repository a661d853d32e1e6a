import { useStore } from 'zustand'
import type { Merge } from '../../shared/contract/merge.ts'
import type { Worktree } from '../../shared/contract/worktrees.ts'
import type { ProjectId, WorktreeId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

/** Whether this very commit was merged into a branch and was not taken back. */
export const useIsLanded = (projectId: ProjectId, sha: string, target: string): boolean =>
  useStore(useData().stores.merges.store, (rows) => isLandedIn(rows.byId.values(), projectId, sha, target))

export const isLandedIn = (merges: Iterable<Merge>, projectId: ProjectId, sha: string, target: string): boolean => {
  for (const merge of merges)
    if (
      merge.projectId === projectId &&
      merge.source.sha === sha &&
      merge.target === target &&
      merge.state === 'landed'
    )
      return true
  return false
}

/** Whether all that a worktree's branch has committed was merged, and was not taken back. */
export const useIsMerged = (id: WorktreeId | null | undefined): boolean => {
  const { worktrees, merges } = useData().stores
  const worktree = useStore(worktrees.store, (rows) => (id == null ? undefined : rows.byId.get(id)))
  return useStore(merges.store, (rows) => isMergedIn(rows.byId.values(), worktree))
}

/** By its name too: a new branch begins at a commit that another one was merged with. */
export const isMergedIn = (
  merges: Iterable<Merge>,
  worktree: Pick<Worktree, 'projectId' | 'branch' | 'headSha'> | undefined,
): boolean => {
  if (worktree === undefined || worktree.branch === null || worktree.headSha === null) return false
  const { projectId, branch, headSha } = worktree
  for (const { source, state, ...merge } of merges)
    if (merge.projectId === projectId && state === 'landed' && source.sha === headSha && source.branch === branch)
      return true
  return false
}
