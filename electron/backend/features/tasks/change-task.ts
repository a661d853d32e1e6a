import type { Attempt, Task } from '../../../../shared/contract/task-rows.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { hasLiveAttempt, updateAttempt } from './attempts-store.ts'
import type { Recorded, TasksDeps } from './task-parts.ts'
import { canMoveAttempt, changedTask, isLive } from './task-states-rules.ts'
import { updateTask } from './tasks-store.ts'

export type TaskChange = Partial<Omit<Task, 'id' | 'projectId' | 'key' | 'createdAt' | 'changedAt' | 'endedAt' | 'rev'>>
export type AttemptChange = Partial<
  Omit<Attempt, 'id' | 'taskId' | 'number' | 'epoch' | 'createdAt' | 'endedAt' | 'rev'>
>

/**
 * Writes a change of a task over the row it was decided on, and tells it by one event. Every change of a task goes through
 * here, so none escapes the table of states; a change that the table does not know is a bug of the caller.
 */
export const writeTask = async (
  context: CommandContext,
  before: Task,
  change: TaskChange,
): Promise<Recorded<{ readonly task: Task }>> => {
  const task = changedTask(before, change, context.now)
  if (!task) throw new Error(`${before.key} cannot go from ${before.state} to ${change.state}.`)
  if (!(await updateTask(context.tx, task, before))) throw new Error(`${before.key} is not at rev ${before.rev}.`)
  return { task, seq: await context.emit('tasks.changed', task.id, task) }
}

/** The same for an attempt. Its events are told under its task, whose history they are. */
export const writeAttempt = async (
  context: CommandContext,
  before: Attempt,
  change: AttemptChange,
): Promise<Recorded<{ readonly attempt: Attempt }>> => {
  const state = change.state ?? before.state
  if (state !== before.state && !canMoveAttempt(before.state, state))
    throw new Error(`${before.id} cannot go from ${before.state} to ${state}.`)
  const endedAt = isLive(state) ? null : (before.endedAt ?? context.now)
  const attempt: Attempt = { ...before, ...change, endedAt, rev: before.rev + 1 }
  if (!(await updateAttempt(context.tx, attempt, before))) throw new Error(`${before.id} is not at rev ${before.rev}.`)
  return { attempt, seq: await context.emit('attempts.changed', attempt.taskId, attempt) }
}

/** Ends a live attempt. With the last one of a session end its leases: it has nothing more to change. */
export const endAttempt = async (
  deps: Pick<TasksDeps, 'freeLeases'>,
  context: CommandContext,
  before: Attempt,
  change: AttemptChange & { readonly state: 'accepted' | 'released' | 'failed' | 'expired' | 'cancelled' },
): Promise<Attempt> => {
  const { attempt } = await writeAttempt(context, before, change)
  const { holder } = attempt
  if (holder.kind === 'session' && !(await hasLiveAttempt(context.tx, holder.sessionId)))
    await deps.freeLeases(context, holder.sessionId)
  return attempt
}
