import type { TaskId } from '../../../shared/lib/ids.ts'
import type { BoardColumns } from './board-columns.ts'
import { columnIds, columns as columnInfo, type ColumnId } from './task-columns.ts'

/** A place on the board: so many of the other cards of the column lie above it. */
export interface Spot {
  readonly column: ColumnId
  readonly index: number
}

/** A card in somebody's hand, by mouse or keyboard: where it was and where it would land. */
export interface Carry {
  readonly id: TaskId
  readonly from: Spot
  readonly at: Spot
}

export const spotOf = (columns: BoardColumns, id: TaskId): Spot | null => {
  for (const column of columnIds) {
    const index = columns[column].indexOf(id)
    if (index !== -1) return { column, index }
  }
  return null
}

export const pickUp = (columns: BoardColumns, id: TaskId): Carry | null => {
  const from = spotOf(columns, id)
  return from === null ? null : { id, from, at: from }
}

export const isMoved = ({ from, at }: Carry): boolean => from.column !== at.column || from.index !== at.index

const othersOf = (columns: BoardColumns, column: ColumnId, id: TaskId) => columns[column].filter((one) => one !== id)

/** The card at another spot, as far down as the column goes. Done has an order of its own: there it lies on top. */
export const carryTo = (columns: BoardColumns, carry: Carry, spot: Spot): Carry => {
  const last = spot.column === 'done' ? 0 : othersOf(columns, spot.column, carry.id).length
  return { ...carry, at: { column: spot.column, index: Math.max(0, Math.min(last, spot.index)) } }
}

export type CarryStep =
  | { readonly kind: 'moved'; readonly carry: Carry }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'cancelled' }
  /** The key means nothing to a card in the hand. */
  | { readonly kind: 'none' }

/** What a key does with the card in the hand. */
export const carryByKey = (columns: BoardColumns, carry: Carry, key: string): CarryStep => {
  const { column, index } = carry.at
  const at = columnIds.indexOf(column)
  const move = (spot: Spot): CarryStep => ({ kind: 'moved', carry: carryTo(columns, carry, spot) })
  switch (key) {
    case ' ':
    case 'Enter':
      return { kind: 'dropped' }
    case 'Escape':
    case 'Tab':
      return { kind: 'cancelled' }
    case 'ArrowUp':
      return move({ column, index: index - 1 })
    case 'ArrowDown':
      return move({ column, index: index + 1 })
    case 'Home':
      return move({ column, index: 0 })
    case 'End':
      return move({ column, index: Number.MAX_SAFE_INTEGER })
    case 'ArrowLeft':
      return move({ column: columnIds[Math.max(0, at - 1)] ?? column, index })
    case 'ArrowRight':
      return move({ column: columnIds[Math.min(columnIds.length - 1, at + 1)] ?? column, index })
    default:
      return { kind: 'none' }
  }
}

/**
 * Whether a key that is pressed while a card that was let go is still on its way is meant for the board, after those that
 * wait already. Escape is only where one of them takes a card up.
 */
export const canWait = (key: string, before: readonly string[]): boolean =>
  key === 'Escape' ? before.includes(' ') : boardKeys.has(key)

const boardKeys = new Set([' ', 'Enter', 'Home', 'End', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'])

/** The board with the card where it would land. */
export const columnsWith = (columns: BoardColumns, carry: Carry | null): BoardColumns => {
  if (carry === null || !isMoved(carry)) return columns
  const { id, at } = carry
  const changed = columnIds.map((column): [ColumnId, readonly TaskId[]] => {
    if (column !== at.column && !columns[column].includes(id)) return [column, columns[column]]
    const others = othersOf(columns, column, id)
    return [column, column === at.column ? others.toSpliced(at.index, 0, id) : others]
  })
  return Object.fromEntries(changed) as BoardColumns
}

/** The card to lie above when it is dropped: its neighbour below, or the one above when there is none. */
export const neighboursAt = (columns: BoardColumns, { id, at }: Carry) => {
  const others = othersOf(columns, at.column, id)
  return { below: others[at.index] ?? null, above: others[at.index - 1] ?? null }
}

/** Where the focus goes from a card; columns without cards are stepped over. Null when there is nowhere to go. */
export const neighbourOf = (columns: BoardColumns, id: TaskId, key: string): TaskId | null => {
  const spot = spotOf(columns, id)
  if (spot === null) return null
  const own = columns[spot.column]
  switch (key) {
    case 'ArrowUp':
      return own[spot.index - 1] ?? null
    case 'ArrowDown':
      return own[spot.index + 1] ?? null
    case 'Home':
      return own[0] ?? null
    case 'End':
      return own.at(-1) ?? null
    case 'ArrowLeft':
      return inNextColumn(columns, spot, -1)
    case 'ArrowRight':
      return inNextColumn(columns, spot, 1)
    default:
      return null
  }
}

const inNextColumn = (columns: BoardColumns, spot: Spot, by: 1 | -1): TaskId | null => {
  for (let at = columnIds.indexOf(spot.column) + by; at >= 0 && at < columnIds.length; at += by) {
    const cards = columns[columnIds[at] ?? 'draft']
    if (cards.length > 0) return cards[Math.min(spot.index, cards.length - 1)] ?? null
  }
  return null
}

/** "Open, 2 of 5": counted with the card in it. */
export const saySpot = (columns: BoardColumns, id: TaskId, spot: Spot): string =>
  `${columnInfo[spot.column].name}, ${spot.index + 1} of ${othersOf(columns, spot.column, id).length + 1}`
