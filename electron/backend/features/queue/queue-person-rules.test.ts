import { expect, it } from 'vitest'
import {
  approve,
  findTwin,
  lastPosition,
  pause,
  place,
  restore,
  resume,
  retry,
  withdraw,
} from './queue-person-rules.ts'
import type { QueueState } from './queue-rules.ts'
import { applied, candidateOf, entryAt, entryIdAt, plainQueue, stateOf } from './testing/queue-rows.ts'

const candidate = candidateOf('c', 'b')
const [one, two, three] = [entryIdAt(1), entryIdAt(2), entryIdAt(3)]
type Outcome = ReturnType<typeof withdraw> | ReturnType<typeof restore> | ReturnType<typeof retry>

const after = (state: QueueState, judged: Outcome): QueueState => {
  if (!judged.ok) throw new Error(judged.refusal.message)
  return applied(state, judged.value)
}
const codeOf = (judged: Outcome) => (judged.ok ? 'ok' : judged.refusal.code)
const statesOf = ({ entries }: QueueState) => entries.map(({ state }) => state)
const orderOf = ({ entries }: QueueState) => entries.map(({ id }) => id)

const beingChecked = (): QueueState => ({
  queue: {
    ...plainQueue,
    run: {
      of: 'batch',
      entryIds: [one, two],
      commit: 'c',
      tree: 't',
      base: 'b',
      round: 1,
      startedAt: 1,
      progress: null,
    },
  },
  entries: [entryAt(1, { state: 'checking', candidate }), entryAt(2, { state: 'checking', candidate }), entryAt(3)],
})
const beingMerged = () =>
  stateOf(entryAt(1, { state: 'merging', candidate }), entryAt(2, { state: 'merging', candidate }))

it('withdraws an entry and builds the others anew without it', () => {
  const state = after(beingChecked(), withdraw(beingChecked(), two, true))
  expect(statesOf(state)).toEqual(['waiting', 'withdrawn', 'waiting'])
  expect(state.queue.run).toBeNull()
})

it('withdraws what is being merged only when it is sure that it was not', () => {
  expect(codeOf(withdraw(beingMerged(), one, true))).toBe('LANDING')
  expect(statesOf(after(beingMerged(), withdraw(beingMerged(), one, false)))).toEqual(['withdrawn', 'waiting'])
})

it('withdraws nothing that has ended or is not there', () => {
  const state = stateOf(entryAt(1, { state: 'merged' }), entryAt(2, { state: 'withdrawn' }))
  expect([one, two, three].map((id) => codeOf(withdraw(state, id, false)))).toEqual([
    'NOT_ALLOWED',
    'NOT_ALLOWED',
    'NOT_FOUND',
  ])
})

it('puts back what was withdrawn, where it was, and a proposal as a proposal', () => {
  const state = stateOf(
    entryAt(1, { state: 'withdrawn' }),
    entryAt(2, { state: 'withdrawn', isApproved: false }),
    entryAt(3),
  )
  expect(statesOf(after(state, restore(state, one)))).toEqual(['waiting', 'withdrawn', 'waiting'])
  expect(statesOf(after(state, restore(state, two)))).toEqual(['withdrawn', 'proposed', 'waiting'])
  expect(codeOf(restore(state, three))).toBe('NOT_ALLOWED')
})

it('does not put back what its branch stands in line for again', () => {
  const state = stateOf(entryAt(1, { state: 'withdrawn' }), entryAt(2, { branch: 'work-1' }))
  expect(codeOf(restore(state, one))).toBe('ALREADY_QUEUED')
})

it('lets what was proposed wait once it is approved', () => {
  const state = stateOf(entryAt(1, { state: 'proposed', isApproved: false }), entryAt(2))
  expect(after(state, approve(state, one)).entries[0]).toMatchObject({ state: 'waiting', isApproved: true })
  expect(codeOf(approve(state, two))).toBe('NOT_ALLOWED')
})

it.each(['conflicted', 'failed', 'moved'] as const)(
  'queues what is %s again, at the commit that was looked at',
  (from) => {
    const state = stateOf(entryAt(1, { state: from, movedTo: 'new' }))
    const again = after(state, retry(state, { id: one, head: 'new', branchHead: 'new' }))
    expect(again.entries[0]).toMatchObject({ state: 'waiting', head: 'new', movedTo: null, position: 1 })
  },
)

it('queues nothing again at a commit that was not looked at', () => {
  const state = stateOf(entryAt(1, { state: 'moved' }), entryAt(2))
  const judged = retry(state, { id: one, head: 'new', branchHead: 'newer' })
  expect(judged).toMatchObject({ refusal: { code: 'HEAD_MOVED', message: expect.stringContaining('is at newer') } })
  expect(codeOf(retry(state, { id: one, head: 'new', branchHead: null }))).toBe('HEAD_MOVED')
  expect(codeOf(retry(state, { id: two, head: 'new', branchHead: 'new' }))).toBe('NOT_ALLOWED')
})

it('knows two entries of one branch, or of one commit without a branch, for the same', () => {
  const state = stateOf(entryAt(1), entryAt(2, { branch: null, head: 'x' }), entryAt(3, { state: 'failed' }))
  expect(findTwin(state, { branch: 'work-1', head: 'y' })?.id).toBe(one)
  expect(findTwin(state, { branch: null, head: 'x' })?.id).toBe(two)
  expect(findTwin(state, { branch: null, head: 'y' })).toBeUndefined()
  expect(findTwin(state, { branch: 'work-3', head: 'x' })).toBeUndefined()
})

it('places an entry before another one or last', () => {
  const state = stateOf(entryAt(1), entryAt(2), entryAt(3))
  expect(orderOf(after(state, place(state, three, one)))).toEqual([three, one, two])
  expect(orderOf(after(state, place(state, one, three)))).toEqual([two, one, three])
  expect(orderOf(after(state, place(state, one, null)))).toEqual([two, three, one])
  expect(codeOf(place(stateOf(entryAt(1, { state: 'failed' })), one, null))).toBe('NOT_ALLOWED')
})

it('numbers all anew when there is no room between two', () => {
  const state = stateOf(entryAt(1), entryAt(2, { position: 1 + Number.EPSILON }), entryAt(3))
  const placed = after(state, place(state, three, two))
  expect(orderOf(placed)).toEqual([one, three, two])
  expect(placed.entries.map(({ position }) => position)).toEqual([0, 1, 2])
})

it('pauses: what is checked is put down, what may be landed already is not', () => {
  const state = applied(beingChecked(), pause(beingChecked(), 'Wait.', true, 9))
  expect(state.queue).toMatchObject({ run: null, hold: { by: 'person', reason: 'Wait.', since: 9 } })
  expect(statesOf(state)).toEqual(['waiting', 'waiting', 'waiting'])
  expect(statesOf(applied(beingMerged(), pause(beingMerged(), 'Wait.', true, 9)))).toEqual(['merging', 'merging'])
  expect(statesOf(applied(beingMerged(), pause(beingMerged(), 'Wait.', false, 9)))).toEqual(['waiting', 'waiting'])
  expect(applied(state, resume(state)).queue.hold).toBeNull()
  expect(resume(stateOf())).toEqual({})
})

it('adds behind all others', () => {
  expect(lastPosition(stateOf())).toBe(1)
  expect(lastPosition(stateOf(entryAt(1), entryAt(7)))).toBe(8)
})
