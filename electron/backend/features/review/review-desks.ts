import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Snapshot } from './take-snapshot.ts'

/** What a page may ask for of one worktree: the snapshots it was shown lately, and the versions they named. */
export interface Desk {
  /** Newest last. */
  readonly snapshots: readonly Snapshot[]
  readonly oids: ReadonlySet<string>
}

/** A page that is open in several windows, each with another view, asks for the patches of a few of them. */
const mostSnapshots = 8
const mostOids = 200_000
const nothing: Desk = { snapshots: [], oids: new Set() }

/** Kept in memory: after a start a page reads its listing again. */
export const createDesks = () => {
  const deskById = new Map<WorktreeId, Desk>()
  const oidsById = new Map<WorktreeId, Set<string>>()
  const deskOf = (id: WorktreeId): Desk => deskById.get(id) ?? nothing
  return {
    find: (id: WorktreeId, snapshot: string): Snapshot | undefined =>
      deskOf(id).snapshots.findLast((each) => each.id === snapshot),
    hasOid: (id: WorktreeId, oid: string): boolean => deskOf(id).oids.has(oid),
    put: (id: WorktreeId, snapshot: Snapshot, oids: readonly string[]): void => {
      const desk = deskOf(id)
      const others = desk.snapshots.filter((each) => each.id !== snapshot.id)
      // Most are known from the listing before: a set of many thousands is not made anew for the few that are not.
      const known =
        desk.oids.size + oids.length > mostOids ? new Set<string>() : (oidsById.get(id) ?? new Set<string>())
      for (const oid of oids) known.add(oid)
      oidsById.set(id, known)
      deskById.set(id, { snapshots: [...others, snapshot].slice(-mostSnapshots), oids: known })
    },
    drop: (id: WorktreeId): void => {
      deskById.delete(id)
      oidsById.delete(id)
    },
    all: (): readonly Snapshot[] => [...deskById.values()].flatMap(({ snapshots }) => snapshots),
  }
}

export type Desks = ReturnType<typeof createDesks>
