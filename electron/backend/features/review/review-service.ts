import type { ReviewListing, ReviewPatch } from '../../../../shared/contract/review.ts'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { keepLook, markReview, type MarkInput } from './mark-review.ts'
import { openReview, type ReviewQuery } from './open-review.ts'
import { readReviewImage, readReviewPatches, readReviewText, type PatchQuery } from './read-versions.ts'
import { createParts, type ReviewDeps } from './review-parts.ts'
import { removeReviewsIn } from './review-store.ts'

export type { ReviewDeps } from './review-parts.ts'

type Unreadable = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'

export interface ReviewService {
  /** Takes a snapshot and lists what differs in it. */
  open(query: ReviewQuery): Promise<Result<ReviewListing, Unreadable>>
  /** Of a snapshot that was listed, however the files changed since. */
  patches(query: PatchQuery): Promise<Result<ReviewPatch[], 'NOT_FOUND' | 'STALE' | 'CANNOT_READ'>>
  text(id: WorktreeId, oid: string): Promise<Result<{ text: string }, 'NOT_FOUND' | 'TOO_LARGE'>>
  image(
    id: WorktreeId,
    oid: string,
  ): Promise<Result<{ base64: string; mime: string }, 'NOT_FOUND' | 'TOO_LARGE' | 'NO_IMAGE'>>
  mark(input: MarkInput, by: Identity): Promise<Result<undefined, 'NOT_FOUND'>>
  looked(id: WorktreeId, by: Identity): Promise<Result<undefined, Unreadable>>
  forgetProject(context: Pick<CommandContext, 'tx'>, projectId: ProjectId): Promise<void>
}

/** A review looks at a snapshot: git trees of what a worktree has, so that an agent that goes on writing changes none of it. */
export const createReviewService = (deps: ReviewDeps): ReviewService => {
  const parts = createParts(deps)
  return {
    open: (query) => openReview(parts, query),
    patches: (query) => readReviewPatches(parts, query),
    text: (id, oid) => readReviewText(parts, id, oid),
    image: (id, oid) => readReviewImage(parts, id, oid),
    mark: (input, by) => markReview(parts, input, by),
    looked: (id, by) => keepLook(parts, id, by),
    forgetProject: ({ tx }, projectId) => removeReviewsIn(tx, projectId),
  }
}
