import type { Task } from '../../../shared/contract/task-rows.ts'
import type { ProjectId, TaskId } from '../../../shared/lib/ids.ts'
import { columnIds, columnOf, type ColumnId } from './task-columns.ts'
import { createOrderReader, isPlacedApart, sameIds, type TaskRows } from './order-reader.ts'
import { matchesFilter, type TaskFilter } from './task-filter.ts'

/** The tasks of each column, from top to bottom. */
export type BoardColumns = Readonly<Record<ColumnId, readonly TaskId[]>>

export interface BoardQuestion {
  readonly projectId: ProjectId
  readonly filter: TaskFilter
}

/** The board as it is drawn: each column in its order, the ended tasks newest end first. */
export const columnsFrom = (tasks: Iterable<Task>, { projectId, filter }: BoardQuestion): BoardColumns => {
  const rows: Record<ColumnId, Task[]> = { draft: [], open: [], progress: [], review: [], hold: [], done: [] }
  for (const task of tasks)
    if (task.projectId === projectId && matchesFilter(task, filter)) rows[columnOf(task.state)].push(task)
  for (const id of columnIds) rows[id].sort(id === 'done' ? byEnd : byPosition)
  return mapColumns((id) => rows[id].map((task) => task.id))
}

const byPosition = (a: Task, b: Task) => a.position - b.position || (a.id < b.id ? -1 : 1)
const byEnd = (a: Task, b: Task) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || (a.id < b.id ? 1 : -1)

const mapColumns = <Value>(make: (id: ColumnId) => Value) =>
  Object.fromEntries(columnIds.map((id) => [id, make(id)])) as Record<ColumnId, Value>

/** Reads the columns from the rows again and again; a column in which nothing moved is the very same list each time. */
export const createColumnsReader = (question: BoardQuestion): ((rows: TaskRows) => BoardColumns) =>
  createOrderReader({
    compute: (rows) => columnsFrom(rows.values(), question),
    keep: (before, now) => mapColumns((id) => sameIds(before[id], now[id])),
    isPlacedApart,
  })

/** The task next after one on its project's board, in whichever column; null for the last. Ended ones have no place. */
export const nextOnBoard = (tasks: Iterable<Task>, task: Task): TaskId | null => {
  let next: Task | null = null
  for (const other of tasks) {
    if (other.id === task.id || other.projectId !== task.projectId || other.endedAt !== null) continue
    if (byPosition(other, task) < 0) continue
    if (next === null || byPosition(other, next) < 0) next = other
  }
  return next?.id ?? null
}

/** Where the ended tasks that the page knows of come to an end; null when it knows of none. */
export const oldestEnd = (
  tasks: Iterable<Task>,
  projectId: ProjectId,
): { readonly endedAt: number; readonly taskId: TaskId } | null => {
  let oldest: { readonly endedAt: number; readonly taskId: TaskId } | null = null
  for (const { id, endedAt, projectId: own } of tasks) {
    if (own !== projectId || endedAt === null) continue
    const isOlder = oldest === null || endedAt < oldest.endedAt || (endedAt === oldest.endedAt && id < oldest.taskId)
    if (isOlder) oldest = { endedAt, taskId: id }
  }
  return oldest
}
