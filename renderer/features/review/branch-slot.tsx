import { useState, type ReactNode } from 'react'
import type { ReviewListing, ReviewView } from '../../../shared/contract/review.ts'
import type { SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { useDesk, useReviewState } from './review-context.tsx'
import type { BranchNow } from './review-slots.ts'

interface BranchSlotProps {
  readonly sessionId: SessionId
  readonly worktreeId: WorktreeId
  readonly draw: (branch: BranchNow) => ReactNode
}

/** Tells a slot what branch is looked at, as the listing and the worktree's own row have it. */
export const BranchSlot = ({ sessionId, worktreeId, draw }: BranchSlotProps) => {
  const worktree = useWorktree(worktreeId)
  const head = useReviewState((state) => state.listing?.head ?? null)
  const base = useReviewState((state) => state.listing?.base ?? null)
  const commits = useReviewState((state) => state.listing?.commits.length ?? null)
  const uncommitted = useUncommitted()
  const snapshot = useReviewState((state) => state.listing?.snapshot ?? null)
  const { review } = useDesk()
  if (worktree === undefined) return null
  const { projectId, branch } = worktree
  const onShowRange = (from: string, to: string) => void review.show({ kind: 'range', from, to })
  return draw({ sessionId, worktreeId, projectId, branch, head, base, commits, uncommitted, snapshot, onShowRange })
}

/** Only the whole view names every file; what it said last stays while another one is read. */
const useUncommitted = (): number | null => {
  const now = useReviewState((state) => uncommittedOf(state.listing, state.view))
  const [known, setKnown] = useState(now)
  if (now !== null && now !== known) setKnown(now)
  return now ?? known
}

export const uncommittedOf = (listing: ReviewListing | null, view: ReviewView): number | null =>
  listing === null || view.kind !== 'scope' || view.scope !== 'all'
    ? null
    : listing.files.filter(({ where }) => where.some((place) => place !== 'committed')).length
