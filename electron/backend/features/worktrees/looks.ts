import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'

/** What one look at a worktree found. */
export interface WorktreeLook {
  readonly worktree: Worktree
  /** What differs from where its branch left its base, committed or not: names as bytes in latin1. */
  readonly rawPaths: ReadonlySet<string>
}

const nothing: ReadonlySet<string> = new Set()

/** Remembers what the last look at each worktree found, and tells whoever listens. */
export const createLooks = () => {
  const lastById = new Map<WorktreeId, ReadonlySet<string>>()
  const listeners = new Set<(look: WorktreeLook) => void>()
  return {
    tell: (worktree: Worktree, rawPaths: ReadonlySet<string>): void => {
      lastById.set(worktree.id, rawPaths)
      for (const listener of listeners) listener({ worktree, rawPaths })
    },
    lastOf: (id: WorktreeId): ReadonlySet<string> => lastById.get(id) ?? nothing,
    forget: (id: WorktreeId): void => void lastById.delete(id),
    onLook: (listener: (look: WorktreeLook) => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
