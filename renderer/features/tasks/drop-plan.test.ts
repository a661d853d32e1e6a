import { describe, expect, it } from 'vitest'
import { moveSchema } from '../../../shared/contract/tasks.ts'
import { taskStateSchema, type TaskState } from '../../../shared/contract/task-rows.ts'
import { cardRow } from '../../dev/board-fixtures.ts'
import { taskIdAt } from '../../dev/task-fixtures.ts'
import { dropHint, hasAttempt, planDrop, planUndo, type DropPlan } from './drop-plan.ts'
import { columnIds, columnOf, type ColumnId } from './task-columns.ts'

const plan = (state: TaskState, to: ColumnId): DropPlan => planDrop({ key: 'LED-1', state }, to)

describe('what a drop means', () => {
  it('is nothing but order within the same column', () => {
    for (const state of taskStateSchema.options) expect(plan(state, columnOf(state))).toEqual({ kind: 'stay' })
  })

  it.each([
    ['draft', 'open', { kind: 'move', move: { to: 'open' } }],
    ['open', 'draft', { kind: 'move', move: { to: 'draft' } }],
    ['open', 'done', { kind: 'move', move: { to: 'done' } }],
    ['open', 'progress', { kind: 'start' }],
    ['draft', 'progress', { kind: 'start' }],
    ['blocked', 'progress', { kind: 'start' }],
    ['deferred', 'open', { kind: 'move', move: { to: 'open' } }],
    ['open', 'hold', { kind: 'hold' }],
    ['in_progress', 'hold', { kind: 'hold' }],
    ['in_progress', 'open', { kind: 'take-back', move: { to: 'open' } }],
    ['changes_requested', 'draft', { kind: 'take-back', move: { to: 'draft' } }],
    ['in_review', 'open', { kind: 'take-back', move: { to: 'open' } }],
    ['in_review', 'done', { kind: 'accept' }],
    ['in_review', 'progress', { kind: 'request-changes' }],
    ['done', 'open', { kind: 'reopen', to: 'open' }],
    ['failed', 'draft', { kind: 'reopen', to: 'draft' }],
  ] as const)('from %s to %s', (state, to, expected) => {
    expect(plan(state, to)).toEqual(expected)
  })

  it('has no way into review, and none from an end but through open, and says what to do', () => {
    for (const state of taskStateSchema.options) {
      if (columnOf(state) !== 'review') expect(plan(state, 'review')).toMatchObject({ kind: 'refused' })
    }
    expect(dropHint(plan('done', 'progress'))).toMatch(/Reopen it first/)
    expect(dropHint(plan('cancelled', 'hold'))).toMatch(/Reopen it first/)
  })

  it('asks before an attempt is ended, from each state that has one', () => {
    for (const state of taskStateSchema.options) {
      const asks = plan(state, 'draft').kind === 'take-back'
      expect(asks, state).toBe(hasAttempt(state))
    }
  })

  it('is told to the person who holds the card, unless it is plain to see', () => {
    for (const state of taskStateSchema.options)
      for (const to of columnIds) {
        const planned = plan(state, to)
        const isPlain = planned.kind === 'stay' || planned.kind === 'move'
        expect(dropHint(planned) === null, `${state} to ${to}`).toBe(isPlain)
      }
  })
})

describe('the way back', () => {
  const before = cardRow(1, 'a', { state: 'open', position: 4 })
  const undo = (from: Partial<typeof before>, to: Partial<typeof before>) =>
    planUndo({ ...before, ...from }, { ...before, ...from, ...to }, taskIdAt(9))

  it('is a place before the old neighbour when only the order changed', () => {
    expect(undo({}, { position: 7 })).toEqual([{ kind: 'place', beforeId: taskIdAt(9) }])
  })

  it('is nothing when nothing changed', () => {
    expect(undo({}, { rev: 2, title: 'b' })).toBeNull()
  })

  it('leads back into the state it came from, with its reason or day', () => {
    expect(undo({ state: 'draft' }, { state: 'open' })).toEqual([{ kind: 'move', move: { to: 'draft' } }])
    expect(undo({ state: 'blocked', reason: 'No key.' }, { state: 'open' })).toEqual([
      { kind: 'move', move: { to: 'blocked', reason: 'No key.' } },
    ])
    expect(undo({ state: 'deferred', deferUntil: 5 }, { state: 'draft' })).toEqual([
      { kind: 'move', move: { to: 'deferred', until: 5 } },
    ])
  })

  it('reopens what was ended, and goes on from there when it was not open', () => {
    expect(undo({}, { state: 'done', endedAt: 8 })).toEqual([{ kind: 'reopen', to: 'open' }])
    expect(undo({ state: 'draft' }, { state: 'cancelled', endedAt: 8 })).toEqual([{ kind: 'reopen', to: 'draft' }])
    expect(undo({ state: 'blocked', reason: 'No key.' }, { state: 'done', endedAt: 8 })).toEqual([
      { kind: 'reopen', to: 'open' },
      { kind: 'move', move: { to: 'blocked', reason: 'No key.' } },
    ])
  })

  it('ends again what was reopened', () => {
    expect(undo({ state: 'done', endedAt: 3 }, { state: 'open', endedAt: null })).toEqual([
      { kind: 'move', move: { to: 'done' } },
    ])
    expect(undo({ state: 'cancelled', endedAt: 3, reason: 'Not needed.' }, { state: 'open', endedAt: null })).toEqual([
      { kind: 'move', move: { to: 'cancelled', reason: 'Not needed.' } },
    ])
  })

  it('takes back state and place together', () => {
    expect(undo({ state: 'draft' }, { state: 'open', position: 1 })).toEqual([
      { kind: 'move', move: { to: 'draft' } },
      { kind: 'place', beforeId: taskIdAt(9) },
    ])
  })

  it('is not there for an attempt that was ended', () => {
    for (const state of taskStateSchema.options.filter(hasAttempt))
      expect(undo({ state }, { state: 'blocked' }), state).toBeNull()
  })

  it('only ever asks for moves that the contract knows', () => {
    for (const from of taskStateSchema.options)
      for (const to of taskStateSchema.options)
        for (const step of undo({ state: from, deferUntil: 1, reason: null }, { state: to }) ?? [])
          if (step.kind === 'move') expect(moveSchema.safeParse(step.move).error).toBeUndefined()
  })
})
