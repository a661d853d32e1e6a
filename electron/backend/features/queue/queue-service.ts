import type { MergeEntry, MergeQueue } from '../../../../shared/contract/queue-rows.ts'
import type { NewEntry } from '../../../../shared/contract/queue.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { MergeEntryId, ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { dropHeldCommit } from '../../adapters/git/hold-commit.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { readRef } from '../../adapters/git/refs.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { cancelIntents } from '../../kernel/intents-store.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { changeEntryOf, kick, readQueue, writeChanges, type Deed, type EntryDeed } from './change-queue.ts'
import { enqueueBranch, type Enqueued } from './enqueue-branch.ts'
import { approve, pause, place, restore, resume, retry, withdraw } from './queue-person-rules.ts'
import {
  clearKind,
  createQueueParts,
  dropKind,
  gateFolderOf,
  newQueue,
  reworkKind,
  runKind,
  subjectOf,
  type QueueDeps,
  type QueueParts,
} from './queue-parts.ts'
import type { Changes, QueueState } from './queue-rules.ts'
import { findEntry, findQueue, listQueues, listShownEntries, removeQueuesOf, type QueueKey } from './queue-store.ts'
import { createReworkHandler, startResolver, type ResolveWish } from './rework-entry.ts'
import { createQueueRunner } from './run-queue.ts'

export type { QueueDeps } from './queue-parts.ts'
export type { Enqueued } from './enqueue-branch.ts'

type OfQueue = Promise<Result<MergeQueue, 'NOT_FOUND'>>
type ResolveCode = Extract<Awaited<ReturnType<typeof startResolver>>, { ok: false }>['refusal']['code']

export interface QueueService {
  /** All queues, what has not ended of them, and what ended in the last day. */
  listShown(tx: Tx): Promise<{ mergeQueues: MergeQueue[]; mergeEntries: MergeEntry[] }>
  enqueue(input: NewEntry, by: Identity): Promise<Enqueued>
  approve(id: MergeEntryId, by: Identity): Deed<'NOT_ALLOWED'>
  withdraw(id: MergeEntryId, by: Identity): Deed<'NOT_ALLOWED' | 'LANDING'>
  restore(id: MergeEntryId, by: Identity): Deed<'NOT_ALLOWED' | 'ALREADY_QUEUED'>
  retry(id: MergeEntryId, head: string, by: Identity): Deed<'NOT_ALLOWED' | 'ALREADY_QUEUED' | 'HEAD_MOVED'>
  place(id: MergeEntryId, beforeId: MergeEntryId | null, by: Identity): Deed<'NOT_ALLOWED'>
  pause(key: QueueKey, reason: string | null, by: Identity): OfQueue
  resume(key: QueueKey, by: Identity): OfQueue
  configure(key: QueueKey, wish: Pick<MergeQueue, 'batchSize' | 'needsApproval'>, by: Identity): OfQueue
  resolve(
    wish: ResolveWish,
    by: Identity,
  ): Promise<Result<{ readonly entry: MergeEntry; readonly session: Session }, ResolveCode>>
  readonly handlers: ReadonlyMap<string, IntentHandler>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
}

/** A page shows what ended so recently, and at most so many. */
const shownMs = 24 * 60 * 60 * 1000
const mostShown = 200

