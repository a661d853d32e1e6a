import type { Attempt, AttemptState, Dependency, Task } from '../../../shared/contract/task-rows.ts'
import { obstaclesAmong, type Wait } from '../../../shared/contract/task-waits.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'

type Rows = ReadonlyMap<TaskId, Task>

/** The tasks this one waits for, as far as the page knows them. One that is gone keeps nobody waiting. */
export const blockersOf = (taskId: TaskId, edges: readonly Dependency[], tasks: Rows): Wait<Task>[] =>
  obstaclesAmong(edges.flatMap((edge) => waitOf(taskId, edge, tasks) ?? []))

const waitOf = (taskId: TaskId, edge: Dependency, tasks: Rows): Wait<Task> | null => {
  const direction = edge.taskId === taskId ? 'on' : 'by'
  const other = tasks.get(direction === 'on' ? edge.dependsOnId : edge.taskId)
  return other === undefined ? null : { direction, kind: edge.kind, satisfiedOn: edge.satisfiedOn, other }
}

export type EdgeIndex = ReadonlyMap<TaskId, readonly Dependency[]>

/** The edges of each task, at both of its ends. */
export const indexEdges = (edges: Iterable<Dependency>): EdgeIndex => {
  const index = new Map<TaskId, Dependency[]>()
  const add = (id: TaskId, edge: Dependency) => {
    const own = index.get(id)
    if (own === undefined) index.set(id, [edge])
    else own.push(edge)
  }
  for (const edge of edges) {
    add(edge.taskId, edge)
    add(edge.dependsOnId, edge)
  }
  return index
}

/** Somebody holds the task by it: at work, or waiting for the word on what was handed in. */
export const isAttemptLive = (state: AttemptState): boolean =>
  state === 'granted' || state === 'running' || state === 'submitted'

export type AttemptIndex = ReadonlyMap<TaskId, Attempt>

/** The newest attempt at each task. */
export const indexAttempts = (attempts: Iterable<Attempt>): AttemptIndex => {
  const index = new Map<TaskId, Attempt>()
  for (const attempt of attempts)
    if (attempt.number > (index.get(attempt.taskId)?.number ?? 0)) index.set(attempt.taskId, attempt)
  return index
}

/** Computes once for each version of a store's rows, however many cards ask. */
export const oncePer = <Rows extends object, Value>(compute: (rows: Rows) => Value): ((rows: Rows) => Value) => {
  let last: { readonly rows: Rows; readonly value: Value } | null = null
  return (rows) => {
    if (last?.rows !== rows) last = { rows, value: compute(rows) }
    return last.value
  }
}
