import type { ReviewMark } from '../../../../shared/contract/review.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { gone, takeNow, type ReviewParts } from './review-parts.ts'
import { putLook, putMark, removeMark } from './review-store.ts'

export type MarkInput = Omit<ReviewMark, 'at'>

export const markReview = (
  { deps }: ReviewParts,
  input: MarkInput,
  by: Identity,
): Promise<Result<undefined, 'NOT_FOUND'>> =>
  deps.runCommand<undefined, 'NOT_FOUND'>({ name: 'mark-review', by }, async ({ tx, now, emit }) => {
    const worktree = await deps.worktrees.find(tx, input.worktreeId)
    if (!worktree) return gone()
    const mark: ReviewMark = { ...input, at: now }
    if (mark.isViewed) await putMark(tx, worktree.projectId, mark)
    else await removeMark(tx, mark.worktreeId, mark.rawPath, mark.hunk)
    await emit('marks.changed', mark.worktreeId, mark)
    return ok(undefined)
  })

/** Keeps what was listed last, and not what came since: nobody has seen that. */
export const keepLook = async (
  parts: ReviewParts,
  worktreeId: WorktreeId,
  by: Identity,
): Promise<Result<undefined, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>> => {
  const shown = parts.desks.last(worktreeId)
  const taken = shown ? ok({ snapshot: shown }) : await takeNow(parts, worktreeId)
  if (!taken.ok) return taken
  const { id, trees } = taken.value.snapshot
  return parts.deps.runCommand<undefined, 'NOT_FOUND'>({ name: 'look-at-review', by }, async ({ tx, now, emit }) => {
    const worktree = await parts.deps.worktrees.find(tx, worktreeId)
    if (!worktree) return gone()
    await putLook(tx, { worktreeId, projectId: worktree.projectId, tree: trees.work, at: now })
    await emit('review.changed', worktreeId, { worktreeId, snapshot: id, at: now })
    return ok(undefined)
  })
}
