import { describe, expect, it } from 'vitest'
import type { Attempt, Holder, Task } from '../../../../shared/contract/task-rows.ts'
import {
  afterFailure,
  backOffMs,
  creditAttempt,
  hardDeadlineMs,
  isHolder,
  isMassDeath,
  judgeHealth,
  judgeWrite,
  leaseFrom,
  leaseMs,
  mustWarn,
  silentAfterMs,
  startLeaseMs,
  warnBeforeMs,
} from './attempt-rules.ts'
import { attemptRow, processHolder, sessionHolder, taskRow } from './testing/rows.ts'

const now = 10_000_000

describe('the times', () => {
  it('are those of the design: 120 s to start, 4 h in all, a warning after 3', () => {
    expect([startLeaseMs, hardDeadlineMs, hardDeadlineMs - warnBeforeMs]).toEqual([120_000, 14_400_000, 10_800_000])
  })

  it.each([
    [1, 30],
    [2, 60],
    [3, 120],
    [4, 240],
    [5, 480],
    [6, 600],
    [20, 600],
  ])('of the pause after failure %i is %i s', (failures, seconds) => {
    expect(backOffMs(failures)).toBe(seconds * 1000)
  })

  it('of a lease never reach beyond the hard deadline', () => {
    expect(leaseFrom(now, now + leaseMs + 1)).toBe(now + leaseMs)
    expect(leaseFrom(now, now + 5)).toBe(now + 5)
  })
})

describe('a death of many', () => {
  it.each([
    ['three at once', [now, now, now], true],
    ['three within the minute', [now - 59_999, now - 30_000, now], true],
    ['two and one long ago', [now - 60_000, now - 1, now], false],
    ['two', [now, now], false],
    ['none', [], false],
  ])('%s', (_name, times, expected) => {
    expect(isMassDeath(times, now)).toBe(expected)
  })
})

describe('the health of an attempt', () => {
  const fresh = { leaseUntil: now + leaseMs, lastSignAt: now, hardDeadline: now + hardDeadlineMs }
  it.each<[string, Partial<Attempt>, string]>([
    ['that runs', {}, 'well'],
    ['whose lease is over', { leaseUntil: now }, 'suspect'],
    ['that said something just in time', { lastSignAt: now - silentAfterMs + 1 }, 'well'],
    ['that said nothing for three minutes', { lastSignAt: now - silentAfterMs }, 'suspect'],
    ['that starts and said nothing yet', { state: 'granted', lastSignAt: now - silentAfterMs }, 'well'],
    ['that did not start in time', { state: 'granted', leaseUntil: now }, 'suspect'],
    ['at its hard deadline', { hardDeadline: now }, 'overdue'],
    ['in review, whatever the time', { state: 'submitted', leaseUntil: 0, hardDeadline: 0 }, 'well'],
    ['that is over', { state: 'expired', leaseUntil: 0, hardDeadline: 0 }, 'well'],
  ])('%s', (_name, change, expected) => {
    expect(judgeHealth(attemptRow({ ...fresh, ...change }), now)).toBe(expected)
  })

  it.each<[string, Partial<Attempt>, boolean]>([
    ['before three quarters', { hardDeadline: now + warnBeforeMs + 1 }, false],
    ['at three quarters', { hardDeadline: now + warnBeforeMs }, true],
    ['once it was warned of', { hardDeadline: now + 1, warnedAt: now - 1 }, false],
    ['in review', { hardDeadline: now + 1, state: 'submitted' }, false],
  ])('is warned of %s: %j %j', (_name, change, expected) => {
    expect(mustWarn(attemptRow(change), now)).toBe(expected)
  })

  it('is moved as a whole by the time nothing could run', () => {
    const credited = creditAttempt(attemptRow({ ...fresh, warnedAt: null }), 3_600_000)
    expect(judgeHealth(credited, now + 3_600_000)).toBe('well')
    expect(credited).toMatchObject({ leaseUntil: now + leaseMs + 3_600_000, lastSignAt: now + 3_600_000 })
    expect(credited.hardDeadline).toBe(now + hardDeadlineMs + 3_600_000)
  })
})

