import type { Attempt } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import {
  creditAttempt,
  judgeHealth,
  leaseFrom,
  leaseMs,
  mustWarn,
  probesBeforeAsking,
  startLeaseMs,
} from './attempt-rules.ts'
import { findAttempt, listAttemptsAtWork, touchAttempt } from './attempts-store.ts'
import { writeAttempt, writeTask, type AttemptChange } from './change-task.ts'
import { expireAttempt } from './expire-attempt.ts'
import type { TasksDeps } from './task-parts.ts'
import { isAtWork } from './task-states-rules.ts'
import { listDueTasks } from './tasks-store.ts'

export interface AttemptWatch {
  /** Looks once at every attempt at work, and opens deferred tasks whose day has come; for the background loop. */
  look(signal: AbortSignal): Promise<void>
  /** After a start: whoever is gone is given up at once, and whoever lives gets a fresh lease for the time nobody listened. */
  reconcile(): Promise<void>
}

/** Asks after attempts that are suspect. Nobody is given up for being silent: only for being dead or over the deadline. */
export const createAttemptWatch = (deps: TasksDeps): AttemptWatch => {
  /** How often a silent holder was asked after, since its last sign. */
  const probes = new Map<AttemptId, { readonly count: number; readonly lastSignAt: number }>()

  const probe = async (attempt: Attempt) => {
    const before = probes.get(attempt.id)
    const count = before?.lastSignAt === attempt.lastSignAt ? before.count + 1 : 1
    probes.set(attempt.id, { count, lastSignAt: attempt.lastSignAt })
    if (count >= probesBeforeAsking && attempt.silentSince === null)
      await mark(deps, attempt, (now) => ({ silentSince: now }))
  }

  const askAfter = async (attempt: Attempt) => {
    const verdict = await deps.verdictOf(attempt.holder)
    switch (verdict.kind) {
      case 'dead':
        return void (await expireAttempt(deps, attempt, verdict))
      case 'alive-active':
        return renew(deps, attempt)
      case 'alive-silent':
        return probe(attempt)
      default:
        return unreachable(verdict)
    }
  }

  const lookAt = async (attempt: Attempt) => {
    const now = deps.clock.now()
    const health = judgeHealth(attempt, now)
    if (health === 'overdue') await expireAttempt(deps, attempt, { kind: 'overdue' })
    if (health === 'suspect') await askAfter(attempt)
    if (health !== 'overdue' && mustWarn(attempt, now)) await mark(deps, attempt, (at) => ({ warnedAt: at }))
  }

  const lookAtEach = async (look: (attempt: Attempt) => Promise<void>, signal?: AbortSignal) => {
    const atWork = await deps.database.read(listAttemptsAtWork)
    for (const id of probes.keys()) if (!atWork.some((attempt) => attempt.id === id)) probes.delete(id)
    for (const attempt of atWork) {
      if (signal?.aborted) return
      // One that cannot be asked after must not keep the others from it.
      await look(attempt).catch((error: unknown) =>
        deps.log.error({ err: error, attempt: attempt.id }, 'an attempt could not be looked after'),
      )
    }
  }

  return {
    look: async (signal) => {
      await lookAtEach(lookAt, signal)
      await openDueTasks(deps)
    },
    reconcile: () =>
      lookAtEach(async (attempt) => {
        const verdict = await deps.verdictOf(attempt.holder)
        if (verdict.kind === 'dead') await expireAttempt(deps, attempt, verdict)
        else await renew(deps, attempt)
      }),
  }
}

/** A holder that lives keeps its lease, whether or not it says so itself. */
const renew = (deps: TasksDeps, judged: Attempt) =>
  deps.runCommand({ name: 'renew-lease', by: systemIdentity }, async (context) => {
    const { tx, now } = context
    const attempt = await findAttempt(tx, judged.id)
    if (!attempt || !isAtWork(attempt.state)) return ok(undefined)
    // One that was not heard of yet is given the time to start once more.
    const ms = attempt.state === 'granted' ? startLeaseMs : leaseMs
    const times = { leaseUntil: leaseFrom(now, attempt.hardDeadline, ms), lastSignAt: now }
    if (attempt.silentSince === null) await touchAttempt(tx, { ...attempt, ...times })
    else await writeAttempt(context, attempt, { ...times, silentSince: null })
    return ok(undefined)
  })

const mark = (deps: TasksDeps, judged: Attempt, change: (now: number) => AttemptChange) =>
  deps.runCommand({ name: 'mark-attempt', by: systemIdentity }, async (context) => {
    const attempt = await findAttempt(context.tx, judged.id)
    if (attempt && isAtWork(attempt.state)) await writeAttempt(context, attempt, change(context.now))
    return ok(undefined)
  })

const openDueTasks = async (deps: TasksDeps) => {
  const due = await deps.database.read((tx) => listDueTasks(tx, deps.clock.now()))
  if (due.length === 0) return
  await deps.runCommand({ name: 'open-due-tasks', by: systemIdentity }, async (context) => {
    for (const task of await listDueTasks(context.tx, context.now)) await writeTask(context, task, { state: 'open' })
    return ok(undefined)
  })
}

/** Moves the times of every attempt at work by a gap in which nothing could run. */
export const creditAttempts = async (context: CommandContext, gapMs: number): Promise<void> => {
  for (const attempt of await listAttemptsAtWork(context.tx)) {
    const { leaseUntil, lastSignAt, hardDeadline } = creditAttempt(attempt, gapMs)
    await writeAttempt(context, attempt, { leaseUntil, lastSignAt, hardDeadline })
  }
}
