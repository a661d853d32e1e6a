import type { Move } from '../../../../shared/contract/tasks.ts'
import type { Attempt, Comment, Task } from '../../../../shared/contract/task-rows.ts'
import type { SessionId, TaskId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { hardDeadlineMs, leaseFrom } from './attempt-rules.ts'
import { findLiveAttempt, listLiveAttemptsOfSession } from './attempts-store.ts'
import { endAttempt, writeAttempt, writeTask, type TaskChange } from './change-task.ts'
import { moveBefore, refuseStale, type TaskResult } from './create-task.ts'
import { commandOptions, noTask, refuseEnded, type Recorded, type TasksDeps } from './task-parts.ts'
import { insertComment } from './task-notes-store.ts'
import { canMoveTask, isEnd, wordOf } from './task-states-rules.ts'
import { findTask } from './tasks-store.ts'

type MoveRefusal = 'NOT_FOUND' | 'STALE_REV' | 'TERMINAL' | 'NOT_ALLOWED'

const refuseMove = (task: Task, advice: string): Result<never, 'NOT_ALLOWED'> =>
  refuse('NOT_ALLOWED', `${task.key} is ${wordOf(task.state)}. ${advice}`, { task })

/** Where a task is to lie on the board: before another one, or last; undefined leaves it where it is. */
export interface BoardSpot {
  readonly beforeId?: TaskId | null | undefined
}

interface Deed extends BoardSpot {
  readonly name: string
  readonly taskId: TaskId
  readonly by: Identity
}

const placed = async <Done extends Recorded<{ readonly task: Task }>>(
  context: CommandContext,
  done: Done,
  beforeId: BoardSpot['beforeId'],
): Promise<Done> => (beforeId === undefined ? done : { ...done, ...(await moveBefore(context, done.task, beforeId)) })

/** What a person does with the states of tasks, each on the row as it is in the transaction. */
const decide = <Code extends string>(
  deps: TasksDeps,
  { name, taskId, by, beforeId }: Deed,
  act: (context: CommandContext, task: Task) => TaskResult<Code>,
): TaskResult<Code | 'NOT_FOUND'> =>
  deps.runCommand<{ task: Task; seq: number }, Code | 'NOT_FOUND'>(commandOptions(name, by), async (context) => {
    const task = await findTask(context.tx, taskId)
    if (!task) return noTask()
    const done = await act(context, task)
    return done.ok ? ok(await placed(context, done.value, beforeId)) : done
  })

export interface MoveInput extends BoardSpot {
  readonly taskId: TaskId
  readonly rev: number | null
  readonly move: Move
}

/**
 * Puts a task where a person wants it. Whoever works on it is stopped from writing: its attempt ends, and the epoch goes up,
 * so that not even a late word of an earlier attempt undoes what the person decided.
 */
export const moveTask = (deps: TasksDeps, input: MoveInput, by: Identity): TaskResult<MoveRefusal> =>
  decide<MoveRefusal>(deps, { ...input, name: 'move-task', by }, async (context, task) => {
    const { move } = input
    const stale = refuseStale(task, input.rev)
    if (stale) return stale
    if (isEnd(task.state)) return refuseEnded(task)
    if (!canMoveTask(task.state, move.to)) return refuseMove(task, adviceFor(task, move))
    return ok(await put(deps, context, task, move))
  })

const adviceFor = (task: Task, move: Move): string =>
  move.to === task.state
    ? 'There is nothing to move.'
    : move.to === 'done'
      ? 'It is done when its work was submitted and accepted; move it back to open to end it yourself.'
      : `It cannot become ${wordOf(move.to)} from there; open it first.`

const put = async (deps: TasksDeps, context: CommandContext, task: Task, move: Move) => {
  const reason = 'reason' in move ? move.reason : null
  const attempt = await findLiveAttempt(context.tx, task.id)
  if (attempt && move.to === 'done') await endAttempt(deps, context, attempt, { state: 'accepted' })
  else if (attempt)
    await endAttempt(deps, context, attempt, { state: 'cancelled', outcome: reason ?? 'A person took the task back.' })
  const change: TaskChange = {
    state: move.to,
    reason,
    deferUntil: move.to === 'deferred' ? move.until : null,
    retryAt: null,
    failedAttempts: move.to === 'open' ? 0 : task.failedAttempts,
    claimEpoch: task.claimEpoch + 1,
  }
  return writeTask(context, task, change)
}

export const cancelTask = (
  deps: TasksDeps,
  input: { readonly taskId: TaskId; readonly reason: string },
  by: Identity,
): TaskResult<'NOT_FOUND' | 'TERMINAL' | 'NOT_ALLOWED'> =>
  decide<'TERMINAL' | 'NOT_ALLOWED'>(deps, { name: 'cancel-task', taskId: input.taskId, by }, async (context, task) => {
    if (isEnd(task.state)) return refuseEnded(task)
    return ok(await put(deps, context, task, { to: 'cancelled', reason: input.reason }))
  })

export interface Reopening extends BoardSpot {
  readonly to?: 'open' | 'draft'
}

/** Takes an ended task up again, with all its attempts to come. */
export const reopenTask = (
  deps: TasksDeps,
  taskId: TaskId,
  by: Identity,
  { to = 'open', beforeId }: Reopening = {},
): TaskResult<'NOT_FOUND' | 'NOT_ALLOWED'> =>
  decide<'NOT_ALLOWED'>(deps, { name: 'reopen-task', taskId, by, beforeId }, async (context, task) => {
    if (!isEnd(task.state)) return refuseMove(task, 'Only a task that has ended is reopened; move it instead.')
    const opened = await openAfresh(context, task)
    return ok(to === 'open' ? opened : await writeTask(context, opened.task, { state: to }))
  })

/** Has a task tried again now, though its attempts are used up or it pauses. */
export const retryTask = (
  deps: TasksDeps,
  taskId: TaskId,
  by: Identity,
  { beforeId }: BoardSpot = {},
): TaskResult<'NOT_FOUND' | 'TERMINAL' | 'NOT_ALLOWED'> =>
  decide<'TERMINAL' | 'NOT_ALLOWED'>(deps, { name: 'retry-task', taskId, by, beforeId }, async (context, task) => {
    if (isEnd(task.state)) return refuseEnded(task)
    const isWaiting = task.state === 'blocked' || (task.state === 'open' && task.failedAttempts > 0)
    return isWaiting
      ? ok(await openAfresh(context, task))
      : refuseMove(task, 'There is no failed attempt to try again.')
  })

/** Opens a task with all its attempts to come. */
export const openAfresh = (context: CommandContext, task: Task) =>
  writeTask(context, task, {
    state: 'open',
    reason: null,
    failedAttempts: 0,
    retryAt: null,
    claimEpoch: task.claimEpoch + 1,
  })

type ReviewRefusal = 'TERMINAL' | 'NOT_ALLOWED'
type Reviewed = Recorded<{ readonly task: Task; readonly attempt: Attempt }>
export type ReviewResult = Promise<Result<Reviewed, ReviewRefusal | 'NOT_FOUND'>>

const review = (
  deps: TasksDeps,
  { name, taskId, by, beforeId }: Deed,
  act: (context: CommandContext, task: Task, attempt: Attempt) => Promise<Reviewed>,
): ReviewResult =>
  deps.runCommand<Reviewed, ReviewRefusal | 'NOT_FOUND'>(commandOptions(name, by), async (context) => {
    const task = await findTask(context.tx, taskId)
    if (!task) return noTask()
    if (isEnd(task.state)) return refuseEnded(task)
    const attempt = await findLiveAttempt(context.tx, task.id)
    if (task.state !== 'in_review' || !attempt) return refuseMove(task, 'Nothing was submitted for it yet.')
    return ok(await placed(context, await act(context, task, attempt), beforeId))
  })

/** The submitted work is good. */
export const acceptTask = (deps: TasksDeps, taskId: TaskId, by: Identity, { beforeId }: BoardSpot = {}): ReviewResult =>
  review(deps, { name: 'accept-task', taskId, by, beforeId }, async (context, task, submitted) => {
    const attempt = await endAttempt(deps, context, submitted, { state: 'accepted' })
    return { ...(await writeTask(context, task, { state: 'done', reason: null })), attempt }
  })

export interface ChangeRequest extends BoardSpot {
  readonly taskId: TaskId
  readonly comment: string
}

/** The work goes back to who submitted it: the same attempt goes on, with all its time again. */
export const requestChanges = (deps: TasksDeps, input: ChangeRequest, by: Identity): ReviewResult =>
  review(deps, { ...input, name: 'request-changes', by }, (context, task, submitted) =>
    sendBack(context, { task, submitted, comment: input.comment }, by),
  )

/** The same for whatever a session has in review, in the transaction of what it is asked to change. */
export const sendBackOfSession = async (
  context: CommandContext,
  { sessionId, comment }: { readonly sessionId: SessionId; readonly comment: string },
  by: Identity,
): Promise<readonly Reviewed[]> => {
  const sent: Reviewed[] = []
  for (const submitted of await listLiveAttemptsOfSession(context.tx, sessionId)) {
    const task = await findTask(context.tx, submitted.taskId)
    if (task?.state === 'in_review') sent.push(await sendBack(context, { task, submitted, comment }, by))
  }
  return sent
}

interface SendBack {
  readonly task: Task
  readonly submitted: Attempt
  readonly comment: string
}

const sendBack = async (
  context: CommandContext,
  { task, submitted, comment }: SendBack,
  by: Identity,
): Promise<Reviewed> => {
  const { now } = context
  const hardDeadline = now + hardDeadlineMs
  const { attempt } = await writeAttempt(context, submitted, {
    state: 'running',
    leaseUntil: leaseFrom(now, hardDeadline),
    lastSignAt: now,
    hardDeadline,
    warnedAt: null,
    silentSince: null,
  })
  await addComment(context, task, comment, by)
  return { ...(await writeTask(context, task, { state: 'changes_requested', reason: null })), attempt }
}

/** Writes a comment in the transaction of what it is about. */
export const addComment = async (context: CommandContext, task: Task, body: string, by: Identity) => {
  const author = { kind: by.kind, id: by.id }
  const comment: Comment = { id: context.newId('cmt'), taskId: task.id, by: author, body, at: context.now }
  await insertComment(context.tx, comment)
  return { comment, seq: await context.emit('comments.recorded', task.id, comment) }
}
