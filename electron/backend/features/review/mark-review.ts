import type { ReviewMark } from '../../../../shared/contract/review.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { gone, type ReviewParts } from './review-parts.ts'
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

/** Keeps what was shown, and not what was listed since, here or in another window: nobody may have seen that. */
export const keepLook = (
  { deps, desks }: ReviewParts,
  { worktreeId, snapshot }: { readonly worktreeId: WorktreeId; readonly snapshot: string },
  by: Identity,
): Promise<Result<undefined, 'NOT_FOUND'>> =>
  deps.runCommand<undefined, 'NOT_FOUND'>({ name: 'look-at-review', by }, async ({ tx, now, emit }) => {
    const worktree = await deps.worktrees.find(tx, worktreeId)
    if (!worktree) return gone()
    const shown = desks.find(worktreeId, snapshot)
    if (!shown) return ok(undefined)
    await putLook(tx, { worktreeId, projectId: worktree.projectId, tree: shown.trees.work, at: now })
    await emit('review.changed', worktreeId, { worktreeId, snapshot, at: now })
    return ok(undefined)
  })
