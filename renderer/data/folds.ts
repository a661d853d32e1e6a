import { useCallback } from 'react'
import { useStore } from 'zustand'
import type { ProjectId, WorktreeId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

/** What of a list a person has folded away, by its key. It stays until the page is loaded anew. */
export interface Folds {
  /** Files are folded in one worktree; folders, which all worktrees have alike, in the whole project. */
  readonly id: ProjectId | WorktreeId
  readonly folded: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** What is folded there, and a function that changes it. */
export const useFolds = (id: Folds['id']) => {
  const { folds } = useData().stores
  const folded = useStore(folds.store, (rows) => rows.byId.get(id)?.folded ?? none)
  const change = useCallback(
    (make: (folded: ReadonlySet<string>) => ReadonlySet<string>) =>
      folds.put([{ id, folded: make(folds.get(id)?.folded ?? none) }]),
    [folds, id],
  )
  return [folded, change] as const
}
