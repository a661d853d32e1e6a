import type { Attempt, Checkpoint, Task } from '../../../../shared/contract/task-rows.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { ProjectId, TaskId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { hardDeadlineMs, startLeaseMs } from './attempt-rules.ts'
import { findLiveAttempt, findRescueRefBefore, insertAttempt, nextAttemptNumber } from './attempts-store.ts'
import { writeTask } from './change-task.ts'
import { listWaits, listWaitsOf } from './dependencies-store.ts'
import { readDispatch } from './dispatch-store.ts'
import { judgeClaim, judgeReady, type ClaimRefusal, type Claimant } from './ready-rules.ts'
import { findLastCheckpoint } from './task-notes-store.ts'
import { commandOptions, noTask, type Recorded, type Speaker, type TasksDeps } from './task-parts.ts'
import { findTask, pagesOfCandidates } from './tasks-store.ts'

/** One task by its id, or the next that is ready. */
export type ClaimWish =
  { readonly kind: 'task'; readonly taskId: TaskId } | { readonly kind: 'next'; readonly projectId: ProjectId }

export type Granted = Recorded<{ readonly task: Task; readonly attempt: Attempt }>

/** What attempts before this one left for it. */
export interface Legacy {
  readonly checkpoint: Checkpoint | null
  readonly rescueRef: string | null
}

export type ClaimResult = Result<Granted & Legacy, ClaimRefusal | 'NOT_FOUND' | 'NOTHING_READY'>

/**
 * Gives a task to whoever asks: whether it is ready is asked in the transaction that gives it. A claim of a named task that
 * is refused is itself a fact of that task; a repeat of a request gets the first one's answer, whatever it was.
 */
export const claimTask = (
  deps: TasksDeps,
  wish: ClaimWish,
  speaker: Speaker,
  requestId: string,
): Promise<ClaimResult> => {
  const options = commandOptions('claim-task', speaker.by, requestId)
  const recording = wish.kind === 'task' ? { ...options, recordRefusalUnder: wish.taskId } : options
  return deps.runCommand(recording, async (context): Promise<ClaimResult> => {
    const { holder } = speaker
    const session = holder.kind === 'session' ? await deps.sessions.find(context.tx, holder.sessionId) : null
    if (session === undefined) return refuse('NOT_FOUND', 'Your session is not there any more.')
    const claimant = { agentId: session?.agentId ?? null, role: session?.role ?? null }
    const chosen = await choose(context, wish, session, claimant)
    if (!chosen.ok) return chosen
    const granted = await grant(context, chosen.value, speaker, session)
    return ok({ ...granted, ...(await findLegacy(context.tx, granted.attempt)) })
  })
}

const findLegacy = async (tx: Tx, attempt: Attempt): Promise<Legacy> =>
  attempt.number === 1
    ? { checkpoint: null, rescueRef: null }
    : {
        checkpoint: (await findLastCheckpoint(tx, attempt.taskId)) ?? null,
        rescueRef: await findRescueRefBefore(tx, attempt),
      }

const choose = async (
  { tx, now }: CommandContext,
  wish: ClaimWish,
  session: Session | null,
  claimant: Claimant,
): Promise<Result<Task, ClaimRefusal | 'NOT_FOUND' | 'NOTHING_READY'>> => {
  const { dispatch } = await readDispatch(tx)
  if (wish.kind === 'task') {
    const task = await findTask(tx, wish.taskId)
    // A session sees its own project alone.
    if (!task || (session && session.projectId !== task.projectId)) return noTask()
    const judged = judgeClaim(task, await listWaits(tx, task.id), { claimant, dispatch, now })
    if (judged.ok) return ok(task)
    const attempt = await findLiveAttempt(tx, task.id)
    return refuse(judged.refusal.code, judged.refusal.message, attempt ? { task, attempt } : { task })
  }
  const projectId = session?.projectId ?? wish.projectId
  if (dispatch.paused) return refuse('PAUSED', `No task is handed out: ${dispatch.paused.reason} A person resumes it.`)
  for await (const { candidate, waits } of candidatesOf(tx, projectId)) {
    if (!judgeClaim(candidate, waits, { claimant, dispatch, now }).ok) continue
    const task = await findTask(tx, candidate.id)
    if (task) return ok(task)
  }
  return refuse('NOTHING_READY', 'No task is ready for you now. Ask again later, or look at the list of tasks.')
}

/** The open tasks of a project in the order in which they are handed out, each with what it waits for. */
async function* candidatesOf(tx: Tx, projectId: ProjectId) {
  for await (const page of pagesOfCandidates(tx, projectId)) {
    const waitsById = await listWaitsOf(
      tx,
      page.map(({ id }) => id),
    )
    for (const candidate of page) yield { candidate, waits: waitsById.get(candidate.id) ?? [] }
  }
}

/** Writes the attempt down and gives it the task. Whether it may have it was judged in the same transaction. */
export const grant = async (
  context: CommandContext,
  before: Task,
  { holder }: Pick<Speaker, 'holder'>,
  session: Session | null,
): Promise<Granted> => {
  const { tx, now } = context
  const epoch = before.claimEpoch + 1
  const attempt: Attempt = {
    id: context.newId('att'),
    taskId: before.id,
    number: await nextAttemptNumber(tx, before.id),
    epoch,
    holder,
    worktreeId: session?.worktreeId ?? null,
    state: 'granted',
    leaseUntil: now + startLeaseMs,
    lastSignAt: now,
    hardDeadline: now + hardDeadlineMs,
    warnedAt: null,
    silentSince: null,
    headSha: null,
    outcome: null,
    rescueRef: null,
    createdAt: now,
    endedAt: null,
    rev: 0,
  }
  await insertAttempt(tx, attempt)
  await context.emit('attempts.changed', before.id, attempt)
  const claimed = await writeTask(context, before, { state: 'claimed', claimEpoch: epoch, reason: null, retryAt: null })
  return { ...claimed, attempt }
}

/** Tasks of a project that could be claimed now, in the order in which they would be. */
export const listReadyTasks = async (tx: Tx, projectId: ProjectId, now: number): Promise<Task[]> => {
  const ready: Task[] = []
  for await (const { candidate, waits } of candidatesOf(tx, projectId)) {
    if (!judgeReady(candidate, waits, now).ok) continue
    const task = await findTask(tx, candidate.id)
    if (task) ready.push(task)
  }
  return ready
}
