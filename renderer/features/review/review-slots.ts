import type { ComponentType, ReactNode, RefObject } from 'react'
import type { ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import type { Review } from '../../data/review.ts'
import type { ReviewGuide } from '../../lib/line-notes.tsx'

/** The branch under review at this moment, for those who do something with it. */
export interface BranchNow {
  readonly sessionId: SessionId
  readonly worktreeId: WorktreeId
  readonly projectId: ProjectId
  /** Null while detached. */
  readonly branch: string | null
  /** Null before the first commit. */
  readonly head: string | null
  /** A full ref, as "refs/heads/main", and the commit it is at; null where no base is known. */
  readonly base: { readonly ref: string; readonly sha: string; readonly movedBy: number } | null
  /** Of the branch since it left its base; null until it is known. More than 200 are not counted. */
  readonly commits: number | null
  /** Files with work that no commit has; null until it is known. */
  readonly uncommitted: number | null
  /** Shows what lies between two commits instead of the changes. */
  readonly onShowRange: (from: string, to: string) => void
  /** Differs whenever the files, the index or the commit do; null until it is known. */
  readonly snapshot: string | null
}

export interface ReviewAroundProps {
  readonly worktreeId: WorktreeId
  readonly sessionId: SessionId
  readonly review: Review
  readonly guide: RefObject<ReviewGuide | null>
  readonly children: ReactNode
}

export interface SideSlot {
  /** Sections, each with a heading: beside the changes where there is room, else behind a button. */
  readonly panel: (branch: BranchNow) => ReactNode
  /** On that button. */
  readonly summary: (branch: BranchNow) => ReactNode
  /** Draws nothing: what there is of commands whether the panel is shown or not. */
  readonly commands: (branch: BranchNow) => ReactNode
}

/** What other features draw in a review; the app hands it in, since features do not know each other. */
export interface ReviewSlots {
  /** What is known of the branch beside its changes. */
  readonly side: SideSlot
  /** Around everything: who hangs something on the lines keeps it here. */
  readonly Around: ComponentType<ReviewAroundProps>
  /** At the end of the bar above the changes. */
  readonly action: ReactNode
  /** Beside how far the base has moved: what to do about it. */
  readonly base: (branch: BranchNow) => ReactNode
  /** Beneath the changes: what becomes of them. */
  readonly bar: (branch: BranchNow) => ReactNode
}
