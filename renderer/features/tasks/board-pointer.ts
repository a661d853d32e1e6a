import type { TaskId } from '../../../shared/lib/ids.ts'
import type { Spot } from './board-carry.ts'
import type { BoardColumns } from './board-columns.ts'
import { columnIds } from './task-columns.ts'

// What a drag carries along, and where on the board the pointer is.

interface DragSource {
  readonly data: Readonly<Record<string | symbol, unknown>>
}

export const dragOfTask = (taskId: TaskId) => ({ kind: 'task', taskId })
export const isDragOfTask = ({ source }: { readonly source: DragSource }): boolean => source.data['kind'] === 'task'
export const taskIdOfDrag = ({ data }: DragSource): TaskId => data['taskId'] as TaskId

export interface DragLocation {
  readonly input: { readonly clientY: number }
  readonly dropTargets: readonly {
    readonly element: Element
    readonly data: Readonly<Record<string | symbol, unknown>>
  }[]
}

/** The spot beneath the pointer: above the first card whose middle lies below it. Null outside the columns. */
export const spotUnder = (location: DragLocation, columns: BoardColumns, heldId: TaskId): Spot | null => {
  const [target] = location.dropTargets
  const column = columnIds.find((id) => id === target?.data['column'])
  if (target === undefined || column === undefined) return null
  const others = columns[column].filter((id) => id !== heldId)
  const drawn = [...target.element.querySelectorAll<HTMLElement>('[data-task]')].flatMap((card) => {
    const index = others.indexOf(card.dataset['task'] as TaskId)
    const { top, height } = card.getBoundingClientRect()
    return index === -1 ? [] : [{ index, middle: top + height / 2 }]
  })
  return { column, index: indexAt(drawn, location.input.clientY) }
}

/** Only some cards of a long column are drawn; beneath the last of them is as far down as one can point. */
export const indexAt = (drawn: readonly { readonly index: number; readonly middle: number }[], y: number): number => {
  const below = drawn.find(({ middle }) => y < middle)
  return below === undefined ? (drawn.at(-1)?.index ?? -1) + 1 : below.index
}
