import type { Change } from '../../../../shared/contract/changes.ts'
import type { ReviewListing, ReviewPatch } from '../../../../shared/contract/review.ts'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'
import { createForgetter } from './forget-reviews.ts'
import { createTurnKeeper } from './keep-turns.ts'
import { keepLook, markReview, type MarkInput } from './mark-review.ts'
import { lookAtReview, type ReviewLook } from './look-at-review.ts'
import { openReview, type ReviewQuery } from './open-review.ts'
import { notePruneDue, pruneDue } from './prune-review.ts'
import { readPoint, type WorktreePoint } from './read-point.ts'
import { readReviewImage, readReviewPatches, readReviewText, type PatchQuery } from './read-versions.ts'
import { readScene, type ReviewScene, type SceneQuery, type SceneRefusal } from './read-scene.ts'
import type { ReviewDeps } from './review-deps.ts'
import { createParts } from './review-parts.ts'
import { removeReviewsIn } from './review-store.ts'

export type { ReviewScene, SceneQuery } from './read-scene.ts'
export type { WorktreePoint } from './read-point.ts'

type Unreadable = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'

export type { ReviewLook } from './look-at-review.ts'

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
  /** The commit that is checked out, and the files as they are beside it. */
  point(id: WorktreeId): Promise<Result<WorktreePoint, Unreadable>>
  look(id: WorktreeId): Promise<Result<ReviewLook, Unreadable>>
  mark(input: MarkInput, by: Identity): Promise<Result<undefined, 'NOT_FOUND'>>
  looked(id: WorktreeId, snapshot: string, by: Identity): Promise<Result<undefined, 'NOT_FOUND'>>
  /** For what hangs on lines. */
  scene(query: SceneQuery): Promise<Result<ReviewScene, SceneRefusal>>
  /** For the start, once sessions were found again: learns what they were doing, and drops what is of worktrees that are gone. */
  reconcile(): Promise<void>
  /** Tells of bases that moved on, where a listing shows them. */
  lookForMoves(): Promise<void>
  /** Tells of bases that moved on and drops old snapshots; for the background loop. */
  lookAfter(signal: AbortSignal): Promise<void>
  /** Once everything heard of so far was looked at. */
  whenSettled(): Promise<void>
  forgetProject(context: Pick<CommandContext, 'tx'>, projectId: ProjectId): Promise<void>
  close(): Promise<void>
}

export interface ReviewServiceDeps extends ReviewDeps {
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => () => void
  readonly worktrees: Pick<WorktreesService, 'find' | 'requireFolder' | 'onLook'>
  readonly sessions: Pick<SessionsService, 'list'>
}

/** A review looks at a snapshot: git trees of what a worktree has, so that an agent that goes on writing changes none of it. */
export const createReviewService = (deps: ReviewServiceDeps): ReviewService => {
  const parts = createParts(deps)
  const { news } = parts
  const turns = createTurnKeeper(parts)
  const forgetter = createForgetter(parts)
  const stopListening = deps.onCommit((changes) => {
    turns.follow(changes)
    news.follow(changes)
    forgetter.follow(changes)
  })
  const stopLooking = deps.worktrees.onLook(({ worktree }) => news.noteLook(worktree.id))
  const whenSettled = async (): Promise<void> => {
    await turns.whenSettled()
    await news.whenSettled()
    await forgetter.whenSettled()
  }
  return {
    open: (query) => openReview(parts, query),
    patches: (query) => readReviewPatches(parts, query),
    text: (id, oid) => readReviewText(parts, id, oid),
    image: (id, oid) => readReviewImage(parts, id, oid),
    point: (id) => readPoint(parts, id),
    look: (id) => lookAtReview(parts, id),
    mark: (input, by) => markReview(parts, input, by),
    looked: (worktreeId, snapshot, by) => keepLook(parts, { worktreeId, snapshot }, by),
    scene: (query) => readScene(parts, query),
    reconcile: async () => {
      turns.remember(await deps.database.read(deps.sessions.list))
      await forgetter.forgetGone()
      await notePruneDue(parts)
    },
    lookForMoves: () => news.lookForMoves(new AbortController().signal),
    lookAfter: async (signal) => {
      await news.lookForMoves(signal)
      await pruneDue(parts, signal)
    },
    whenSettled,
    forgetProject: ({ tx }, projectId) => removeReviewsIn(tx, projectId),
    close: async () => {
      stopListening()
      stopLooking()
      await whenSettled()
    },
  }
}