/** Merges branches one after the other, each only when the gates pass on it together with all that is merged before it. */
export const createQueueService = (deps: QueueDeps): QueueService => {
  const parts = createQueueParts(deps)
  /** What is checked at this moment may not be what is wanted any more. */
  const stopWaiting = async <Code extends string>(done: Awaited<Deed<Code>>): Promise<Awaited<Deed<Code>>> => {
    if (done.ok) await stopIfIdle(parts, done.value.entry)
    return done
  }
  return {
    listShown: async (tx) => ({
      mergeQueues: await listQueues(tx),
      mergeEntries: await listShownEntries(tx, deps.clock.now() - shownMs, mostShown),
    }),
    enqueue: (input, by) => enqueueBranch(parts, input, by),
    approve: (id, by) => changeEntryOf(parts, { name: 'approve-merge', id, by }, (state) => approve(state, id)),
    withdraw: async (id, by) =>
      stopWaiting(
        await changeEntryOf(parts, { name: 'withdraw-merge', id, by }, (state) =>
          withdraw(state, id, !parts.notLanded.has(id)),
        ),
      ),
    restore: (id, by) => changeEntryOf(parts, { name: 'restore-merge', id, by }, (state) => restore(state, id)),
    retry: (id, head, by) => retryEntry(parts, { name: 'retry-merge', id, by }, head),
    place: (id, beforeId, by) =>
      changeEntryOf(parts, { name: 'place-merge', id, by }, (state) => place(state, id, beforeId)),
    pause: async (key, reason, by) => {
      const held = await changeQueueOf(parts, key, { name: 'pause-queue', by }, (state, now) =>
        pause(state, reason ?? '', !state.entries.every(isKnownNotLanded(parts)), now),
      )
      if (held.ok) await stopIfIdle(parts, key)
      return held
    },
    resume: (key, by) => changeQueueOf(parts, key, { name: 'resume-queue', by }, resume),
    configure: (key, wish, by) =>
      changeQueueOf(parts, key, { name: 'configure-queue', by }, () => ({ queue: { ...wish } })),
    resolve: (wish, by) => startResolver(parts, wish, by),
    handlers: new Map<string, IntentHandler>([
      [runKind, createQueueRunner(parts)],
      [reworkKind, createReworkHandler(parts)],
      [dropKind, async ({ payload }) => deps.merge.drop(payload as never).then(() => ({ kind: 'done' }))],
      [clearKind, ({ payload }) => clear(parts, payload as ClearPayload)],
    ]),
    forgetProject: (context, projectId) => forgetProject(parts, context, projectId),
  }
}

const isKnownNotLanded =
  ({ notLanded }: QueueParts) =>
  ({ id, state }: MergeEntry): boolean =>
    state !== 'merging' || notLanded.has(id)

/** Once no run is the queue's, nobody waits for its gates. */
const stopIfIdle = async ({ database, waits }: QueueParts, key: QueueKey): Promise<void> => {
  const queue = await database.read((tx) => findQueue(tx, key))
  if (!queue?.run) waits.get(subjectOf(key))?.abort()
}

const retryEntry = async (parts: QueueParts, deed: EntryDeed, head: string) => {
  const { database, projects, git } = parts
  const found = await database.read(async (tx) => {
    const entry = await findEntry(tx, deed.id)
    return entry && { entry, project: await projects.find(tx, entry.projectId) }
  })
  const cwd = found?.project?.rootPath
  const branch = found?.entry.branch ?? null
  const branchHead =
    cwd === undefined
      ? null
      : branch === null
        ? await resolveCommit(git, cwd, head)
        : await readRef(git, cwd, `refs/heads/${branch}`)
  return changeEntryOf(parts, deed, (state) => retry(state, { id: deed.id, head, branchHead }))
}

const changeQueueOf = (
  { runCommand, projects }: QueueParts,
  key: QueueKey,
  options: { readonly name: string; readonly by: Identity },
  decide: (state: QueueState, now: number) => Changes,
): OfQueue =>
  runCommand<MergeQueue, 'NOT_FOUND'>(options, async (context) => {
    const { tx, now } = context
    if (!(await projects.find(tx, key.projectId)))
      return refuse('NOT_FOUND', 'This project is not in the list any more. Open it again.')
    const state = await readQueue(tx, key, now)
    await writeChanges(context, state, decide(state, now))
    await kick(context, key)
    return ok((await findQueue(tx, key)) ?? newQueue(key.projectId, key.target))
  })

interface ClearPayload {
  readonly cwd: string
  readonly path: string
}

/** The project is forgotten, and the folder in which its gates ran was ours. */
const clear = async ({ git, checks }: QueueParts, { cwd, path }: ClearPayload) => {
  await checks.cancelGates(path, { kind: 'system', id: 'switchyard', right: 'full' })
  await dropHeldCommit(git, { cwd, path })
  return { kind: 'done' } as const
}

const forgetProject = async (parts: QueueParts, context: CommandContext, projectId: ProjectId): Promise<void> => {
  const { tx, now } = context
  const project = await parts.projects.find(tx, projectId)
  for (const queue of await listQueues(tx)) {
    if (queue.projectId !== projectId) continue
    parts.waits.get(subjectOf(queue))?.abort()
    await cancelIntents(tx, subjectOf(queue), runKind, now)
    const path = gateFolderOf(parts, queue)
    if (project) await context.intend({ kind: clearKind, subject: path, payload: { cwd: project.rootPath, path } })
  }
  for (const { id, target } of await removeQueuesOf(tx, projectId))
    await context.emit('entries.removed', id, { id, projectId, target })
}