describe('after a failure a task', () => {
  const fail = (change: Partial<Task>, isCounted = true) =>
    afterFailure(taskRow({ state: 'in_progress', ...change }), { reason: 'The build broke.', now, isCounted })

  it('is open again after its pause', () => {
    expect(fail({})).toEqual({
      state: 'open',
      reason: 'The build broke.',
      failedAttempts: 1,
      retryAt: now + 30_000,
    })
  })

  it('is the person’s after the second one', () => {
    expect(fail({ failedAttempts: 1 })).toEqual({
      state: 'blocked',
      reason: 'Attempt 2 failed too: The build broke.',
      failedAttempts: 2,
      retryAt: null,
    })
  })

  it('that may fail more often pauses longer each time', () => {
    expect(fail({ failedAttempts: 2, maxAttempts: 5 })).toMatchObject({ state: 'open', retryAt: now + 120_000 })
  })

  it('that was nobody’s fault is open at once and keeps its attempts', () => {
    expect(fail({ failedAttempts: 1 }, false)).toMatchObject({ state: 'open', failedAttempts: 1, retryAt: null })
  })
})

describe('the holder of an attempt', () => {
  it.each<[string, Holder, Holder, boolean]>([
    ['the same start of the same session', sessionHolder(1), sessionHolder(1), true],
    ['a later start of the same session', sessionHolder(1, 1), sessionHolder(1, 2), true],
    ['another session', sessionHolder(1), sessionHolder(2), false],
    ['the same process', processHolder(7), processHolder(7), true],
    ['another process', processHolder(7), processHolder(8), false],
    ['a process in place of a session', sessionHolder(7), processHolder(7), false],
    ['a session in place of a process', processHolder(7), sessionHolder(7), false],
  ])('%s', (_name, holder, speaker, expected) => {
    expect(isHolder(holder, speaker)).toBe(expected)
  })

  it('is not a process that got the same number again', () => {
    const held = processHolder(7)
    expect(isHolder(held, { ...held, startTime: 'later' } as Holder)).toBe(false)
    expect(isHolder(held, { ...held, bootId: 'next boot' } as Holder)).toBe(false)
    expect(isHolder(held, { ...held, label: 'renamed' } as Holder)).toBe(true)
  })
})

describe('a write of an attempt', () => {
  const speaker = sessionHolder(1)
  const judge = (task: Partial<Task>, attempt: Partial<Attempt>, write: { speaker?: Holder; epoch?: number } = {}) =>
    judgeWrite(taskRow({ claimEpoch: 1, ...task }), attemptRow(attempt), { speaker, epoch: 1, ...write })

  it.each<[string, Partial<Task>, Partial<Attempt>, string]>([
    ['that is granted', { state: 'claimed' }, { state: 'granted' }, 'current'],
    ['that runs', { state: 'in_progress' }, {}, 'current'],
    ['that is submitted', { state: 'in_review' }, { state: 'submitted' }, 'current'],
    ['that expired, and nobody came after it', { state: 'open' }, { state: 'expired' }, 'late'],
    ['that expired as the last one', { state: 'blocked' }, { state: 'expired' }, 'late'],
  ])('%s stands as %s %s', (_name, task, attempt, expected) => {
    expect(judge(task, attempt)).toEqual({ ok: true, value: expected })
  })

  it.each<[string, Partial<Task>, Partial<Attempt>, { speaker?: Holder; epoch?: number }, string]>([
    ['after which another was claimed', { claimEpoch: 2, state: 'claimed' }, { state: 'expired' }, {}, 'STALE_EPOCH'],
    ['that names a smaller epoch', { state: 'in_progress' }, {}, { epoch: 0 }, 'STALE_EPOCH'],
    ['that names a larger epoch', { state: 'in_progress' }, {}, { epoch: 2 }, 'STALE_EPOCH'],
    ['that was given back', { state: 'open' }, { state: 'released' }, {}, 'STALE_EPOCH'],
    ['that was taken back by a person', { claimEpoch: 2, state: 'open' }, { state: 'cancelled' }, {}, 'STALE_EPOCH'],
    ['that expired and was put aside', { state: 'deferred' }, { state: 'expired' }, {}, 'STALE_EPOCH'],
    ['of a task that is cancelled', { state: 'cancelled' }, { state: 'cancelled' }, {}, 'TERMINAL'],
    ['of a task that is done', { state: 'done' }, { state: 'accepted' }, {}, 'TERMINAL'],
    ['of somebody else', { state: 'in_progress' }, {}, { speaker: sessionHolder(2) }, 'NOT_YOURS'],
  ])('%s is refused', (_name, task, attempt, write, expected) => {
    const refused = judge(task, attempt, write)
    expect(refused).toMatchObject({ ok: false, refusal: { code: expected } })
    // With the rows as they are, and what to do.
    if (refused.ok) return
    expect(refused.refusal.current).toMatchObject({ task: { key: 'APP-1' }, attempt: { number: 1 } })
    expect(refused.refusal.message).toMatch(/[Cc]laim|[Tt]ake another/)
  })
})
