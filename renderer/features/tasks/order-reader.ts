import type { Task } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'

export type TaskRows = ReadonlyMap<TaskId, Task>

interface OrderReading<Value> {
  readonly compute: (rows: TaskRows) => Value
  /** The new value, with the parts of the old one that are the same. */
  readonly keep: (before: Value, now: Value) => Value
  /** Whether a change of a row can change the order. */
  readonly isPlacedApart: (before: Task, now: Task) => boolean
}

/**
 * Reads an order from the rows again and again. Of ten thousand tasks a hundred may change in a second, and hardly one of
 * them moves: until one does, the answer is the very same object, and nothing is sorted or drawn.
 */
export const createOrderReader = <Value>({
  compute,
  keep,
  isPlacedApart: isApart,
}: OrderReading<Value>): ((rows: TaskRows) => Value) => {
  let last: { readonly rows: TaskRows; readonly value: Value } | null = null
  return (rows) => {
    const before = last
    if (before !== null && (before.rows === rows || !hasMoved(before.rows, rows, isApart))) {
      last = { rows, value: before.value }
      return before.value
    }
    const fresh = compute(rows)
    const value = before === null ? fresh : keep(before.value, fresh)
    last = { rows, value }
    return value
  }
}

const hasMoved = (before: TaskRows, now: TaskRows, isApart: OrderReading<unknown>['isPlacedApart']): boolean => {
  if (before.size !== now.size) return true
  for (const [id, task] of now) {
    const old = before.get(id)
    if (old !== task && (old === undefined || isApart(old, task))) return true
  }
  return false
}

/** Whether the two are ordered or filtered apart, wherever they are shown. */
export const isPlacedApart = (a: Task, b: Task): boolean =>
  a.state !== b.state ||
  a.position !== b.position ||
  a.title !== b.title ||
  a.priority !== b.priority ||
  a.endedAt !== b.endedAt ||
  a.labels.join('\n') !== b.labels.join('\n')

export const sameIds = (before: readonly TaskId[], now: readonly TaskId[]): readonly TaskId[] =>
  before.length === now.length && before.every((id, index) => id === now[index]) ? before : now
