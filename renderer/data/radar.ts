import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Overlap, OverlapKind } from '../../shared/contract/radar.ts'
import type { OverlapId, ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

export const useOverlap = (id: OverlapId): Overlap | undefined =>
  useStore(useData().stores.overlaps.store, (rows) => rows.byId.get(id))

/** The overlaps in a project, the worst first; of all projects when null. */
export const useOverlapIds = (projectId: ProjectId | null): readonly OverlapId[] =>
  useStore(
    useData().stores.overlaps.store,
    useShallow((rows) => overlapIdsOf(rows.byId.values(), projectId)),
  )

export const overlapIdsOf = (overlaps: Iterable<Overlap>, projectId: ProjectId | null): OverlapId[] =>
  [...overlaps]
    .filter((overlap) => projectId === null || overlap.projectId === projectId)
    .sort((a, b) => rank[b.kind] - rank[a.kind] || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.id < b.id ? -1 : 1))
    .map(({ id }) => id)

/** The worst that a session shares with another; null when nobody else works on its files. */
export const useWorstOverlapOf = (sessionId: SessionId): OverlapKind | null =>
  useStore(useData().stores.overlaps.store, (rows) => worstOverlapOf(rows.byId.values(), sessionId))

export const worstOverlapOf = (overlaps: Iterable<Overlap>, sessionId: SessionId): OverlapKind | null => {
  let worst: OverlapKind | null = null
  for (const { kind, sides } of overlaps) {
    const isItsOwn = sides.some((side) => side.sessionId === sessionId)
    if (isItsOwn && (worst === null || rank[kind] > rank[worst])) worst = kind
  }
  return worst
}

const rank: Readonly<Record<OverlapKind, number>> = { 'same-file': 0, 'same-hunk': 1, 'predicted-conflict': 2 }
