import { describe, expect, it } from 'vitest'
import { taskStateSchema, type Task } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { projectIdAt } from '../../dev/fixtures.ts'
import { cardRow } from '../../dev/board-fixtures.ts'
import { taskIdAt } from '../../dev/task-fixtures.ts'
import { columnsFrom, createColumnsReader, nextOnBoard } from './board-columns.ts'
import { columnIds, columnOf, columns } from './task-columns.ts'
import { emptyFilter } from './task-filter.ts'

const question = { projectId: projectIdAt(1), filter: emptyFilter }
const rowsOf = (tasks: readonly Task[]): Map<TaskId, Task> => new Map(tasks.map((task) => [task.id, task]))
const ids = (...numbers: number[]) => numbers.map(taskIdAt)

describe('the columns', () => {
  it('have a place for each state, and only one', () => {
    for (const state of taskStateSchema.options) {
      expect(columnIds.filter((id) => columns[id].states.includes(state))).toEqual([columnOf(state)])
    }
  })

  it('hold the tasks of their project in the order of the board', () => {
    const tasks = [
      cardRow(1, 'last', { position: 9 }),
      cardRow(2, 'first', { position: 1 }),
      cardRow(3, 'elsewhere', { projectId: projectIdAt(2) }),
      cardRow(4, 'at work', { state: 'claimed' }),
    ]
    const board = columnsFrom(tasks, question)
    expect(board.open).toEqual(ids(2, 1))
    expect(board.progress).toEqual(ids(4))
  })

  it('show what ended last on top, whatever its place was', () => {
    const tasks = [
      cardRow(1, 'older', { state: 'done', endedAt: 10, position: 1 }),
      cardRow(2, 'newer', { state: 'cancelled', endedAt: 20, position: 2 }),
    ]
    expect(columnsFrom(tasks, question).done).toEqual(ids(2, 1))
  })

  it('break equal places by id, so that the order never flickers', () => {
    const tasks = [cardRow(2, 'b', { position: 5 }), cardRow(1, 'a', { position: 5 })]
    expect(columnsFrom(tasks, question).open).toEqual(ids(1, 2))
  })

  it('leave out what the filter does not want', () => {
    const tasks = [cardRow(1, 'Fix the login'), cardRow(2, 'Docs')]
    expect(columnsFrom(tasks, { ...question, filter: { ...emptyFilter, text: 'login' } }).open).toEqual(ids(1))
  })
})

describe('reading the columns again', () => {
  const start = [cardRow(1, 'a'), cardRow(2, 'b'), cardRow(3, 'c', { state: 'draft' })]

  it('answers the very same board when nothing on it moved', () => {
    const read = createColumnsReader(question)
    const before = read(rowsOf(start))
    const touched = start.map((task) => ({ ...task, rev: task.rev + 1, body: 'more', changedAt: 5 }))
    expect(read(rowsOf(touched))).toBe(before)
  })

  it('keeps the lists of columns in which nothing moved', () => {
    const read = createColumnsReader(question)
    const before = read(rowsOf(start))
    const [first, second, third] = start as [Task, Task, Task]
    const after = read(rowsOf([{ ...first, position: 9 }, second, third]))
    expect(after.open).toEqual(ids(2, 1))
    expect(after.draft).toBe(before.draft)
    expect(after.done).toBe(before.done)
  })

  it.each([
    ['a new task', [...start, cardRow(4, 'd')], ids(1, 2, 4)],
    ['a task that is gone', start.slice(1), ids(2)],
    [
      'another state',
      start.map((task) => (task.id === taskIdAt(1) ? { ...task, state: 'draft' as const } : task)),
      ids(2),
    ],
  ])('sees %s', (_what, changed, open) => {
    const read = createColumnsReader(question)
    read(rowsOf(start))
    expect(read(rowsOf(changed)).open).toEqual(open)
  })

  it('sees when a title or label begins to match the filter', () => {
    const read = createColumnsReader({ ...question, filter: { ...emptyFilter, text: 'urgent' } })
    expect(read(rowsOf(start)).open).toEqual([])
    const [first, ...rest] = start as [Task, ...Task[]]
    expect(read(rowsOf([{ ...first, title: 'urgent fix' }, ...rest])).open).toEqual(ids(1))
    expect(read(rowsOf([{ ...first, labels: ['urgent'] }, ...rest])).open).toEqual(ids(1))
  })
})

describe('the next task on the board', () => {
  const tasks = [
    cardRow(1, 'a', { position: 1 }),
    cardRow(2, 'b', { position: 2, state: 'draft' }),
    cardRow(3, 'c', { position: 3, projectId: projectIdAt(2) }),
    cardRow(4, 'd', { position: 1.5, state: 'done', endedAt: 3 }),
  ]

  it('may lie in another column, but in no other project and never among the ended', () => {
    expect(nextOnBoard(tasks, tasks[0]!)).toBe(taskIdAt(2))
  })

  it('is nobody after the last', () => {
    expect(nextOnBoard(tasks, tasks[1]!)).toBeNull()
  })
})
