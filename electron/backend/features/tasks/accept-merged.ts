import type { AttemptId } from '../../../../shared/lib/ids.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { findAttempt } from './attempts-store.ts'
import { endAttempt, writeTask } from './change-task.ts'
import type { TasksDeps } from './task-parts.ts'
import { findTask } from './tasks-store.ts'

/** The submitted work of an attempt is in its target: its task is done. One that is asked to change more stays as it is. */
export const acceptMerged = async (
  deps: Pick<TasksDeps, 'freeLeases'>,
  context: CommandContext,
  id: AttemptId,
): Promise<void> => {
  const attempt = await findAttempt(context.tx, id)
  const task = attempt && (await findTask(context.tx, attempt.taskId))
  if (!attempt || attempt.state !== 'submitted' || task?.state !== 'in_review') return
  await endAttempt(deps, context, attempt, { state: 'accepted' })
  await writeTask(context, task, { state: 'done', reason: null })
}
