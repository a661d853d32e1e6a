import { Check, GitMerge, ListPlus, Pause, Play, Undo2 } from 'lucide-react'
import { useMemo } from 'react'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { MergeEntry, MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { NewEntry } from '../../../shared/contract/queue.ts'
import type { MergeEntryId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import type { Stores } from '../../data/stores.ts'
import { useNotices, type Notices } from '../../lib/notices.tsx'

type Place = Pick<MergeQueue, 'projectId' | 'target'>

export interface QueueActions {
  /** Answers whether it is in line now. */
  readonly enqueue: (entry: Omit<NewEntry, 'requestId'>) => Promise<boolean>
  readonly approve: (entry: MergeEntry) => Promise<void>
  /** The notice offers to put it back. */
  readonly withdraw: (entry: MergeEntry) => Promise<void>
  /** At the commit where its branch is now, as the queue saw it. */
  readonly retry: (entry: MergeEntry) => Promise<void>
  readonly place: (entry: MergeEntry, beforeId: MergeEntryId | null) => Promise<void>
  readonly pause: (place: Place) => Promise<void>
  readonly resume: (place: Place) => Promise<void>
  readonly configure: (place: Place, wish: Pick<MergeQueue, 'batchSize' | 'needsApproval'>) => Promise<void>
  readonly undo: (entry: MergeEntry) => Promise<void>
}

export const useQueueActions = (): QueueActions => {
  const { api, stores } = useData()
  const notices = useNotices()
  return useMemo(() => createQueueActions({ api, stores, notices }), [api, stores, notices])
}

interface ActionDeps {
  readonly api: Pick<ApiClient, 'queue' | 'merge'>
  readonly stores: Stores
  readonly notices: Pick<Notices, 'refuse' | 'show'>
}

export const createQueueActions = ({ api, stores, notices }: ActionDeps): QueueActions => {
  const nameOf = ({ title }: MergeEntry) => visibleLine(title)
  /** The entry as it is afterwards; null when it was refused, which is told. */
  const change = async (call: Promise<{ readonly entry: MergeEntry }>): Promise<MergeEntry | null> => {
    const done = await settle(call)
    if (!done.ok) notices.refuse(done.refusal.message)
    else stores.mergeEntries.put([done.value.entry])
    return done.ok ? done.value.entry : null
  }
  const changeQueue = async (call: Promise<MergeQueue>): Promise<MergeQueue | null> => {
    const done = await settle(call)
    if (!done.ok) notices.refuse(done.refusal.message)
    else stores.mergeQueues.put([done.value])
    return done.ok ? done.value : null
  }
  const resume = async ({ projectId, target }: Place) => {
    const queue = await changeQueue(api.queue.resume({ projectId, target }))
    if (queue) notices.show({ icon: Play, text: `The merge queue of ${visibleLine(target)} goes on.` })
  }
  return {
    enqueue: async (entry) => {
      const made = await change(api.queue.enqueue({ ...entry, requestId: crypto.randomUUID() }))
      if (!made) return false
      const undo = () => void change(api.queue.withdraw({ entryId: made.id }))
      const text = `${nameOf(made)} is in line for ${visibleLine(made.target)}.`
      notices.show({ icon: ListPlus, text, action: { label: 'Undo', run: undo } })
      return true
    },
    approve: async (entry) => {
      const approved = await change(api.queue.approve({ entryId: entry.id }))
      if (approved) notices.show({ icon: Check, text: `${nameOf(entry)} is in line for ${visibleLine(entry.target)}.` })
    },
    withdraw: async (entry) => {
      const withdrawn = await change(api.queue.withdraw({ entryId: entry.id }))
      if (!withdrawn) return
      const undo = () => void change(api.queue.restore({ entryId: entry.id }))
      notices.show({ icon: Undo2, text: `${nameOf(entry)} was withdrawn.`, action: { label: 'Undo', run: undo } })
    },
    retry: async (entry) => {
      await change(api.queue.retry({ entryId: entry.id, head: headToRetry(stores, entry) }))
    },
    place: async (entry, beforeId) => {
      await change(api.queue.place({ entryId: entry.id, beforeId }))
    },
    pause: async (place) => {
      const queue = await changeQueue(api.queue.pause({ ...place, reason: null }))
      if (!queue) return
      const text = `The merge queue of ${visibleLine(place.target)} is paused.`
      notices.show({ icon: Pause, text, action: { label: 'Resume', run: () => void resume(place) } })
    },
    resume,
    configure: async (place, wish) => {
      await changeQueue(api.queue.configure({ ...place, ...wish }))
    },
    undo: async (entry) => {
      if (entry.mergeId === null) return
      const undone = await settle(api.merge.undo({ mergeId: entry.mergeId }))
      if (!undone.ok) return notices.refuse(undone.refusal.message)
      stores.merges.put([undone.value])
      return notices.show({ icon: GitMerge, text: `The merge of ${nameOf(entry)} was undone.` })
    },
  }
}

/** Where the branch is: as the queue saw it, else as its worktree has it, else where it was. */
const headToRetry = (stores: Stores, { movedTo, worktreeId, head }: MergeEntry): string =>
  movedTo ?? (worktreeId === null ? null : stores.worktrees.get(worktreeId)?.headSha) ?? head
