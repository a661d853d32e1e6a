import type { Anchor, CommentPlace, CommentThread } from '../../../../shared/contract/comments.ts'
import { linesOf } from '../../../../shared/contract/comment-state.ts'
import type { TreePair } from '../../adapters/git/tree-changes.ts'
import type { ReviewScene } from '../review/review-service.ts'
import { mapRange, type LineRange } from './anchor-rules.ts'
import { locateLines, pairKey, readChanges, type Located, type Spot } from './locate-lines.ts'

/** Where the lines of threads are, in the files as they are now and in what a view shows. */
export const placeThreads = async (scene: ReviewScene, threads: readonly CommentThread[]): Promise<CommentPlace[]> => {
  const { now, shown } = scene
  const current = await locateThreads(scene, threads, now)
  const isSame = now.from === shown.from && now.to === shown.to
  const viewed = isSame ? current : await locateThreads(scene, threads, shown)
  return threads.flatMap(({ id }, index) => {
    const [here, there] = [current[index], viewed[index]]
    return here && there ? [{ threadId: id, now: here.anchor, ...there.place }] : []
  })
}

interface Placed {
  readonly anchor: Anchor
  readonly place: Pick<CommentPlace, 'shown' | 'shownRawPath'>
}

const locateThreads = async (
  scene: ReviewScene,
  threads: readonly CommentThread[],
  pair: TreePair,
): Promise<readonly Placed[]> => {
  const spots = threads.flatMap((thread): Spot[] => {
    const at = linesOf(thread)
    return at ? [{ side: thread.side, at }] : []
  })
  const located = await locateLines(scene, spots, pair)
  const changes = await scene.changesOf(pair)
  const listed = spots.map((spot, index) => changes.find((change) => isFileOf(change, spot, located[index])))
  const restored = await findRestored(scene, spots, located, listed)
  return spots.map(({ side }, index): Placed => {
    const anchor = located[index]?.anchor ?? { kind: 'outdated', why: 'file-gone' }
    const rawPath = listed[index]?.rawPath ?? null
    const back = restored[index] ?? null
    if (back !== null) {
      const shown = rawPath === null ? null : { rawPath, side: 'new' as const, ...back }
      return { anchor: { ...back, kind: 'changed' }, place: { shown, shownRawPath: rawPath } }
    }
    if (anchor.kind === 'outdated' || rawPath === null) return { anchor, place: { shown: null, shownRawPath: rawPath } }
    return { anchor, place: { shown: { rawPath, side, from: anchor.from, to: anchor.to }, shownRawPath: rawPath } }
  })
}

type FileChange = Awaited<ReturnType<ReviewScene['changesOf']>>[number]

/** A file that is gone is listed under the name that it had. */
const isFileOf = (change: FileChange, { side, at }: Spot, located: Located | undefined): boolean => {
  const rawPath = located?.file?.rawPath ?? at.rawPath
  return (side === 'new' ? change.rawPath : change.oldRawPath) === rawPath
}

/** Lines that had been removed, and are there again: where in the new version. Null for all others. */
const findRestored = async (
  scene: ReviewScene,
  spots: readonly Spot[],
  located: readonly Located[],
  listed: readonly (FileChange | undefined)[],
): Promise<readonly (LineRange | null)[]> => {
  const asked = spots.map(({ side }, index) => {
    const { file, anchor } = located[index] ?? {}
    return side === 'old' && file && anchor?.kind === 'kept' ? { file, anchor, change: listed[index] } : null
  })
  const pairs = asked.flatMap((one) => (one?.change?.newOid ? [[one.file.oid, one.change.newOid] as const] : []))
  const changes = await readChanges(scene, pairs)
  return asked.map((one) => {
    if (one === null) return null
    const { file, anchor, change } = one
    const lines = { ...anchor, lines: [], before: [], after: [] }
    // What differs in no way is as it was in the base.
    if (change === undefined) return { from: anchor.from, to: anchor.to }
    if (change.newOid === null) return null
    const mapped = mapRange(changes.get(pairKey(file.oid, change.newOid)) ?? [], lines)
    return mapped.isTouched ? null : { from: mapped.from, to: mapped.to }
  })
}
