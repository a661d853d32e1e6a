import type { Change, ChangesItem, Snapshot } from '../../../shared/contract/changes.ts'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/tx.ts'
import { changesAfter, lastSeq } from './events-store.ts'

/** A listener that was away for more changes than this gets a snapshot: it is smaller and quicker than the changes. */
export const mostReplayedChanges = 1000

/** A listener that does not read while this many changes come is sent a fresh snapshot instead of all of them. */
const mostWaitingChanges = 10_000

export interface ChangesFeed {
  /** Tells every listener; called after each commit, with the changes in order. */
  publish(changes: readonly Change[]): void
  /** Everything there is, or what came since `after`, and then every change until the signal aborts. */
  subscribe(after: number | null, signal: AbortSignal | undefined): AsyncGenerator<ChangesItem, void, void>
}

interface Listener {
  waiting: Change[]
  isOverrun: boolean
  wake: () => void
}

export const createChangesFeed = (deps: {
  readonly database: Database
  /** Reads the whole state in one transaction. */
  readonly readSnapshot: (tx: Tx) => Promise<Snapshot>
}): ChangesFeed => {
  const listeners = new Set<Listener>()

  const readStart = (after: number | null): Promise<{ item: ChangesItem; seq: number }> =>
    deps.database.read(async (tx) => {
      const seq = await lastSeq(tx)
      const isNear = after !== null && after <= seq && seq - after <= mostReplayedChanges
      const changes = isNear ? await changesAfter(tx, after, mostReplayedChanges) : null
      if (changes) return { item: { kind: 'changes', changes: [...changes] }, seq }
      return { item: { kind: 'snapshot', seq, state: await deps.readSnapshot(tx) }, seq }
    })

  async function* subscribe(
    after: number | null,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChangesItem, void, void> {
    const listener: Listener = { waiting: [], isOverrun: false, wake: () => undefined }
    // Listens before it reads: what is committed in between is in both, and the number tells them apart.
    listeners.add(listener)
    const onAbort = () => listener.wake()
    signal?.addEventListener('abort', onAbort)
    try {
      let { item, seq } = await readStart(after)
      yield item
      while (!signal?.aborted) {
        if (listener.isOverrun) {
          listener.isOverrun = false
          listener.waiting = []
          ;({ item, seq } = await readStart(null))
          yield item
          continue
        }
        const told = seq
        const changes = listener.waiting.filter((change) => change.seq > told)
        listener.waiting = []
        if (changes.length === 0) {
          await new Promise<void>((resolve) => (listener.wake = resolve))
          continue
        }
        seq = changes.at(-1)?.seq ?? seq
        yield { kind: 'changes', changes }
      }
    } finally {
      listeners.delete(listener)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  const publish = (changes: readonly Change[]) => {
    if (changes.length === 0) return
    for (const listener of listeners) {
      if (listener.waiting.length + changes.length > mostWaitingChanges) {
        listener.isOverrun = true
        listener.waiting = []
      } else listener.waiting.push(...changes)
      listener.wake()
    }
  }

  return { publish, subscribe }
}
