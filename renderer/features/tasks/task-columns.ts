import type { TaskState } from '../../../shared/contract/task-rows.ts'

/** The columns of the board, from left to right. Each holds the tasks of some states. */
export const columnIds = ['draft', 'open', 'progress', 'review', 'hold', 'done'] as const
export type ColumnId = (typeof columnIds)[number]

export interface Column {
  readonly name: string
  readonly states: readonly TaskState[]
  /** What lies in it, for the person who sees it empty. */
  readonly emptyText: string
  /** The state of a task that is written straight into it; null where only work leads. */
  readonly birthState: 'draft' | 'open' | null
}

export const columns: Readonly<Record<ColumnId, Column>> = {
  draft: {
    name: 'Draft',
    states: ['draft'],
    emptyText: 'Ideas that nobody works on yet.',
    birthState: 'draft',
  },
  open: {
    name: 'Open',
    states: ['open'],
    emptyText: 'Work that a session may take up.',
    birthState: 'open',
  },
  progress: {
    name: 'In progress',
    states: ['claimed', 'in_progress', 'changes_requested'],
    emptyText: 'Move a task here to start a session on it.',
    birthState: null,
  },
  review: {
    name: 'In review',
    states: ['in_review'],
    emptyText: 'Work that was handed in waits here for you.',
    birthState: null,
  },
  hold: {
    name: 'On hold',
    states: ['blocked', 'deferred'],
    emptyText: 'Blocked tasks, and those put off to another day.',
    birthState: null,
  },
  done: {
    name: 'Done',
    states: ['done', 'failed', 'cancelled'],
    emptyText: 'What was finished, newest first.',
    birthState: null,
  },
}

const columnOfState = Object.fromEntries(
  columnIds.flatMap((id) => columns[id].states.map((state) => [state, id])),
) as Readonly<Record<TaskState, ColumnId>>

export const columnOf = (state: TaskState): ColumnId => columnOfState[state]
