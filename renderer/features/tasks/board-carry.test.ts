import { assert, array, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { taskIdAt } from '../../dev/task-fixtures.ts'
import type { BoardColumns } from './board-columns.ts'
import {
  canWait,
  carryByKey,
  carryTo,
  columnsWith,
  isMoved,
  neighbourOf,
  neighboursAt,
  pickUp,
  saySpot,
  spotOf,
  type Carry,
} from './board-carry.ts'
import { columnIds } from './task-columns.ts'

const ids = (...numbers: number[]) => numbers.map(taskIdAt)
const board: BoardColumns = {
  draft: ids(1, 2),
  open: ids(3, 4, 5),
  progress: [],
  review: ids(6),
  hold: [],
  done: ids(7, 8),
}

/** Picks a card up and presses the keys one after the other. */
const carry = (n: number, ...keys: string[]): Carry => {
  let held = pickUp(board, taskIdAt(n))!
  for (const key of keys) {
    const step = carryByKey(board, held, key)
    if (step.kind === 'moved') held = step.carry
  }
  return held
}

describe('a key that is pressed while a card is still on its way', () => {
  it.each([' ', 'Enter', 'Home', 'End', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'])(
    'waits when it is %j, as the board knows it',
    (key) => {
      expect(canWait(key, [])).toBe(true)
    },
  )

  it.each(['x', 'Tab', 'F1', 'Delete'])('is for somebody else when it is %j', (key) => {
    expect(canWait(key, [' '])).toBe(false)
  })

  it('puts back what one before it takes up, and else is for somebody else', () => {
    expect(canWait('Escape', [' ', 'ArrowLeft'])).toBe(true)
    expect(canWait('Escape', ['ArrowLeft'])).toBe(false)
  })
})

describe('a card in the hand', () => {
  it('is picked up where it lies, and nowhere when it is gone', () => {
    expect(pickUp(board, taskIdAt(4))).toEqual({
      id: taskIdAt(4),
      from: { column: 'open', index: 1 },
      at: { column: 'open', index: 1 },
    })
    expect(pickUp(board, taskIdAt(99))).toBeNull()
  })

  it('goes up and down among the others of its column, and stops at both ends', () => {
    expect(carry(4, 'ArrowUp').at).toEqual({ column: 'open', index: 0 })
    expect(carry(4, 'ArrowUp', 'ArrowUp').at.index).toBe(0)
    expect(carry(4, 'ArrowDown', 'ArrowDown', 'ArrowDown').at.index).toBe(2)
    expect(carry(4, 'End').at.index).toBe(2)
    expect(carry(4, 'Home').at.index).toBe(0)
  })

  it('goes into each column beside it, also an empty one', () => {
    expect(carry(5, 'ArrowRight').at).toEqual({ column: 'progress', index: 0 })
    expect(carry(5, 'ArrowRight', 'ArrowRight').at).toEqual({ column: 'review', index: 0 })
    expect(carry(1, 'ArrowLeft').at).toEqual({ column: 'draft', index: 0 })
    expect(carry(7, 'ArrowRight').at.column).toBe('done')
  })

  it('lies on top of what is done, which has an order of its own', () => {
    expect(carryTo(board, carry(3), { column: 'done', index: 2 }).at).toEqual({ column: 'done', index: 0 })
  })

  it.each([
    [' ', 'dropped'],
    ['Enter', 'dropped'],
    ['Escape', 'cancelled'],
    ['Tab', 'cancelled'],
    ['x', 'none'],
  ] as const)('is with the key %j %s', (key, kind) => {
    expect(carryByKey(board, carry(4), key).kind).toBe(kind)
  })

  it('is moved when it would land anywhere else than where it was', () => {
    expect(isMoved(carry(4))).toBe(false)
    expect(isMoved(carry(4, 'ArrowDown', 'ArrowUp'))).toBe(false)
    expect(isMoved(carry(4, 'ArrowDown'))).toBe(true)
    expect(isMoved(carry(4, 'ArrowRight'))).toBe(true)
  })
})

describe('the board with a card in the hand', () => {
  it('is the board itself until the card is somewhere else', () => {
    expect(columnsWith(board, null)).toBe(board)
    expect(columnsWith(board, carry(4))).toBe(board)
  })

  it('shows it where it would land and leaves the other columns as they are', () => {
    const drawn = columnsWith(board, carry(4, 'ArrowLeft'))
    expect(drawn.draft).toEqual(ids(1, 4, 2))
    expect(drawn.open).toEqual(ids(3, 5))
    expect(drawn.done).toBe(board.done)
  })

  it('never loses or doubles a card, whatever is pressed', () => {
    const keys = constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'x')
    const all = Object.values(board).flat().toSorted()
    assert(
      property(constantFrom(...all), array(keys, { maxLength: 30 }), (id, pressed) => {
        let held = pickUp(board, id)!
        for (const key of pressed) {
          const step = carryByKey(board, held, key)
          if (step.kind === 'moved') held = step.carry
        }
        const drawn = columnsWith(board, held)
        expect(Object.values(drawn).flat().toSorted()).toEqual(all)
        expect(spotOf(drawn, id)).toEqual(held.at)
      }),
    )
  })

  it('tells between which cards it would lie', () => {
    expect(neighboursAt(board, carry(5, 'ArrowUp'))).toEqual({ above: taskIdAt(3), below: taskIdAt(4) })
    expect(neighboursAt(board, carry(3, 'End'))).toEqual({ above: taskIdAt(5), below: null })
    expect(neighboursAt(board, carry(5, 'ArrowRight'))).toEqual({ above: null, below: null })
  })

  it('says the place as one counts it', () => {
    expect(saySpot(board, taskIdAt(4), carry(4).at)).toBe('Open, 2 of 3')
    expect(saySpot(board, taskIdAt(4), carry(4, 'ArrowRight').at)).toBe('In progress, 1 of 1')
    expect(saySpot(board, taskIdAt(4), carry(4, 'ArrowLeft', 'ArrowDown').at)).toBe('Draft, 3 of 3')
  })
})

describe('the focus', () => {
  const go = (n: number, key: string): TaskId | null => neighbourOf(board, taskIdAt(n), key)

  it('moves within a column and stops at its ends', () => {
    expect(go(3, 'ArrowDown')).toBe(taskIdAt(4))
    expect(go(3, 'ArrowUp')).toBeNull()
    expect(go(5, 'ArrowDown')).toBeNull()
    expect(go(3, 'End')).toBe(taskIdAt(5))
    expect(go(5, 'Home')).toBe(taskIdAt(3))
  })

  it('steps over columns without cards, to the card at the same height or the last', () => {
    expect(go(5, 'ArrowRight')).toBe(taskIdAt(6))
    expect(go(6, 'ArrowRight')).toBe(taskIdAt(7))
    expect(go(8, 'ArrowLeft')).toBe(taskIdAt(6))
    expect(go(2, 'ArrowRight')).toBe(taskIdAt(4))
    expect(go(1, 'ArrowLeft')).toBeNull()
  })

  it('knows nothing of other keys and of cards that are gone', () => {
    expect(go(3, 'x')).toBeNull()
    expect(go(99, 'ArrowDown')).toBeNull()
    expect(columnIds.every((id) => spotOf(board, taskIdAt(99))?.column !== id)).toBe(true)
  })
})
