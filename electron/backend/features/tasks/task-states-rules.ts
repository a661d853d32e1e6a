import type { AttemptState, Task, TaskState } from '../../../../shared/contract/task-rows.ts'

/**
 * Where a task may go from where it is. Every change of a state is held against this table, whoever asks for it. The ends
 * have no way out here: reopening is an operation of its own, with a new epoch. A state between review and done is a row
 * more and a word in the rows that lead to it.
 */
export const taskTransitions: Readonly<Record<TaskState, readonly TaskState[]>> = {
  draft: ['open', 'blocked', 'deferred', 'cancelled'],
  // From open and blocked straight to work or review: the late word of an attempt whose epoch is still the task's.
  open: ['draft', 'claimed', 'in_progress', 'in_review', 'blocked', 'deferred', 'done', 'failed', 'cancelled'],
  claimed: ['open', 'draft', 'in_progress', 'in_review', 'blocked', 'deferred', 'failed', 'cancelled'],
  in_progress: ['open', 'draft', 'in_review', 'blocked', 'deferred', 'failed', 'cancelled'],
  in_review: ['open', 'draft', 'changes_requested', 'blocked', 'deferred', 'done', 'failed', 'cancelled'],
  changes_requested: ['open', 'draft', 'in_progress', 'in_review', 'blocked', 'deferred', 'failed', 'cancelled'],
  blocked: ['open', 'draft', 'in_progress', 'in_review', 'deferred', 'done', 'failed', 'cancelled'],
  deferred: ['open', 'draft', 'blocked', 'done', 'failed', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
}

export const attemptTransitions: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  granted: ['running', 'submitted', 'released', 'failed', 'expired', 'cancelled'],
  running: ['submitted', 'released', 'failed', 'expired', 'cancelled'],
  // Running again when changes are asked for.
  submitted: ['running', 'accepted', 'cancelled'],
  accepted: [],
  released: ['superseded'],
  failed: ['superseded'],
  // Thought dead, and heard of while its epoch was still the task's.
  expired: ['running', 'submitted', 'superseded'],
  superseded: [],
  cancelled: ['superseded'],
}

export const canMoveTask = (from: TaskState, to: TaskState): boolean => taskTransitions[from].includes(to)
export const canMoveAttempt = (from: AttemptState, to: AttemptState): boolean => attemptTransitions[from].includes(to)

/** Done, failed or cancelled. */
export const isEnd = (state: TaskState): boolean => taskTransitions[state].length === 0

/** A task in one of these has exactly one live attempt, and a task in another one has none. */
export const hasLiveAttempt = (state: TaskState): boolean =>
  state === 'claimed' || state === 'in_progress' || state === 'in_review' || state === 'changes_requested'

export const isLive = (state: AttemptState): boolean =>
  state === 'granted' || state === 'running' || state === 'submitted'

/** Its holder is expected to be at work: one that was submitted waits for somebody else. */
export const isAtWork = (state: AttemptState): boolean => state === 'granted' || state === 'running'

const words: Readonly<Record<TaskState, string>> = {
  draft: 'still a draft',
  open: 'open',
  claimed: 'claimed',
  in_progress: 'in progress',
  in_review: 'in review',
  changes_requested: 'waiting for changes',
  blocked: 'blocked',
  deferred: 'deferred',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}
export const wordOf = (state: TaskState): string => words[state]

/**
 * A task with a change made to it; null when the change leads where the table does not. What belongs to a state goes with
 * it: the day of a deferred task, the pause of an open one, the moment of an end. An end is left only for open, and only
 * with a new epoch.
 */
export const changedTask = (before: Task, change: Partial<Task>, now: number): Task | null => {
  const after: Task = { ...before, ...change }
  const isReopened = isEnd(before.state) && after.state === 'open' && after.claimEpoch > before.claimEpoch
  if (after.state !== before.state && !canMoveTask(before.state, after.state) && !isReopened) return null
  if (after.claimEpoch < before.claimEpoch) return null
  return {
    ...after,
    deferUntil: after.state === 'deferred' ? after.deferUntil : null,
    retryAt: after.state === 'open' ? after.retryAt : null,
    endedAt: isEnd(after.state) ? (before.endedAt ?? now) : null,
    changedAt: now,
    rev: before.rev + 1,
  }
}
