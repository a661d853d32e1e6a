import type { Overlap, OverlapKind } from '../../../shared/contract/radar.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'

/** Two sessions that changed the same files, with the worst of it. */
export interface OverlapPair {
  readonly key: string
  readonly sessionIds: readonly [SessionId, SessionId]
  readonly kind: OverlapKind
  readonly overlaps: readonly Overlap[]
}

export type RadarRow =
  | { readonly kind: 'pair'; readonly key: string; readonly pair: OverlapPair }
  | { readonly kind: 'file'; readonly key: string; readonly overlap: Overlap; readonly pair: OverlapPair }

/** Pairs of sessions, the worst first, each with its files. The overlaps come worst first. */
export const radarRows = (overlaps: readonly Overlap[]): readonly RadarRow[] =>
  overlapPairs(overlaps).flatMap((pair): RadarRow[] => [
    { kind: 'pair', key: pair.key, pair },
    ...pair.overlaps.map((overlap): RadarRow => ({ kind: 'file', key: overlap.id, overlap, pair })),
  ])

export const overlapPairs = (overlaps: readonly Overlap[]): readonly OverlapPair[] => {
  const byKey = new Map<string, Overlap[]>()
  for (const overlap of overlaps) {
    const key = pairOf(overlap).join(':')
    byKey.set(key, [...(byKey.get(key) ?? []), overlap])
  }
  // The first of a pair is its worst, and the pairs come as their worst do.
  return [...byKey].flatMap(([key, own]): OverlapPair[] => {
    const [worst] = own
    return worst === undefined ? [] : [{ key, sessionIds: pairOf(worst), kind: worst.kind, overlaps: own }]
  })
}

/** The same two in the same order, whichever side they stand on. */
const pairOf = ({ sides: [a, b] }: Overlap): readonly [SessionId, SessionId] =>
  a.sessionId < b.sessionId ? [a.sessionId, b.sessionId] : [b.sessionId, a.sessionId]
