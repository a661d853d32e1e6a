import type { Failure, NewCheckpoint, Release, Submission } from '../../../../shared/contract/tasks.ts'
import type { Attempt, Checkpoint, Task } from '../../../../shared/contract/task-rows.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { afterFailure, judgeWrite, leaseFrom, type WriteRefusal } from './attempt-rules.ts'
import { findAttempt, takeBackDeath } from './attempts-store.ts'
import { endAttempt, writeAttempt, writeTask } from './change-task.ts'
import { rescueIntent } from './rescue-attempt.ts'
import { insertCheckpoint } from './task-notes-store.ts'
import { commandOptions, type AttemptRef, type Recorded, type Speaker, type TasksDeps } from './task-parts.ts'
import { isAtWork } from './task-states-rules.ts'
import { findTask } from './tasks-store.ts'

export type AttemptRefusal = WriteRefusal | 'NOT_FOUND' | 'OVERDUE' | 'NOT_ALLOWED'
export type Written = Recorded<{ readonly task: Task; readonly attempt: Attempt }>

/** One word of an attempt's holder: who says it, of which attempt, and the request it answers. */
export interface AttemptWord {
  readonly ref: AttemptRef
  readonly speaker: Speaker
  readonly requestId: string
}

interface Held {
  readonly task: Task
  readonly attempt: Attempt
  readonly standing: 'current' | 'late'
}

const hold = async (
  { tx }: CommandContext,
  { ref, speaker }: AttemptWord,
): Promise<Result<Held, WriteRefusal | 'NOT_FOUND'>> => {
  const attempt = await findAttempt(tx, ref.attemptId)
  const task = attempt && (await findTask(tx, attempt.taskId))
  if (!task) return refuse('NOT_FOUND', 'This attempt is not there any more. Claim a task again.')
  const judged = judgeWrite(task, attempt, { speaker: speaker.holder, epoch: ref.epoch })
  return judged.ok ? ok({ task, attempt, standing: judged.value }) : judged
}

const runWord = <Value>(
  deps: TasksDeps,
  name: string,
  word: AttemptWord,
  act: (context: CommandContext, held: Held) => Promise<Result<Value, AttemptRefusal>>,
): Promise<Result<Value, AttemptRefusal>> =>
  deps.runCommand<Value, AttemptRefusal>(commandOptions(name, word.speaker.by, word.requestId), async (context) => {
    const held = await hold(context, word)
    return held.ok ? act(context, held.value) : held
  })

const overdue = ({ task }: Held): Result<never, 'OVERDUE'> =>
  refuse(
    'OVERDUE',
    `Your time for ${task.key} is over. Submit what you have; that is still taken while nobody came after you.`,
  )
const inReview = ({ task, attempt }: Held): Result<never, 'NOT_ALLOWED'> =>
  refuse('NOT_ALLOWED', `${task.key} is in review. Wait for the answer.`, { task, attempt })

/** Says that the holder still works. The first time it begins the work. */
export const renewAttempt = (deps: TasksDeps, word: AttemptWord): Promise<Result<Written, AttemptRefusal>> =>
  runWord(deps, 'renew-attempt', word, async (context, held) => {
    if (held.attempt.state === 'submitted') return inReview(held)
    if (context.now >= held.attempt.hardDeadline) return overdue(held)
    return ok(await markAtWork(context, held, word.speaker))
  })

/** Brings an attempt to work, or finds it there: whatever it was thought to be, its holder has just been heard. */
export const markAtWork = async (
  context: CommandContext,
  { task, attempt }: Pick<Held, 'task' | 'attempt'>,
  { holder }: Pick<Speaker, 'holder'>,
): Promise<Written> => {
  const { now } = context
  const failedAttempts = await undoDeath(context, task, attempt)
  const written = await writeAttempt(context, attempt, {
    // A later start of the session goes on with what the earlier one began.
    holder,
    state: 'running',
    leaseUntil: leaseFrom(now, attempt.hardDeadline),
    lastSignAt: now,
    silentSince: null,
    outcome: null,
  })
  if (task.state === 'in_progress') return { task, ...written }
  const begun = await writeTask(context, task, { state: 'in_progress', reason: null, failedAttempts })
  return { ...begun, attempt: written.attempt }
}

/** The failed attempts of a task, without one that was counted for a holder who has just been heard. */
const undoDeath = async ({ tx }: CommandContext, task: Task, attempt: Attempt): Promise<number> =>
  (await takeBackDeath(tx, attempt.id)) ? Math.max(0, task.failedAttempts - 1) : task.failedAttempts

/** Keeps what the attempt knows for whoever goes on after it. */
export const takeCheckpoint = (
  deps: TasksDeps,
  word: AttemptWord,
  input: NewCheckpoint,
): Promise<Result<Recorded<{ readonly checkpoint: Checkpoint }>, AttemptRefusal>> =>
  runWord(deps, 'take-checkpoint', word, async (context, held) => {
    const { task, attempt } = held
    // Knowledge is worth keeping also from one whose time is over or whose work is in review.
    if (attempt.state !== 'submitted' && context.now < attempt.hardDeadline)
      await markAtWork(context, held, word.speaker)
    const id = context.newId('chk')
    const checkpoint: Checkpoint = { ...input, id, taskId: task.id, attemptId: attempt.id, at: context.now }
    await insertCheckpoint(context.tx, checkpoint)
    return ok({ checkpoint, seq: await context.emit('checkpoints.recorded', task.id, checkpoint) })
  })

