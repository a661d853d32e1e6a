import type { Attempt } from '../../../shared/contract/task-rows.ts'
import { isAttemptLive } from './blockers.ts'
import { momentOf } from './task-words.ts'

/** What there is to say of an attempt beside its state; null when that is all. */
export const attemptNote = (attempt: Attempt, now: number): string | null => {
  if (!isAttemptLive(attempt.state)) return attempt.outcome
  if (attempt.state === 'submitted') return attempt.outcome ?? 'It waits for your word.'
  if (attempt.silentSince !== null)
    return `It has said nothing since ${momentOf(attempt.silentSince, now)}, though its process lives. Look at its terminal.`
  if (attempt.warnedAt !== null) return `Its time is nearly over: it ends at ${momentOf(attempt.hardDeadline, now)}.`
  return leaseNote(attempt, now)
}

/** Until when it holds the task without a further sign of life. The time is renewed by whatever its agent does. */
export const leaseNote = (attempt: Pick<Attempt, 'leaseUntil' | 'hardDeadline'>, now: number): string =>
  // The page hears of renewals only with the next change: a time that is over was renewed, or its end is on its way.
  attempt.leaseUntil > now
    ? `Holds the task until ${momentOf(attempt.leaseUntil, now)}, renewed by each sign of life`
    : `Holds the task, until ${momentOf(attempt.hardDeadline, now)} at the latest`
