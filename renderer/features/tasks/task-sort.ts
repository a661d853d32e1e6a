import { z } from 'zod'
import { taskStateSchema, type Task } from '../../../shared/contract/task-rows.ts'
import type { ProjectId, TaskId } from '../../../shared/lib/ids.ts'
import { createOrderReader, isPlacedApart, sameIds, type TaskRows } from './order-reader.ts'
import { columnIds, columnOf } from './task-columns.ts'
import { matchesFilter, type TaskFilter } from './task-filter.ts'

export const sortSchema = z.object({
  by: z.enum(['board', 'key', 'title', 'state', 'priority', 'changed']),
  isDown: z.boolean(),
})
export type TaskSort = Readonly<z.infer<typeof sortSchema>>

export const usualSort: TaskSort = { by: 'board', isDown: false }

/** What a press on a column's head asks for: it, then it the other way round, then the order of the board again. */
export const nextSort = (sort: TaskSort, by: TaskSort['by']): TaskSort => {
  if (sort.by !== by) return { by, isDown: false }
  return sort.isDown ? usualSort : { by, isDown: true }
}

const stateOrder = new Map(taskStateSchema.options.map((state, index) => [state, index]))
const numberOf = (task: Task) => Number(/\d+$/.exec(task.key)?.[0] ?? 0)
const columnOrder = (task: Task) => columnIds.indexOf(columnOf(task.state))
/** Column by column, each from top to bottom. */
const byBoard = (a: Task, b: Task) =>
  columnOrder(a) - columnOrder(b) ||
  (b.endedAt ?? 0) - (a.endedAt ?? 0) ||
  a.position - b.position ||
  (a.id < b.id ? -1 : 1)

const compare: Readonly<Record<TaskSort['by'], (a: Task, b: Task) => number>> = {
  board: () => 0,
  key: (a, b) => numberOf(a) - numberOf(b),
  title: (a, b) => a.title.localeCompare(b.title),
  state: (a, b) => (stateOrder.get(a.state) ?? 0) - (stateOrder.get(b.state) ?? 0),
  priority: (a, b) => a.priority - b.priority,
  // The newest change is what one looks for.
  changed: (a, b) => b.changedAt - a.changedAt,
}

/** In the order asked for; equals in the order of the board, so that nothing flickers. */
export const sorted = (tasks: readonly Task[], { by, isDown }: TaskSort): Task[] => {
  const sign = isDown ? -1 : 1
  return [...tasks].sort((a, b) => sign * compare[by](a, b) || byBoard(a, b))
}

export interface ListQuestion {
  readonly projectId: ProjectId
  readonly filter: TaskFilter
  readonly sort: TaskSort
}

/** Reads the rows of the list again and again; they are the very same list until one of them moves. */
export const createListReader = ({ projectId, filter, sort }: ListQuestion): ((rows: TaskRows) => readonly TaskId[]) =>
  createOrderReader<readonly TaskId[]>({
    compute: (rows) => {
      const matching: Task[] = []
      for (const task of rows.values())
        if (task.projectId === projectId && matchesFilter(task, filter)) matching.push(task)
      return sorted(matching, sort).map((task) => task.id)
    },
    keep: sameIds,
    isPlacedApart: (a, b) => isPlacedApart(a, b) || (sort.by === 'changed' && a.changedAt !== b.changedAt),
  })
