import { useStore } from 'zustand'
import type { CommentThread } from '../../shared/contract/comments.ts'
import type { WorktreeId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

/** How many comments on the lines of a worktree are written and not sent. */
export const useDraftCount = (worktreeId: WorktreeId): number =>
  useStore(useData().stores.commentThreads.store, (rows) => draftCountOf(rows.byId.values(), worktreeId))

export const draftCountOf = (threads: Iterable<CommentThread>, worktreeId: WorktreeId): number => {
  let count = 0
  for (const thread of threads)
    if (thread.worktreeId === worktreeId) count += thread.comments.filter(({ sent }) => sent === null).length
  return count
}
