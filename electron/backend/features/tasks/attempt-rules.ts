import type { Attempt, Holder, Task } from '../../../../shared/contract/task-rows.ts'
import { refuse, ok, type Result } from '../../../../shared/lib/result.ts'
import { isAtWork, isEnd, isLive, wordOf } from './task-states-rules.ts'

/** From the claim to the first sign: an agent's start with its worktree takes seconds, on a busy machine a minute. */
export const startLeaseMs = 120_000
export const leaseMs = 15 * 60_000
/** Whoever said nothing for this long is asked after; nobody is given up for it alone. */
export const silentAfterMs = 3 * 60_000
export const hardDeadlineMs = 4 * 3_600_000
/** The warning comes at three quarters of the way. */
export const warnBeforeMs = hardDeadlineMs / 4
/** Looks at a live holder that says nothing, before the person is asked. */
export const probesBeforeAsking = 3

const firstBackOffMs = 30_000
const longestBackOffMs = 10 * 60_000
export const massDeathWindowMs = 60_000
const massDeathCount = 3

/** How long a task pauses after this many failed attempts. */
export const backOffMs = (failedAttempts: number): number =>
  Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.max(0, failedAttempts - 1))

/** Renewed until so long from now, but never beyond the hard deadline. */
export const leaseFrom = (now: number, hardDeadline: number, ms = leaseMs): number => Math.min(now + ms, hardDeadline)

/** Several at once have one cause, and the next would die of it too. */
export const isMassDeath = (deathTimes: readonly number[], now: number): boolean =>
  deathTimes.filter((at) => now - at < massDeathWindowMs).length >= massDeathCount

export type Health = 'well' | 'suspect' | 'overdue'

/** Suspect is not dead: it is who must be asked after. */
export const judgeHealth = (attempt: Attempt, now: number): Health => {
  if (!isAtWork(attempt.state)) return 'well'
  if (now >= attempt.hardDeadline) return 'overdue'
  // Until its first sign it has the start lease alone.
  const isSilent = attempt.state === 'running' && now - attempt.lastSignAt >= silentAfterMs
  return now >= attempt.leaseUntil || isSilent ? 'suspect' : 'well'
}

export const mustWarn = (attempt: Attempt, now: number): boolean =>
  isAtWork(attempt.state) && attempt.warnedAt === null && now >= attempt.hardDeadline - warnBeforeMs

/** What becomes of a task whose attempt came to nothing: open again after a pause, or the person's when that was the last. */
export const afterFailure = (
  task: Task,
  failure: { readonly reason: string; readonly now: number; readonly isCounted: boolean },
): Pick<Task, 'state' | 'reason' | 'failedAttempts' | 'retryAt'> => {
  const { reason, now, isCounted } = failure
  if (!isCounted) return { state: 'open', reason, failedAttempts: task.failedAttempts, retryAt: null }
  const failedAttempts = task.failedAttempts + 1
  return failedAttempts >= task.maxAttempts
    ? { state: 'blocked', reason: `Attempt ${failedAttempts} failed too: ${reason}`, failedAttempts, retryAt: null }
    : { state: 'open', reason, failedAttempts, retryAt: now + backOffMs(failedAttempts) }
}

/** Moves what is to come by the time in which nothing could run. */
export const creditAttempt = (attempt: Attempt, gapMs: number): Attempt => ({
  ...attempt,
  leaseUntil: attempt.leaseUntil + gapMs,
  lastSignAt: attempt.lastSignAt + gapMs,
  hardDeadline: attempt.hardDeadline + gapMs,
})

/**
 * Whether the speaker is who holds the attempt. A later start of the same session is: at most one start of a session lives,
 * and only that one's token opens.
 */
export const isHolder = (holder: Holder, speaker: Holder): boolean => {
  if (holder.kind === 'session') return speaker.kind === 'session' && holder.sessionId === speaker.sessionId
  return (
    speaker.kind === 'process' &&
    holder.pid === speaker.pid &&
    holder.startTime === speaker.startTime &&
    holder.bootId === speaker.bootId
  )
}

export type WriteRefusal = 'STALE_EPOCH' | 'NOT_YOURS' | 'TERMINAL'

/**
 * Whether an attempt may still write. `late` is one that was thought dead while its epoch is still the task's: nobody came
 * after it, so its word stands.
 */
export const judgeWrite = (
  task: Task,
  attempt: Attempt,
  write: { readonly speaker: Holder; readonly epoch: number },
): Result<'current' | 'late', WriteRefusal> => {
  const current = { task, attempt }
  if (!isHolder(attempt.holder, write.speaker))
    return refuse('NOT_YOURS', `Another session holds this attempt at ${task.key}. Claim a task of your own.`, current)
  const isCurrent = write.epoch === attempt.epoch && attempt.epoch === task.claimEpoch
  if (isCurrent && isLive(attempt.state)) return ok('current')
  if (isEnd(task.state))
    return refuse('TERMINAL', `${task.key} is ${wordOf(task.state)}. Stop working on it; take another task.`, current)
  if (isCurrent && attempt.state === 'expired' && (task.state === 'open' || task.state === 'blocked')) return ok('late')
  return refuse(
    'STALE_EPOCH',
    `Your attempt at ${task.key} (epoch ${write.epoch}) is over: it was ${attempt.state}, and the task is now ${wordOf(task.state)} (epoch ${task.claimEpoch}). Stop working on it and claim again.`,
    current,
  )
}
