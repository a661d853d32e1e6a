import { describe, expect, it } from 'vitest'
import type { QueueHold } from '../../../../shared/contract/queue-rows.ts'
import {
  afterBuild,
  afterGates,
  afterLand,
  held,
  nextStep,
  takeBatch,
  type BuildOutcome,
  type QueueState,
  type Verdict,
} from './queue-rules.ts'
import { changedEntry } from './queue-states-rules.ts'
import { applied, candidateOf, entryAt, entryIdAt, stateOf } from './testing/queue-rows.ts'

const candidateAt = (n: number) => candidateOf(`c${n}`, `c${n - 1}`)
const prepared = (n: number): BuildOutcome => ({ id: entryIdAt(n), kind: 'prepared', candidate: candidateAt(n) })
const failed: Verdict = { kind: 'failed', failed: [{ name: 'unit', run: null }] }
const passed: Verdict = { kind: 'passed' }

const built = (state: QueueState, ...outcomes: readonly BuildOutcome[]): QueueState =>
  applied(state, afterBuild(state, { base: 'c0', outcomes }, 5))
const checked = (state: QueueState, verdict: Verdict): QueueState =>
  applied(state, afterGates(state, state.queue.run!, verdict, 6))
const statesOf = ({ entries }: QueueState) => entries.map(({ state }) => state)
const threeWait = () => stateOf(entryAt(1), entryAt(2), entryAt(3))
const threeChecked = () => built(threeWait(), prepared(1), prepared(2), prepared(3))

const hold = (change: Partial<QueueHold>): QueueHold => ({
  by: 'queue',
  cause: 'trouble',
  reason: 'Because.',
  tip: null,
  since: 1,
  ...change,
})

describe('what comes next', () => {
  it('is a batch of as many as the queue says, in its order', () => {
    const state = stateOf(...[1, 2, 3, 4, 5].map((n) => entryAt(n)))
    expect(nextStep(state, 'c0')).toEqual({ kind: 'build', entries: state.entries.slice(0, 4) })
  })

  it('leaves out what an agent proposed until a person agreed', () => {
    const state = stateOf(entryAt(1, { state: 'proposed' }), entryAt(2))
    expect(takeBatch(state).map(({ id }) => id)).toEqual([entryIdAt(2)])
  })

  it('is half of those under suspicion before all others', () => {
    const state = stateOf(entryAt(1), ...[2, 3, 4].map((n) => entryAt(n, { isSuspect: true })))
    expect(takeBatch(state).map(({ id }) => id)).toEqual([entryIdAt(2), entryIdAt(3)])
  })

  it('is nothing while a person holds the queue, save what is being landed', () => {
    const state = threeWait()
    const queue = { ...state.queue, hold: hold({ by: 'person', cause: 'asked' }) }
    expect(nextStep({ ...state, queue }, 'c0')).toEqual({ kind: 'rest' })
    const landing = checked(threeChecked(), passed)
    const step = nextStep({ entries: landing.entries, queue: { ...landing.queue, hold: queue.hold } }, 'c0')
    expect(step).toMatchObject({ kind: 'land', candidate: candidateAt(1) })
  })

  it('is to build anew when the target moved under what was built', () => {
    expect(nextStep(threeChecked(), 'c0').kind).toBe('check')
    expect(nextStep(threeChecked(), 'elsewhere')).toEqual({ kind: 'rebuild' })
  })

  it('is to say so when the target is gone, and nothing when nobody waits for it', () => {
    expect(nextStep(threeWait(), null)).toMatchObject({ kind: 'hold', hold: { cause: 'target-gone' } })
    expect(nextStep(threeChecked(), null)).toEqual({ kind: 'rebuild' })
    expect(nextStep(stateOf(), null)).toEqual({ kind: 'rest' })
  })
})

