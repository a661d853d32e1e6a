import { attemptLine, taskLine } from './verb-lines-rules.ts'
import type { Asking, VerbDeps, Yard } from './verb-parts.ts'
import type { Tx } from '../../db/tx.ts'

/** What whoever asks works on or has in review. */
export const readOwnWork = async ({ tasks }: VerbDeps, tx: Tx, { projectId, worker }: Asking, { titleOf }: Yard) => {
  const work = []
  for (const attempt of await tasks.listOfHolder(tx, projectId, worker)) {
    const task = await tasks.find(tx, attempt.taskId)
    if (task) work.push({ task: taskLine(task, [attempt], titleOf), attempt: attemptLine(attempt, titleOf) })
  }
  return work
}
