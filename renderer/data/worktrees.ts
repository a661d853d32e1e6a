import { useStore } from 'zustand'
import type { Worktree } from '../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

export const useWorktree = (id: WorktreeId | null | undefined): Worktree | undefined =>
  useStore(useData().stores.worktrees.store, (rows) => (id == null ? undefined : rows.byId.get(id)))