describe('a batch that was built', () => {
  it('is checked as one, at its last commit', () => {
    const { queue, entries } = threeChecked()
    expect(queue.run).toMatchObject({ of: 'batch', commit: 'c3', tree: 'tree of c3', base: 'c0', round: 1 })
    expect(entries.map(({ candidate }) => candidate)).toEqual([1, 2, 3].map(candidateAt))
  })

  it('goes on without one that conflicts with the target, which says in what', () => {
    const paths = ['a.ts', 'b.ts']
    const state = built(
      threeWait(),
      prepared(1),
      { id: entryIdAt(2), kind: 'conflicts', paths, ofTarget: true },
      prepared(3),
    )
    expect(statesOf(state)).toEqual(['checking', 'conflicted', 'checking'])
    expect(state.entries[1]).toMatchObject({ conflicts: paths })
    expect(state.entries[1]?.reason).toContain('Conflicts with main in a.ts and 1 more.')
  })

  it.each([
    { kind: 'conflicts', paths: ['a.ts'], ofTarget: false },
    { kind: 'contained', ofTarget: false },
    { kind: 'refused', reason: 'It is no fast-forward.', ofTarget: false },
  ] as const)('keeps one waiting that only does not stand on those ahead of it: $kind', (outcome) => {
    const state = built(threeWait(), prepared(1), { ...outcome, id: entryIdAt(2) }, prepared(3))
    expect(statesOf(state)).toEqual(['checking', 'waiting', 'checking'])
    expect(state.entries[1]?.reason).toContain('ahead of it')
    // Said once.
    const again = afterBuild(
      { ...state, queue: { ...state.queue, run: null } },
      { base: 'c0', outcomes: [{ ...outcome, id: entryIdAt(2) }] },
      7,
    )
    expect(again.entries).toEqual([])
  })

  it('counts as merged what the target has already, and fails what can never be merged', () => {
    const state = built(
      threeWait(),
      { id: entryIdAt(1), kind: 'contained', ofTarget: true },
      { id: entryIdAt(2), kind: 'refused', reason: 'It is no fast-forward.', ofTarget: true },
    )
    expect(statesOf(state)).toEqual(['merged', 'failed', 'waiting'])
    expect(state.entries[1]?.reason).toBe('It is no fast-forward.')
  })

  it('leaves out a branch that has moved on or is gone', () => {
    const state = built(
      threeWait(),
      { id: entryIdAt(1), kind: 'moved', to: 'a-new-head' },
      { id: entryIdAt(2), kind: 'moved', to: null },
    )
    expect(state.entries[0]).toMatchObject({ state: 'moved', movedTo: 'a-new-head', head: 'head-1' })
    expect(state.entries[0]?.reason).toContain('moved on from head-1 to a-new-he')
    expect(state.entries[1]?.reason).toContain('was deleted')
  })

  it('is not checked when one of it was withdrawn meanwhile, or the queue was paused', () => {
    const [one, two, three] = threeWait().entries
    const withdrawn = stateOf(one!, { ...two!, state: 'withdrawn' }, three!)
    expect(statesOf(built(withdrawn, prepared(1), prepared(2), prepared(3)))).toEqual([
      'waiting',
      'withdrawn',
      'waiting',
    ])
    const state = threeWait()
    const paused = { ...state, queue: { ...state.queue, hold: hold({ by: 'person', cause: 'asked' }) } }
    expect(built(paused, prepared(1)).queue.run).toBeNull()
  })
})