type Submitted =
  | { readonly kind: 'submitted'; readonly written: Written }
  | ({ readonly kind: 'superseded' } & {
      readonly refusal: Extract<Result<never, WriteRefusal>, { ok: false }>
    })

/**
 * Hands the work in for review. Work that comes too late, after the task went on without it, is refused and nevertheless
 * kept: its commit is written down and its worktree saved, before the refusal is told.
 */
export const submitAttempt = async (
  deps: TasksDeps,
  word: AttemptWord,
  input: Submission,
): Promise<Result<Written, AttemptRefusal>> => {
  const options = commandOptions('submit-attempt', word.speaker.by, word.requestId)
  const outcome = await deps.runCommand<Submitted, AttemptRefusal>(options, async (context) => {
    const held = await hold(context, word)
    if (held.ok) return ok({ kind: 'submitted', written: await submit(context, held.value, word.speaker, input) })
    return held.refusal.code === 'STALE_EPOCH' || held.refusal.code === 'TERMINAL'
      ? supersede(context, word, input, { ok: false, refusal: { ...held.refusal, code: held.refusal.code } })
      : held
  })
  if (!outcome.ok) return outcome
  return outcome.value.kind === 'submitted' ? ok(outcome.value.written) : outcome.value.refusal
}

const submit = async (
  context: CommandContext,
  { task, attempt }: Held,
  { holder }: Speaker,
  input: Submission,
): Promise<Written> => {
  const failedAttempts = await undoDeath(context, task, attempt)
  const written = await writeAttempt(context, attempt, {
    holder,
    state: 'submitted',
    headSha: input.headSha,
    outcome: input.summary,
    lastSignAt: context.now,
    silentSince: null,
  })
  // A second submission while it is in review puts the newer work in the place of the older.
  if (task.state === 'in_review') return { task, ...written }
  const reviewed = await writeTask(context, task, { state: 'in_review', reason: null, failedAttempts })
  return { ...reviewed, attempt: written.attempt }
}

const supersede = async (
  context: CommandContext,
  { ref }: AttemptWord,
  input: Submission,
  refused: Extract<Result<never, WriteRefusal>, { ok: false }>,
): Promise<Result<Submitted, WriteRefusal>> => {
  const attempt = await findAttempt(context.tx, ref.attemptId)
  const canKeep = attempt && ['expired', 'released', 'failed', 'cancelled'].includes(attempt.state)
  if (!canKeep || ref.epoch !== attempt.epoch) return refused
  const kept = await writeAttempt(context, attempt, {
    state: 'superseded',
    headSha: input.headSha,
    outcome: input.summary,
  })
  const rescue = rescueIntent(kept.attempt, `${attempt.id}-late`)
  if (rescue) await context.intend(rescue)
  const message = `${refused.refusal.message} What you submitted is kept with the attempt.`
  const current = { ...refused.refusal.current, attempt: kept.attempt }
  return ok({ kind: 'superseded', refusal: { ok: false, refusal: { code: refused.refusal.code, message, current } } })
}

/** The holder could not do it. */
export const failAttempt = (
  deps: TasksDeps,
  word: AttemptWord,
  { reason }: Failure,
): Promise<Result<Written, AttemptRefusal>> =>
  runWord(deps, 'fail-attempt', word, async (context, held) => {
    const refused = refuseToGiveBack(held)
    if (refused) return refused
    const attempt = await endAttempt(deps, context, held.attempt, { state: 'failed', outcome: reason })
    const change = afterFailure(held.task, { reason, now: context.now, isCounted: true })
    return ok({ ...(await writeTask(context, held.task, change)), attempt })
  })

/** The holder gives it back undone, which is no failure: for anybody, or blocked until a person has seen to something. */
export const releaseAttempt = (
  deps: TasksDeps,
  word: AttemptWord,
  { reason, to }: Release,
): Promise<Result<Written, AttemptRefusal>> =>
  runWord(deps, 'release-attempt', word, async (context, held) => {
    const refused = refuseToGiveBack(held)
    if (refused) return refused
    const attempt = await endAttempt(deps, context, held.attempt, { state: 'released', outcome: reason })
    return ok({ ...(await writeTask(context, held.task, { state: to, reason, retryAt: null })), attempt })
  })

const refuseToGiveBack = (held: Held): Result<never, AttemptRefusal> | null => {
  const { task, attempt, standing } = held
  if (standing === 'late')
    return refuse(
      'STALE_EPOCH',
      `Your attempt at ${task.key} had expired and the task was given back already. Claim another task.`,
      { task, attempt },
    )
  return isAtWork(attempt.state) ? null : inReview(held)
}
