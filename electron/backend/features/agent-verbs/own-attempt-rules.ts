import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'

export interface Work {
  readonly task: Task
  readonly attempt: Attempt
}

/** Which attempt a word of a session is about, and the epoch it speaks in. */
export interface AttemptRef {
  readonly attemptId: AttemptId
  readonly epoch: number
}

/** Of several tasks those at work are meant: what was handed in waits for others. */
export const preferAtWork = <Held extends { readonly attempt: Pick<Attempt, 'state'> }>(
  live: readonly Held[],
): readonly Held[] => {
  const atWork = live.filter(({ attempt }) => attempt.state !== 'submitted')
  return atWork.length > 0 ? atWork : live
}

/**
 * Chooses among what a session works on. What it worked on last counts where it works on nothing: whether its word still
 * stands is judged where it is written. `named` is the task it spoke of, if it did.
 */
export const chooseAttempt = (
  live: readonly Work[],
  last: Attempt | undefined,
  { named, epoch }: { readonly named: Task | null; readonly epoch: number | null },
): Result<AttemptRef, 'NO_TASK' | 'AMBIGUOUS'> => {
  const candidates = named === null ? preferAtWork(live) : live.filter(({ task }) => task.id === named.id)
  const [only, other] = candidates
  if (only && other) {
    const keys = candidates.map(({ task }) => task.key).join(', ')
    return refuse('AMBIGUOUS', `You work on several tasks (${keys}). Name the one you mean.`)
  }
  const attempt = only?.attempt ?? last
  if (attempt) return ok({ attemptId: attempt.id, epoch: epoch ?? attempt.epoch })
  return refuse(
    'NO_TASK',
    named === null
      ? 'You work on no task. Claim one first (claim).'
      : `You have no attempt at ${named.key}. Claim it first (claim ${named.key}).`,
  )
}
