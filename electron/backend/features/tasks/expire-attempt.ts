import type { Attempt, Dispatch, Task } from '../../../../shared/contract/task-rows.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { afterFailure, isMassDeath, massDeathWindowMs } from './attempt-rules.ts'
import { findAttempt, listDeathsSince, markDeath } from './attempts-store.ts'
import { endAttempt, writeTask, type TaskChange } from './change-task.ts'
import { readDispatch, writeDispatch } from './dispatch-store.ts'
import { rescueIntent } from './rescue-attempt.ts'
import type { TasksDeps } from './task-parts.ts'
import { isAtWork } from './task-states-rules.ts'
import { findTask } from './tasks-store.ts'

/** Why an attempt is given up. */
export type Loss =
  { readonly kind: 'dead'; readonly how: string; readonly wasAsked: boolean } | { readonly kind: 'overdue' }

/**
 * Gives up an attempt that was judged lost, in one command: the attempt expires, its task is open again or the person's, and
 * the saving of its work is intended. Answers false when it was heard of since it was judged, or is over already.
 */
export const expireAttempt = async (deps: TasksDeps, judged: Attempt, loss: Loss): Promise<boolean> => {
  const outcome = await deps.runCommand({ name: 'expire-attempt', by: systemIdentity }, async (context) => {
    const attempt = await findAttempt(context.tx, judged.id)
    const task = attempt && (await findTask(context.tx, attempt.taskId))
    if (!task || !isAtWork(attempt.state) || wasHeardSince(judged, attempt)) return ok(false)
    // One that was asked for changes and has not begun on them may have ended long ago, its work done.
    const isCounted = loss.kind === 'dead' && !loss.wasAsked && task.state !== 'changes_requested'
    const ended = await endAttempt(deps, context, attempt, { state: 'expired', outcome: describe(loss) })
    await writeTask(context, task, changeAfter(task, loss, isCounted, context.now))
    const rescue = rescueIntent(ended)
    if (rescue) await context.intend(rescue)
    if (isCounted) await countDeath(context, ended)
    return ok(true)
  })
  return outcome.ok && outcome.value
}

const wasHeardSince = (judged: Attempt, now: Attempt) =>
  now.epoch !== judged.epoch || now.lastSignAt !== judged.lastSignAt || now.hardDeadline !== judged.hardDeadline

const describe = (loss: Loss): string =>
  loss.kind === 'dead' ? loss.how : 'It worked until its deadline and submitted nothing.'

/** An overdue holder still works, so nobody else is set to the same task beside it: the person decides. */
const changeAfter = (task: Task, loss: Loss, isCounted: boolean, now: number): TaskChange =>
  loss.kind === 'overdue'
    ? { state: 'blocked', reason: `${describe(loss)} It may still be at work: look at it, then retry.`, retryAt: null }
    : afterFailure(task, { reason: describe(loss), now, isCounted })

const countDeath = async (context: CommandContext, attempt: Attempt) => {
  const { tx, now } = context
  await markDeath(tx, attempt.id, now)
  const { dispatch, resumedAt } = await readDispatch(tx)
  if (dispatch.paused) return
  const deaths = await listDeathsSince(tx, Math.max(resumedAt, now - massDeathWindowMs))
  if (!isMassDeath(deaths, now)) return
  const reason = `${deaths.length} attempts died within a minute.`
  const paused: Dispatch = { paused: { at: now, reason }, rev: dispatch.rev + 1 }
  await writeDispatch(tx, { dispatch: paused, resumedAt })
  await context.emit('dispatch.changed', 'dispatch', paused)
}

/** Hands out tasks again; the deaths so far are answered for. */
export const resumeDispatch = (deps: TasksDeps, by: Parameters<TasksDeps['runCommand']>[0]['by']) =>
  deps.runCommand({ name: 'resume-dispatch', by }, async (context) => {
    const { dispatch } = await readDispatch(context.tx)
    const free: Dispatch = { paused: null, rev: dispatch.rev + 1 }
    await writeDispatch(context.tx, { dispatch: free, resumedAt: context.now })
    return ok({ dispatch: free, seq: await context.emit('dispatch.changed', 'dispatch', free) })
  })
