import type { NewTask, TaskPatch } from '../../../../shared/contract/tasks.ts'
import type { Dependency, Task } from '../../../../shared/contract/task-rows.ts'
import type { ProjectId, TaskId } from '../../../../shared/lib/ids.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { writeTask } from './change-task.ts'
import { insertEdge, type DependRefusal } from './depend-task.ts'
import { insertDependency } from './dependencies-store.ts'
import { freePrefix, keyOf, prefixFrom, prefixOf } from './task-key-rules.ts'
import { commandOptions, noTask, refuseEnded, type Recorded, type TasksDeps } from './task-parts.ts'
import { isEnd } from './task-states-rules.ts'
import { findLastKey, findTask, insertTask, listFirstKeys, listPositions } from './tasks-store.ts'

export type TaskResult<Code extends string> = Promise<Result<Recorded<{ readonly task: Task }>, Code>>

/** Adds a task at the end of its project's board. A repeat of the request gets the first one's task. */
export const createTask = (deps: TasksDeps, input: NewTask, by: Identity): TaskResult<'NOT_FOUND' | 'INVALID'> =>
  deps.runCommand(commandOptions('create-task', by, input.requestId), (context) => insertNew(deps, context, input))

/** The same with what it waits for from the beginning: all of that, or no task. */
export const createWaitingTask = (
  deps: TasksDeps,
  input: NewTask,
  dependsOn: readonly TaskId[],
  by: Identity,
): TaskResult<'NOT_FOUND' | DependRefusal> =>
  deps.runCommand<Recorded<{ readonly task: Task }>, 'NOT_FOUND' | DependRefusal>(
    commandOptions('create-task', by, input.requestId),
    async (context) => {
      const created = await insertNew(deps, context, input)
      if (!created.ok) return created
      for (const dependsOnId of new Set(dependsOn)) {
        const edge = { taskId: created.value.task.id, dependsOnId, kind: 'blocks', satisfiedOn: 'merged' } as const
        const added = await insertEdge(context, edge)
        if (!added.ok) return added
      }
      return created
    },
  )

const insertNew = async (
  deps: TasksDeps,
  context: CommandContext,
  input: NewTask,
): TaskResult<'NOT_FOUND' | 'INVALID'> => {
  const { projectId, parentId, requestId: _ours, ...fields } = input
  const { tx, now, newId } = context
  const project = await deps.projects.find(tx, projectId)
  if (!project) return refuse('NOT_FOUND', 'This project is not in the list any more. Open it again.')
  const parent = parentId === null ? undefined : await findTask(tx, parentId)
  if (parentId !== null && parent?.projectId !== projectId)
    return refuse('INVALID', 'The epic is not a task of this project. Choose another one.')
  const { key, number } = await nextKey(tx, projectId, project.name)
  const last = (await listPositions(tx, projectId)).at(-1)?.position ?? null
  const task: Task = {
    ...fields,
    id: newId('tsk'),
    projectId,
    key,
    reason: null,
    deferUntil: null,
    failedAttempts: 0,
    retryAt: null,
    claimEpoch: 0,
    position: positionBetween(last, null) ?? 0,
    createdAt: now,
    changedAt: now,
    endedAt: null,
    rev: 0,
  }
  await insertTask(tx, task, number)
  const seq = await context.emit('tasks.changed', task.id, task)
  if (parent) {
    const satisfiedOn = 'completed' as const
    const edge: Dependency = { taskId: task.id, dependsOnId: parent.id, kind: 'parent', satisfiedOn, createdAt: now }
    await insertDependency(tx, edge)
    await context.emit('dependencies.changed', task.id, edge)
  }
  return ok({ task, seq })
}

/** Numbers count up in the transaction; the letters are chosen with a project's first task and stay, whatever its name. */
const nextKey = async (tx: Tx, projectId: ProjectId, projectName: string): Promise<{ key: string; number: number }> => {
  const last = await findLastKey(tx, projectId)
  const number = (last?.number ?? 0) + 1
  if (last) return { key: keyOf(prefixOf(last.key), number), number }
  const taken = new Set((await listFirstKeys(tx)).map(prefixOf))
  return { key: keyOf(freePrefix(prefixFrom(projectName), taken), number), number }
}

export interface TaskUpdate {
  readonly taskId: TaskId
  readonly rev: number | null
  readonly patch: TaskPatch
}

/** Changes what is said of a task. One that has ended is left as it is. */
export const updateTaskFields = (
  deps: TasksDeps,
  { taskId, rev, patch }: TaskUpdate,
  by: Identity,
): TaskResult<'NOT_FOUND' | 'STALE_REV' | 'TERMINAL'> =>
  deps.runCommand(commandOptions('update-task', by), async (context) => {
    const task = await findTask(context.tx, taskId)
    if (!task) return noTask()
    const stale = refuseStale(task, rev)
    if (stale) return stale
    if (isEnd(task.state)) return refuseEnded(task)
    const said = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
    return ok(await writeTask(context, task, said))
  })

/** A refusal when the task has changed since the rev that was looked at. */
export const refuseStale = (task: Task, rev: number | null): Result<never, 'STALE_REV'> | null =>
  rev === null || rev === task.rev
    ? null
    : refuse('STALE_REV', `${task.key} has changed since you read it. Look at it again, then repeat.`, { task })

/** Puts a task before another one of its board, or last. */
export const placeTask = (
  deps: TasksDeps,
  taskId: TaskId,
  beforeId: TaskId | null,
  by: Identity,
): TaskResult<'NOT_FOUND'> =>
  deps.runCommand(commandOptions('place-task', by), async (context) => {
    const task = await findTask(context.tx, taskId)
    return task ? ok(await moveBefore(context, task, beforeId)) : noTask()
  })

/** The same in the transaction of what else is done to it. */
export const moveBefore = async (context: CommandContext, task: Task, beforeId: TaskId | null) => {
  const others = (await listPositions(context.tx, task.projectId)).filter((row) => row.id !== task.id)
  const at = beforeId === null ? others.length : others.findIndex((row) => row.id === beforeId)
  const index = at < 0 ? others.length : at
  const position = positionBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null)
  if (position !== null) return writeTask(context, task, { position })
  // No number fits between two neighbours any more: all get whole numbers in the order they are to have.
  for (const [place, { id }] of others.entries()) {
    const other = await findTask(context.tx, id)
    if (other) await writeTask(context, other, { position: place < index ? place : place + 1 })
  }
  return writeTask(context, task, { position: index })
}
