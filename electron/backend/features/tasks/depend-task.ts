import type { Dependency } from '../../../../shared/contract/task-rows.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import {
  findDependency,
  findParent,
  insertDependency,
  listProjectDependencies,
  removeDependency,
  type EdgeKey,
} from './dependencies-store.ts'
import { findCycle } from './dependency-rules.ts'
import { commandOptions, noTask, refuseEnded, type Recorded, type TasksDeps } from './task-parts.ts'
import { isEnd } from './task-states-rules.ts'
import { findTask } from './tasks-store.ts'

export type NewDependency = Omit<Dependency, 'createdAt'>

export type DependRefusal = 'NOT_FOUND' | 'INVALID' | 'CYCLE' | 'EXISTS' | 'TERMINAL'

/** Has a task wait for another one. Whether that closes a circle is asked in the transaction that adds the edge. */
export const addDependency = (deps: TasksDeps, wish: NewDependency, by: Identity): Promise<Added> =>
  deps.runCommand<AddedDependency, DependRefusal>(commandOptions('add-dependency', by), (context) =>
    insertEdge(context, wish),
  )

type AddedDependency = Recorded<{ readonly dependency: Dependency }>
type Added = Result<AddedDependency, DependRefusal>

/** The same inside of a command. */
export const insertEdge = async (context: CommandContext, wish: NewDependency): Promise<Added> => {
  const { tx, now } = context
  const task = await findTask(tx, wish.taskId)
  const other = await findTask(tx, wish.dependsOnId)
  if (!task || !other) return noTask()
  if (task.id === other.id) return refuse('INVALID', `${task.key} cannot depend on itself. Name another task.`)
  if (task.projectId !== other.projectId)
    return refuse('INVALID', `${other.key} is a task of another project. Name one of the same project.`)
  if (isEnd(task.state)) return refuseEnded(task)
  const there = await findDependency(tx, wish)
  if (there)
    return refuse('EXISTS', `${task.key} has this dependency on ${other.key} already. There is nothing to do.`, there)
  const parent = wish.kind === 'parent' ? await findParent(tx, task.id) : undefined
  if (parent) return refuse('EXISTS', `${task.key} belongs to an epic already. Remove it from that one first.`, parent)
  const cycle = findCycle(await listProjectDependencies(tx, task.projectId), wish)
  if (cycle) return refuse('CYCLE', await describeCycle(context, cycle))
  const dependency: Dependency = { ...wish, createdAt: now }
  await insertDependency(tx, dependency)
  return ok({ dependency, seq: await context.emit('dependencies.changed', task.id, dependency) })
}

const describeCycle = async ({ tx }: CommandContext, cycle: readonly Dependency['taskId'][]): Promise<string> => {
  const keys: string[] = []
  for (const id of cycle) keys.push((await findTask(tx, id))?.key ?? id)
  return `These would wait for one another for ever: ${[...keys, keys[0]].join(' → ')}. Remove one of these dependencies first.`
}

const noDependency = 'There is no such dependency any more. See what there is (tasks show).'

export const removeTaskDependency = (
  deps: TasksDeps,
  key: EdgeKey,
  by: Identity,
): Promise<Result<{ readonly seq: number }, 'NOT_FOUND'>> =>
  deps.runCommand<{ seq: number }, 'NOT_FOUND'>(commandOptions('remove-dependency', by), async (context) => {
    if (!(await removeDependency(context.tx, key))) return refuse('NOT_FOUND', noDependency)
    const { taskId, dependsOnId, kind } = key
    return ok({ seq: await context.emit('dependencies.removed', taskId, { taskId, dependsOnId, kind }) })
  })
