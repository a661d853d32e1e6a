import type { TaskId } from '../../../shared/lib/ids.ts'
import type { Hand } from './use-board-hand.ts'
import { isMoved } from './board-carry.ts'
import type { ColumnId } from './task-columns.ts'

/** What a column draws from top to bottom: its cards, and the place kept free for the one the mouse carries. */
export type ColumnItem =
  { readonly kind: 'card'; readonly id: TaskId; readonly look: 'rest' | 'held' | 'left' } | { readonly kind: 'slot' }

/**
 * `ids` is the column as it is; a card in the hand of the keyboard is already where it would land, one in the hand of the
 * mouse is still where it was.
 */
export const columnItems = (column: ColumnId, ids: readonly TaskId[], hand: Hand | null): readonly ColumnItem[] => {
  if (hand === null) return ids.map((id) => ({ kind: 'card', id, look: 'rest' }))
  const { carry, by } = hand
  const look = by === 'keyboard' ? 'held' : 'left'
  const items = ids.map((id): ColumnItem => ({ kind: 'card', id, look: id === carry.id ? look : 'rest' }))
  if (by === 'keyboard' || carry.at.column !== column || !isMoved(carry)) return items
  const others = ids.filter((id) => id !== carry.id)
  const below = others[carry.at.index]
  const at = below === undefined ? items.length : ids.indexOf(below)
  return items.toSpliced(at, 0, { kind: 'slot' })
}
