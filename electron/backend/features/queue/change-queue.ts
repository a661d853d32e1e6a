import type { MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import type { MergeEntryId } from '../../../../shared/lib/ids.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { cancelIntents } from '../../kernel/intents-store.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { dropKind, newQueue, restorableMs, reworkKind, runKind, subjectOf, type QueueParts } from './queue-parts.ts'
import type { Changes, QueueState } from './queue-rules.ts'
import { changedEntry } from './queue-states-rules.ts'
import { findEntry, findQueue, listEntriesOf, putQueue, updateEntry, type QueueKey } from './queue-store.ts'

export const readQueue = async (tx: Tx, { projectId, target }: QueueKey, now: number): Promise<QueueState> => ({
  queue: (await findQueue(tx, { projectId, target })) ?? newQueue(projectId, target),
  entries: await listEntriesOf(tx, { projectId, target }, now - restorableMs),
})

/** Writes changes over the rows they were decided on, and tells them. Answers the number of the last event; null for none. */
export const writeChanges = async (
  context: CommandContext,
  { queue, entries }: QueueState,
  changes: Changes,
): Promise<number | null> => {
  const { tx, now, emit } = context
  let seq: number | null = null
  for (const change of changes.entries ?? []) {
    const before = entries.find(({ id }) => id === change.id)
    const after = before && changedEntry(before, change, now)
    if (!before || !after) throw new Error(`${change.id} cannot go from ${before?.state} to ${change.state}.`)
    if (!(await updateEntry(tx, after, before))) throw new Error(`${before.id} is not at rev ${before.rev}.`)
    seq = await emit('entries.changed', after.id, after)
    await followUp(context, before, after)
  }
  if (changes.queue && Object.keys(changes.queue).length > 0) {
    const next = { ...queue, ...changes.queue, rev: queue.rev + 1 }
    if (!(await putQueue(tx, next))) throw new Error(`The queue of ${queue.target} is not at rev ${queue.rev}.`)
    seq = await emit('queues.changed', queue.projectId, next)
  }
  return seq
}

/** What has to be done beside the database because of a change: killed before it was, the next start does it. */
const followUp = async ({ intend }: CommandContext, before: MergeEntry, after: MergeEntry): Promise<void> => {
  const isGivenUp = before.candidate !== null && after.candidate === null && after.state !== 'merged'
  if (isGivenUp && before.candidate)
    await intend({ kind: dropKind, subject: before.candidate.prepared, payload: before.candidate.prepared })
  const isRework = after.state !== before.state && (after.state === 'conflicted' || after.state === 'failed')
  if (isRework) await intend({ kind: reworkKind, subject: after.id, payload: { id: after.id, rev: after.rev } })
}

/** Has the queue looked at now, also when it was to be tried again only later. */
export const kick = async (context: CommandContext, key: QueueKey): Promise<void> => {
  await cancelIntents(context.tx, subjectOf(key), runKind, context.now)
  const { projectId, target } = key
  await context.intend({ kind: runKind, subject: subjectOf(key), payload: { projectId, target } })
}

/** What the queue does by itself: decided on the rows as they are by then, for a person may have changed them meanwhile. */
export const bookStep = async (
  { runCommand }: QueueParts,
  key: QueueKey,
  decide: (state: QueueState, now: number) => Changes,
  by: Identity,
): Promise<void> => {
  await runCommand({ name: 'run-queue', by }, async (context) => {
    const state = await readQueue(context.tx, key, context.now)
    await writeChanges(context, state, decide(state, context.now))
    return { ok: true, value: undefined }
  })
}

export interface EntryDeed {
  readonly name: string
  readonly id: MergeEntryId
  readonly by: Identity
  readonly requestId?: string
}

export type Deed<Code extends string> = Promise<
  Result<{ readonly entry: MergeEntry; readonly seq: number }, Code | 'NOT_FOUND'>
>

/** What somebody does with one entry of a queue. */
export const changeEntryOf = async <Code extends string>(
  { runCommand }: Pick<QueueParts, 'runCommand'>,
  { name, id, by, requestId }: EntryDeed,
  judge: (state: QueueState, now: number) => Result<Changes, Code | 'NOT_FOUND'>,
): Deed<Code> =>
  runCommand<{ entry: MergeEntry; seq: number }, Code | 'NOT_FOUND'>(
    requestId === undefined ? { name, by } : { name, by, requestId },
    async (context) => {
      const { tx, now } = context
      const key = await findEntry(tx, id)
      if (!key) return refuse('NOT_FOUND', 'This entry is not in the merge queue any more. Look at the queue again.')
      const read = await readQueue(tx, key, now)
      // One that has ended is judged too: why it cannot be changed is said of it.
      const isListed = read.entries.some((entry) => entry.id === id)
      const state = isListed ? read : { ...read, entries: [...read.entries, key] }
      const judged = judge(state, now)
      if (!judged.ok) return judged
      const seq = await writeChanges(context, state, judged.value)
      await kick(context, key)
      const entry = await findEntry(tx, id)
      if (!entry || seq === null) throw new Error(`${id} was not changed.`)
      return { ok: true, value: { entry, seq } }
    },
  )
