import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { MergeEntry, MergeEntryState, MergeQueue } from '../../shared/contract/queue-rows.ts'
import type { MergeEntryId, ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'
import { queueKey } from './stores.ts'

export type QueueKey = Pick<MergeQueue, 'projectId' | 'target'>

/** Of the queue: in line, or on the way into the target. */
export const isInLine = (state: MergeEntryState): boolean =>
  state === 'proposed' || state === 'waiting' || state === 'checking' || state === 'merging'

/** Waits for somebody: the author, a resolver or the person. */
export const needsSomebody = (state: MergeEntryState): boolean =>
  state === 'conflicted' || state === 'failed' || state === 'moved'

/** In line first, in their order; then what waits for somebody; then what ended, newest first. */
export const entriesInOrder = (entries: Iterable<MergeEntry>, key: QueueKey): readonly MergeEntry[] => {
  const own = [...entries].filter(({ projectId, target }) => projectId === key.projectId && target === key.target)
  const inLine = own.filter(({ state }) => isInLine(state))
  const stopped = own.filter(({ state }) => needsSomebody(state))
  const ended = own.filter(({ endedAt }) => endedAt !== null)
  const byPlace = (a: MergeEntry, b: MergeEntry) => a.position - b.position || (a.id < b.id ? -1 : 1)
  return [
    ...inLine.toSorted(byPlace),
    ...stopped.toSorted(byPlace),
    ...ended.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0)),
  ]
}

export const useQueues = (projectId: ProjectId | null): readonly MergeQueue[] => {
  const { stores } = useData()
  return useStore(
    stores.mergeQueues.store,
    useShallow(({ byId }) =>
      [...byId.values()]
        .filter((queue) => projectId === null || queue.projectId === projectId)
        .toSorted((a, b) => (queueKey(a) < queueKey(b) ? -1 : 1)),
    ),
  )
}

export const useQueue = (key: QueueKey): MergeQueue | undefined => {
  const { stores } = useData()
  return useStore(stores.mergeQueues.store, ({ byId }) => byId.get(queueKey(key)))
}

export const useEntriesOf = ({ projectId, target }: QueueKey): readonly MergeEntry[] => {
  const { stores } = useData()
  const byId = useStore(stores.mergeEntries.store, (rows) => rows.byId)
  return useMemo(() => entriesInOrder(byId.values(), { projectId, target }), [byId, projectId, target])
}

export const useEntry = (id: MergeEntryId): MergeEntry | undefined => {
  const { stores } = useData()
  return useStore(stores.mergeEntries.store, ({ byId }) => byId.get(id))
}

/** The entry of a session that has not ended; the one in line before one that waits for somebody. */
export const useEntryOf = (sessionId: SessionId): MergeEntry | undefined => {
  const { stores } = useData()
  return useStore(stores.mergeEntries.store, ({ byId }) => {
    const own = [...byId.values()].filter((entry) => entry.sessionId === sessionId && entry.endedAt === null)
    return own.find(({ state }) => isInLine(state)) ?? own[0]
  })
}

/** Of all queues: how many entries are in line, and whether any waits for the person. */
export const useQueueSummary = () => {
  const { stores } = useData()
  const inLine = useStore(
    stores.mergeEntries.store,
    ({ byId }) => [...byId.values()].filter(({ state }) => isInLine(state)).length,
  )
  const state = useStore(stores.mergeQueues.store, ({ byId }) => {
    const queues = [...byId.values()]
    if (queues.some(({ hold }) => hold?.by === 'queue')) return 'held' as const
    if (queues.some(({ run }) => run !== null)) return 'gates' as const
    return queues.some(({ hold }) => hold?.by === 'person') ? ('paused' as const) : ('idle' as const)
  })
  return { inLine, state }
}
