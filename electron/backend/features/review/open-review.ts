import type { ReviewListing, ReviewView, Whitespace } from '../../../../shared/contract/review.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { cannotRead, pairOf, takeNow, viewGone, type ReviewParts } from './review-parts.ts'
import { describeFiles } from './review-rules.ts'
import { listMarks, listTurns } from './review-store.ts'

export interface ReviewQuery {
  readonly worktreeId: WorktreeId
  readonly view: ReviewView
  readonly whitespace: Whitespace
}

/** Takes a snapshot of a worktree and lists what differs in it. */
export const openReview = async (
  parts: ReviewParts,
  { worktreeId, view, whitespace }: ReviewQuery,
): Promise<Result<ReviewListing, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>> => {
  const page = parts.news.willShow(worktreeId)
  const taken = await takeNow(parts, worktreeId)
  if (!taken.ok) return taken
  const { worktree, place, snapshot } = taken.value
  page.shown(snapshot)
  const pair = await pairOf(parts, taken.value, snapshot, view)
  if (pair === null) return viewGone(view)
  const read = await Promise.all([
    parts.changes.compare(place, worktree.path, pair, whitespace === 'ignore'),
    parts.changes.findPlaces(place.reader, worktree.path, snapshot),
    parts.changes.listCommits(place.reader, worktree.path, snapshot),
  ]).then(ok, cannotRead)
  if (!read.ok) return read
  const [{ changes, versions, isPartial }, places, commits] = read.value
  const { marks, turns } = await parts.deps.database.read(async (tx) => ({
    marks: await listMarks(tx, worktreeId),
    turns: await listTurns(tx, worktreeId),
  }))
  const unmerged = snapshot.unmerged
  const files = describeFiles({ changes, unmerged, places, versions, marks, show: decodePath })
  const oids = files.flatMap(({ oldOid, newOid, viewedOid }) => [oldOid ?? [], newOid ?? [], viewedOid ?? []].flat())
  parts.desks.put(worktreeId, snapshot, oids)
  return ok({
    worktreeId,
    snapshot: snapshot.id,
    base: snapshot.base,
    head: snapshot.head,
    files,
    stagedFiles: places.staged.size,
    isPartial: isPartial || snapshot.isPartial,
    commits: [...commits],
    turns: turns.map(({ number, at, files: changed }) => ({ number, at, files: changed })),
    problem: snapshot.problem,
  })
}
