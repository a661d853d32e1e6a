import type { Change } from '../../../../shared/contract/changes.ts'
import type { Lease } from '../../../../shared/contract/leases.ts'
import type { LeaseId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { globCovers, parseGlob, pathAsGlob, possibleRootsOf, rootsOf, type Glob } from '../../../../shared/lib/glob.ts'

interface Entry {
  readonly lease: Lease
  readonly glob: Glob
}

/**
 * The leases that are held, in memory: every edit of every agent asks, and none may wait for it. It follows what is
 * committed, and a lease counts until its end is.
 */
export interface LeaseIndex {
  put(lease: Lease): void
  remove(id: LeaseId): void
  /** Takes what was committed. */
  follow(changes: readonly Change[]): void
  /** The leases of a project that cover a path, in the order in which they were acquired. */
  covering(projectId: ProjectId, path: string): readonly Lease[]
  holds(sessionId: SessionId): boolean
}

export const createLeaseIndex = (ignoresCase: boolean): LeaseIndex => {
  const leases = new Map<LeaseId, Lease>()
  const counts = new Map<SessionId, number>()
  // By project and root: a path is only compared with the patterns that may cover something where it lies.
  const byRoot = new Map<string, Map<LeaseId, Entry>>()
  const keyOf = (projectId: ProjectId, root: string) => `${projectId} ${root}`
  const keysOf = ({ projectId }: Lease, glob: Glob) => rootsOf(glob).map((root) => keyOf(projectId, root))
  const globOf = ({ target }: Lease) => {
    const parsed = target.kind === 'path' ? parseGlob(target.pattern, ignoresCase) : null
    return parsed?.ok ? parsed.value : null
  }

  const remove = (id: LeaseId) => {
    const lease = leases.get(id)
    if (!lease) return
    leases.delete(id)
    counts.set(lease.sessionId, (counts.get(lease.sessionId) ?? 1) - 1)
    const glob = globOf(lease)
    for (const key of glob ? keysOf(lease, glob) : []) byRoot.get(key)?.delete(id)
  }
  const put = (lease: Lease) => {
    remove(lease.id)
    leases.set(lease.id, lease)
    counts.set(lease.sessionId, (counts.get(lease.sessionId) ?? 0) + 1)
    const glob = globOf(lease)
    for (const key of glob ? keysOf(lease, glob) : []) {
      const entries = byRoot.get(key) ?? new Map<LeaseId, Entry>()
      byRoot.set(key, entries)
      if (glob) entries.set(lease.id, { lease, glob })
    }
  }

  return {
    put,
    remove,
    follow: (changes) => {
      for (const change of changes) {
        if (change.topic === 'leases.changed') put(change.payload)
        else if (change.topic === 'leases.removed') remove(change.payload.id)
      }
    },
    covering: (projectId, text) => {
      const path = pathAsGlob(text, ignoresCase)
      if (!path) return []
      const found = new Map<LeaseId, Lease>()
      for (const root of possibleRootsOf(path))
        for (const { lease, glob } of byRoot.get(keyOf(projectId, root))?.values() ?? [])
          if (globCovers(glob, path)) found.set(lease.id, lease)
      return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },
    holds: (sessionId) => (counts.get(sessionId) ?? 0) > 0,
  }
}