describe('after the gates', () => {
  it('a batch that passes is landed as a whole', () => {
    const state = checked(threeChecked(), passed)
    expect(statesOf(state)).toEqual(['merging', 'merging', 'merging'])
    expect(state.queue.run).toBeNull()
  })

  it('a failure is first run once more, and a pass then says that there was one', () => {
    const once = checked(threeChecked(), failed)
    expect(once.queue.run).toMatchObject({ round: 2, commit: 'c3' })
    expect(once.entries.map(({ rounds }) => rounds)).toEqual([1, 1, 1])
    expect(checked(once, passed).entries[0]).toMatchObject({
      state: 'merging',
      reason: expect.stringContaining('again'),
    })
  })

  it('a batch that fails twice is under suspicion, and nobody else is any more', () => {
    const before = built(stateOf(entryAt(1), entryAt(2), entryAt(3, { isSuspect: true })), prepared(1), prepared(2))
    const state = checked(checked(before, failed), failed)
    expect(statesOf(state)).toEqual(['waiting', 'waiting', 'waiting'])
    expect(state.entries.map(({ isSuspect }) => isSuspect)).toEqual([true, true, false])
  })

  it('one alone is blamed only once the target itself has passed', () => {
    const alone = built(stateOf(entryAt(1), entryAt(2, { isSuspect: true })), prepared(1))
    const suspected = checked(checked(alone, failed), failed)
    expect(suspected.queue.run).toMatchObject({ of: 'target', commit: 'c0', round: 1 })
    expect(statesOf(suspected)).toEqual(['checking', 'waiting'])
    const blamed = checked(suspected, passed)
    expect(blamed.entries[0]).toMatchObject({
      state: 'failed',
      reason: 'Fails unit, twice. Mend it, then queue it again.',
    })
    expect(blamed.entries[1]?.isSuspect).toBe(false)
  })

  it('a target that fails by itself holds the queue until it moves, and nobody is blamed', () => {
    const alone = built(stateOf(entryAt(1)), prepared(1))
    const state = checked(checked(checked(checked(alone, failed), failed), failed), failed)
    expect(state.queue.hold).toMatchObject({ by: 'queue', cause: 'target-fails', tip: 'c0' })
    expect(state.entries[0]).toMatchObject({ state: 'waiting', reason: null, candidate: null })
    expect(nextStep(state, 'c0')).toEqual({ kind: 'hold', hold: state.queue.hold })
    expect(held(state, state.queue.hold!, 9)).toEqual({})
    expect(nextStep(state, 'c9').kind).toBe('build')
    expect(built(state, prepared(1)).queue.hold).toBeNull()
  })

  it('a verdict on what is not checked any more changes nothing', () => {
    const { run } = threeChecked().queue
    expect(afterGates(threeWait(), run!, passed, 6)).toEqual({})
    expect(afterGates(threeChecked(), { ...run!, round: 2 }, passed, 6)).toEqual({})
    expect(afterGates(threeChecked(), { ...run!, commit: 'c9' }, passed, 6)).toEqual({})
  })
})

describe('landing', () => {
  const landing = () => checked(threeChecked(), passed)

  it('goes on with the next one', () => {
    const state = applied(
      landing(),
      afterLand(landing(), entryIdAt(1), { kind: 'landed', mergeId: candidateAt(1).prepared }, 7),
    )
    expect(state.entries[0]).toMatchObject({
      state: 'merged',
      mergeId: candidateAt(1).prepared,
      candidate: null,
      endedAt: 2,
    })
    expect(nextStep(state, 'c1')).toMatchObject({ kind: 'land', candidate: candidateAt(2) })
  })

  it('puts down all that stands on a target which somebody else has moved', () => {
    const state = applied(landing(), afterLand(landing(), entryIdAt(1), { kind: 'outdated' }, 7))
    expect(statesOf(state)).toEqual(['waiting', 'waiting', 'waiting'])
  })

  it('leaves out a branch that moved at the last moment', () => {
    const state = applied(landing(), afterLand(landing(), entryIdAt(2), { kind: 'moved', to: 'new' }, 7))
    expect(statesOf(state)).toEqual(['waiting', 'moved', 'waiting'])
  })

  it('waits at an obstacle and says so once', () => {
    const obstacle = { kind: 'obstacle', cause: 'checkout', reason: 'The checkout has changes.' } as const
    const state = applied(landing(), afterLand(landing(), entryIdAt(1), obstacle, 7))
    expect(state.queue.hold).toMatchObject({ cause: 'checkout', reason: 'The checkout has changes.', since: 7 })
    expect(afterLand(state, entryIdAt(1), obstacle, 8)).toEqual({})
    expect(nextStep(state, 'c0').kind).toBe('land')
    const done = applied(state, afterLand(state, entryIdAt(1), { kind: 'landed', mergeId: null }, 9))
    expect(done.queue.hold).toBeNull()
  })
})

it('keeps entries to their table of states, and to a state what belongs to it', () => {
  expect(changedEntry(entryAt(1, { state: 'merged' }), { state: 'waiting' }, 3)).toBeNull()
  expect(changedEntry(entryAt(1, { state: 'withdrawn' }), { state: 'merged' }, 3)).toBeNull()
  const moved = entryAt(1, { state: 'moved', movedTo: 'x' })
  expect(changedEntry(moved, { state: 'waiting' }, 3)).toMatchObject({ movedTo: null, changedAt: 3, rev: 1 })
  const conflicted = entryAt(1, { state: 'conflicted', conflicts: ['a'] })
  expect(changedEntry(conflicted, { state: 'withdrawn' }, 3)).toMatchObject({ conflicts: [], endedAt: 3 })
})
