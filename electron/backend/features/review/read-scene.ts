import type { ReviewView } from '../../../../shared/contract/review.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { TreePair } from '../../adapters/git/tree-changes.ts'
import { gone, pairOf, placeOf, takeNow, viewGone, type ReviewParts, type Taken } from './review-parts.ts'
import type { FileChange } from './review-rules.ts'

/** A snapshot for those who look for lines in it: what is compared, and a git that reads all of it. */
export interface ReviewScene {
  readonly worktree: Worktree
  readonly snapshot: string
  /** Stores nothing. */
  readonly git: Git
  /** A folder of ours, of which that git knows the objects too. */
  readonly objects: string
  /** The base and the files. */
  readonly now: TreePair
  /** What the view compares. */
  readonly shown: TreePair
  changesOf(pair: TreePair): Promise<readonly FileChange[]>
}

export interface SceneQuery {
  readonly worktreeId: WorktreeId
  /** One that was listed; null takes one now. */
  readonly snapshot: string | null
  readonly view: ReviewView
}

export type SceneRefusal = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'STALE' | 'CANNOT_READ'

export const readScene = async (
  parts: ReviewParts,
  { worktreeId, snapshot: wanted, view }: SceneQuery,
): Promise<Result<ReviewScene, SceneRefusal>> => {
  const taken = await (wanted === null ? takeNow(parts, worktreeId) : findTaken(parts, worktreeId, wanted))
  if (!taken.ok) return taken
  const { worktree, place, snapshot } = taken.value
  const pair = await pairOf(parts, taken.value, snapshot, view)
  if (pair === null) return viewGone(view)
  return ok({
    worktree,
    snapshot: snapshot.id,
    git: place.reader,
    objects: place.objects,
    now: { from: snapshot.trees.base, to: snapshot.trees.work },
    shown: pair,
    changesOf: async (some) => (await parts.changes.compare(place, worktree.path, some, false)).changes,
  })
}

const findTaken = async (
  parts: ReviewParts,
  id: WorktreeId,
  wanted: string,
): Promise<Result<Taken, 'NOT_FOUND' | 'STALE'>> => {
  const { deps, desks } = parts
  const worktree = await deps.database.read((tx) => deps.worktrees.find(tx, id))
  if (!worktree) return gone()
  const snapshot = desks.find(id, wanted)
  const place = await placeOf(parts, worktree)
  if (!snapshot || !place) return refuse('STALE', 'The files changed meanwhile. They are read again.')
  return ok({ worktree, place, snapshot })
}
