import { createContext, useContext, type RefObject } from 'react'
import { useStore } from 'zustand'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import type { ProjectId, WorktreeId } from '../../../shared/lib/ids.ts'
import type { Review, ReviewState } from '../../data/review.ts'
import type { ReviewGuide } from '../../lib/line-notes.tsx'

/** What the parts of one review share. Its functions stay the same while it is shown. */
export interface ReviewDesk {
  readonly projectId: ProjectId
  readonly worktreeId: WorktreeId
  readonly review: Review
  /** For those who have something on lines; filled while there are lines. */
  readonly guide: RefObject<ReviewGuide | null>
  readonly toggleViewed: (file: ReviewFile) => void
  readonly markViewed: (files: readonly ReviewFile[], isViewed: boolean) => void
  readonly toggleHunk: (file: ReviewFile, hunk: string) => void
  readonly toggleFold: (rawPath: string) => void
  /** Shows what changed in a file since it was viewed, or all of it again. */
  readonly toggleSince: (file: ReviewFile) => void
  readonly copyPath: (file: ReviewFile) => void
}

const ReviewContext = createContext<ReviewDesk | null>(null)

export const ReviewProvider = ReviewContext

export const useDesk = (): ReviewDesk => {
  const desk = useContext(ReviewContext)
  if (desk === null) throw new Error('A part of the review was drawn outside its screen.')
  return desk
}

export const useReviewState = <Value,>(select: (state: ReviewState) => Value): Value =>
  useStore(useDesk().review.store, select)

/** A file of the listing by its raw path; undefined when it is not in it any more. */
export const useFile = (rawPath: string): ReviewFile | undefined =>
  useReviewState((state) => state.listing && filesByPath(state.listing.files).get(rawPath)) ?? undefined

const known = new WeakMap<readonly ReviewFile[], ReadonlyMap<string, ReviewFile>>()

/** Made once for each listing: every header and note looks for its file whenever anything changes. */
export const filesByPath = (files: readonly ReviewFile[]): ReadonlyMap<string, ReviewFile> => {
  const byPath = known.get(files) ?? new Map(files.map((file) => [file.rawPath, file]))
  known.set(files, byPath)
  return byPath
}
