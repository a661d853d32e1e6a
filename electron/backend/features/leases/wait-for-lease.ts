import type { Change } from '../../../../shared/contract/changes.ts'
import type { WaitEnd } from '../../../../shared/contract/leases.ts'
import type { WaiterId } from '../../../../shared/lib/ids.ts'
import type { LeasesDeps } from './lease-parts.ts'
import { findWaiter } from './waiters-store.ts'

type Tell = (why: WaitEnd | null) => void

/** Calls that stay open until a place in line has come to its end. The place itself is a row and outlives them. */
export const createWaits = (deps: LeasesDeps) => {
  const waiting = new Map<WaiterId, Set<Tell>>()
  const tellAll = (id: WaiterId, why: WaitEnd | null) => {
    for (const tell of waiting.get(id) ?? []) tell(why)
  }
  return {
    follow: (changes: readonly Change[]) => {
      for (const change of changes)
        if (change.topic === 'waiters.removed') tellAll(change.payload.id, change.payload.why)
    },
    whenSettled: async (id: WaiterId, signal: AbortSignal): Promise<WaitEnd | null> => {
      const { promise, resolve: tell } = Promise.withResolvers<WaitEnd | null>()
      const onAbort = () => tell(null)
      // Listens before it reads: what is committed in between is heard.
      waiting.set(id, (waiting.get(id) ?? new Set()).add(tell))
      signal.addEventListener('abort', onAbort)
      const known = await deps.database.read((tx) => findWaiter(tx, id))
      if (!known || known.why !== null || signal.aborted) tell(known?.why ?? null)
      return promise.finally(() => {
        signal.removeEventListener('abort', onAbort)
        waiting.get(id)?.delete(tell)
        if (waiting.get(id)?.size === 0) waiting.delete(id)
      })
    },
    close: () => {
      for (const id of waiting.keys()) tellAll(id, null)
    },
  }
}
