import { describe, expect, it } from 'vitest'
import type { MergeEntry, MergeQueue } from '../contract/queue-rows.ts'
import { eventLine } from './event-line.ts'
import { event, names, sessionId } from './testing.ts'

const person = 'person:desktop'
const system = 'system:switchyard'
const entry = (change: Partial<MergeEntry> = {}) =>
  ({
    title: 'Idempotency keys',
    branch: 'keys',
    head: '0123456789abcdef',
    target: 'main',
    strategy: 'squash',
    sessionId: null,
    state: 'waiting',
    reason: null,
    changedAt: 5,
    ...change,
  }) as MergeEntry
const queue = (change: Partial<MergeQueue> = {}) =>
  ({ target: 'main', batchSize: 4, needsApproval: true, hold: null, run: null, ...change }) as MergeQueue

const lineOf = (topic: 'entries.changed' | 'queues.changed', payload: object, command: string, by: string) => {
  const line = eventLine([event(topic, payload, { command, by, at: 5 })], names)
  return line && { said: `${line.who} ${line.what}`, reason: line.reason }
}

describe('an entry', () => {
  it.each([
    ['enqueue-merge', {}, 'You put “Idempotency keys” (keys → main) in the merge queue', 'At 01234567, squash'],
    ['approve-merge', {}, 'You agreed to merge “Idempotency keys” (keys → main)', null],
    ['withdraw-merge', {}, 'You withdrew from the merge queue “Idempotency keys” (keys → main)', null],
  ] as const)('is told by what was done: %s', (command, change, said, reason) => {
    const line = lineOf('entries.changed', entry(change), command, person)
    expect(line?.said).toContain(said)
    expect(line?.reason).toBe(reason)
  })

  it('of an agent is told as a proposal', () => {
    const line = lineOf('entries.changed', entry({ state: 'proposed' }), 'enqueue-merge', `session:${sessionId(1)}`)
    expect(line?.said).toBe('Fix the parser proposes to merge “Idempotency keys” (keys → main)')
    expect(line?.reason).toBe('It waits for you to agree.')
  })

  it('is told when the queue could not merge it, with why', () => {
    const conflicted = entry({ state: 'conflicted', reason: 'Conflicts with main in a.ts.' })
    expect(lineOf('entries.changed', conflicted, 'run-queue', system)).toEqual({
      said: 'Switchyard could not merge “Idempotency keys” (keys → main)',
      reason: 'Conflicts with main in a.ts.',
    })
  })

  it.each(['waiting', 'checking', 'merging', 'merged'] as const)('is no news on its way: %s', (state) => {
    expect(lineOf('entries.changed', entry({ state }), 'run-queue', system)).toBeNull()
  })
})

describe('a queue', () => {
  const hold = { by: 'queue', cause: 'checkout', reason: 'The checkout has changes.', tip: null, since: 5 } as const

  it('is told when somebody pauses, resumes or sets it', () => {
    const paused = queue({ hold: { ...hold, by: 'person', reason: 'Release day.' } })
    expect(lineOf('queues.changed', paused, 'pause-queue', person)?.reason).toBe('Release day.')
    expect(lineOf('queues.changed', queue(), 'resume-queue', person)?.said).toBe('You resumed the merge queue of main')
    expect(lineOf('queues.changed', queue({ batchSize: 1 }), 'configure-queue', person)?.said).toContain('one branch')
  })

  it('is told once when it is held, and not with each step under way', () => {
    expect(lineOf('queues.changed', queue({ hold }), 'run-queue', system)?.reason).toBe('The checkout has changes.')
    expect(lineOf('queues.changed', queue({ hold: { ...hold, since: 4 } }), 'run-queue', system)).toBeNull()
    expect(lineOf('queues.changed', queue(), 'run-queue', system)).toBeNull()
  })
})
