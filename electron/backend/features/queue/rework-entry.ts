import type { EntryRoute, MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import type { StartSession } from '../../../../shared/contract/tasks.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { MergeEntryId, SessionId, TaskId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { readQueue, writeChanges } from './change-queue.ts'
import type { QueueParts } from './queue-parts.ts'
import { findEntry } from './queue-store.ts'
import { reworkText, resolverText, reworkTitle } from './rework-words-rules.ts'

interface ReworkPayload {
  readonly id: MergeEntryId
  readonly rev: number
}

/**
 * Sends an entry that conflicts or failed back to who made it: changes are requested of their task, or a task is made of it,
 * and they are told by mail. Said again after a crash, each is done once.
 */
export const createReworkHandler =
  (parts: QueueParts): IntentHandler =>
  async ({ payload }) => {
    const { id, rev } = payload as ReworkPayload
    const entry = await parts.database.read((tx) => findEntry(tx, id))
    // Queued again or withdrawn meanwhile: then it is nobody's work any more.
    if (!entry || !needsRework(entry) || entry.route) return { kind: 'done' }
    const { author, excerpt } = await gather(parts, entry)
    const text = reworkText(entry, excerpt)
    const taskId = await giveBack(parts, entry, { author, text, requestId: `rework-${id.slice(4)}-${rev}` })
    await tell(parts, entry, { author, text, taskId })
    return { kind: 'done' }
  }

const needsRework = ({ state }: MergeEntry): boolean => state === 'conflicted' || state === 'failed'

const gather = async ({ database, sessions, checks }: QueueParts, entry: MergeEntry) => {
  const { sessionId, failedRun } = entry
  const session = sessionId && (await database.read((tx) => sessions.find(tx, sessionId)))
  const author = session && session.lifecycle !== 'archived' ? session : null
  const output = failedRun === null ? null : await checks.output(failedRun)
  return { author, excerpt: output?.ok ? output.value.text : '' }
}

interface Rework {
  readonly author: Session | null
  readonly text: string
  readonly requestId: string
}

/** The task in which it is done; null when the author has none and is told by mail alone. */
const giveBack = async (
  { tasks, database }: QueueParts,
  entry: MergeEntry,
  { author, text, requestId }: Rework,
): Promise<TaskId | null> => {
  const { taskId } = entry
  const task = taskId && (await database.read((tx) => tasks.find(tx, taskId)))
  if (taskId && task && task.state === 'in_review') {
    const asked = await tasks.requestChanges({ taskId, comment: text }, systemIdentity)
    if (asked.ok) return taskId
  }
  if (author) return task ? task.id : null
  // Whoever made it is not there any more: it is open for others.
  const { created } = await createTask(tasks, entry, { body: text, state: 'open', requestId }, systemIdentity)
  return created.ok ? created.value.task.id : null
}

const createTask = async (
  tasks: QueueParts['tasks'],
  entry: MergeEntry,
  wish: { readonly body: string; readonly state: 'open' | 'draft'; readonly requestId: string },
  by: Identity,
) => ({
  created: await tasks.create(
    {
      projectId: entry.projectId,
      title: reworkTitle(entry),
      kind: 'task',
      priority: 1,
      labels: [],
      requiredRole: null,
      allowedAgents: [],
      declaredPaths: [],
      baseRef: entry.branch,
      maxAttempts: 2,
      doneWhen: 'completed',
      parentId: null,
      ...wish,
    },
    by,
  ),
})

/** The mail and the note of it are one: killed before, neither happened. */
const tell = (
  { runCommand, mail }: QueueParts,
  { id, rev, projectId, title }: MergeEntry,
  { author, text, taskId }: { readonly author: Session | null; readonly text: string; readonly taskId: TaskId | null },
) =>
  runCommand({ name: 'rework-merge', by: systemIdentity }, async (context) => {
    const { tx, now } = context
    const entry = await findEntry(tx, id)
    if (!entry || entry.rev !== rev) return ok(undefined)
    const route: EntryRoute = { to: 'author', taskId, sessionId: author?.id ?? null, at: now }
    await writeChanges(context, await readQueue(tx, entry, now), { entries: [{ id, route }] })
    const recipient = author ? ({ kind: 'session', sessionId: author.id } as const) : ({ kind: 'person' } as const)
    await mail.notify(context, { projectId, subject: `Not merged: ${title}`.slice(0, 200), body: text, recipient })
    return ok(undefined)
  })

export interface ResolveWish extends Pick<StartSession, 'agentId' | 'model' | 'permissionMode' | 'requestId'> {
  readonly entryId: MergeEntryId
}

/** Has another session mend it, in a worktree of its own that starts from the entry's commit. */
export const startResolver = async (parts: QueueParts, wish: ResolveWish, by: Identity) => {
  const { entryId, requestId, ...how } = wish
  const entry = await parts.database.read((tx) => findEntry(tx, entryId))
  if (!entry) return refuse('NOT_FOUND', 'This entry is not in the merge queue any more. Look at the queue again.')
  if (!needsRework(entry))
    return refuse('NOT_ALLOWED', `“${entry.title}” has nothing to resolve. Look at the queue again.`, entry)
  const { excerpt } = await gather(parts, entry)
  const body = resolverText(entry, excerpt)
  const ids = { task: `resolve-${requestId}`.slice(0, 64), session: requestId }
  const { created } = await createTask(parts.tasks, entry, { body, state: 'open', requestId: ids.task }, by)
  if (!created.ok) return refuse('NOT_STARTED', created.refusal.message)
  const taskId = created.value.task.id
  const worktree = { kind: 'new-branch', baseRef: entry.branch ?? entry.head, branch: null } as const
  const started = await parts.tasks.startSession({ ...how, taskId, title: null, prompt: null, worktree, requestId }, by)
  if (!started.ok) return startRefusal(started.refusal)
  const { session } = started.value
  const routed = await route(parts, entry, { taskId, sessionId: session.id }, by)
  return routed.ok ? ok({ entry: routed.value, session }) : routed
}

const startCodes = [
  'NOT_FOUND',
  'INVALID',
  'AGENT_MISSING',
  'PROJECT_UNUSABLE',
  'BRANCH_EXISTS',
  'BRANCH_IN_USE',
  'BAD_BRANCH_NAME',
  'BAD_BASE',
] as const

/** Why a task was not claimed says nothing to whoever wants a resolver: it is said in words. */
const startRefusal = ({ code, message }: { readonly code: string; readonly message: string }) =>
  refuse(startCodes.find((known) => known === code) ?? 'NOT_STARTED', message)

const route = (
  { runCommand }: QueueParts,
  { id }: MergeEntry,
  to: { readonly taskId: TaskId; readonly sessionId: SessionId },
  by: Identity,
): Promise<Result<MergeEntry, 'NOT_FOUND'>> =>
  runCommand<MergeEntry, 'NOT_FOUND'>({ name: 'resolve-merge', by }, async (context) => {
    const { tx, now } = context
    const entry = await findEntry(tx, id)
    if (!entry) return refuse('NOT_FOUND', 'This entry is not in the merge queue any more.')
    const changes = needsRework(entry) ? [{ id, route: { to: 'resolver' as const, ...to, at: now } }] : []
    await writeChanges(context, await readQueue(tx, entry, now), { entries: changes })
    return ok((await findEntry(tx, id)) ?? entry)
  })
