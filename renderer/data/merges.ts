import { useStore } from 'zustand'
import type { Merge } from '../../shared/contract/merge.ts'
import type { ProjectId } from '../../shared/lib/ids.ts'
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
