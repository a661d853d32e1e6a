import { describe, expect, it } from 'vitest'
import type { Delivery, Message, Thread } from '../../../shared/contract/mail.ts'
import { deliveryRow, messageIdAt, messageRow, threadIdAt, threadRow } from '../../dev/coordination-fixtures.ts'
import { sessionIdAt } from '../../dev/fixtures.ts'
import { filterThreads, summarise } from './thread-index.ts'

const person = { kind: 'person' } as const
const session = (n: number) => ({ kind: 'session', sessionId: sessionIdAt(n) }) as const
const from = session

const summaryOf = (messages: readonly Message[], deliveries: readonly Delivery[], change: Partial<Thread> = {}) => {
  const [summary] = summarise({ threads: [threadRow(1, 'Zones', change)], messages, deliveries })
  if (summary === undefined) throw new Error('There is one thread.')
  return summary
}

const one = (change: Partial<Message> = {}) => messageRow(1, threadIdAt(1), 'Hello', change)

describe('a summary of a thread', () => {
  it('counts what the person has not seen, and what waits for their acknowledgement', () => {
    const messages = [1, 2, 3, 4].map((n) => messageRow(n, threadIdAt(1), 'Hello', { from: from(1) }))
    const deliveries = [
      deliveryRow(1, messageIdAt(1), person),
      deliveryRow(2, messageIdAt(2), person, { isAckRequired: true, seenAt: 5 }),
      deliveryRow(3, messageIdAt(3), person, { isAckRequired: true }),
      deliveryRow(4, messageIdAt(4), person, { state: 'acked', endedAt: 6, seenAt: 6 }),
    ]
    expect(summaryOf(messages, deliveries)).toMatchObject({ unread: 2, toAck: 2, isWithPerson: true })
  })

  it('does not count what waits for others as unread', () => {
    const summary = summaryOf([one({ from: from(1) })], [deliveryRow(1, messageIdAt(1), session(2))])
    expect(summary).toMatchObject({ unread: 0, toAck: 0, waiting: 1, bounced: 0 })
  })

  it('names who spoke last first, everyone once, and then those who were only written to', () => {
    const messages = [
      messageRow(1, threadIdAt(1), 'first', { from: from(1) }),
      messageRow(2, threadIdAt(1), 'second', { from: from(2) }),
      messageRow(3, threadIdAt(1), 'third', { from: from(1) }),
    ]
    const deliveries = [
      deliveryRow(1, messageIdAt(1), session(2)),
      deliveryRow(2, messageIdAt(3), session(3)),
      deliveryRow(3, messageIdAt(3), { kind: 'role', role: 'reviewer', sessionId: null }),
      deliveryRow(4, messageIdAt(3), { kind: 'role', role: 'tester', sessionId: sessionIdAt(4) }),
    ]
    const summary = summaryOf(messages, deliveries, { startedBy: from(1) })
    expect(summary.sessionIds).toEqual([1, 2, 3, 4].map(sessionIdAt))
    expect(summary.roles).toEqual(['reviewer'])
    expect(summary.isWithPerson).toBe(false)
  })

  it('has the kind it began with and the priority it goes on with', () => {
    const messages = [
      messageRow(1, threadIdAt(1), 'first', { kind: 'question' }),
      messageRow(2, threadIdAt(1), 'second', { kind: 'note', priority: 'urgent' }),
    ]
    expect(summaryOf(messages, [])).toMatchObject({ kind: 'question', priority: 'urgent' })
    expect(summaryOf([], [])).toMatchObject({ kind: null, priority: 'normal' })
  })

  it('counts what did not arrive, bounced or expired', () => {
    const deliveries = [
      deliveryRow(1, messageIdAt(1), session(1), { state: 'bounced', endedAt: 3, why: 'Gone.' }),
      deliveryRow(2, messageIdAt(1), session(2), { state: 'expired', endedAt: 3 }),
      deliveryRow(3, messageIdAt(1), session(3), { state: 'acked', endedAt: 3 }),
    ]
    expect(summaryOf([one()], deliveries)).toMatchObject({ bounced: 2, waiting: 0 })
  })

  it('knows what Switchyard wrote by itself', () => {
    const system = { kind: 'system' } as const
    expect(summaryOf([one({ from: system })], [], { startedBy: system }).isNotice).toBe(true)
    expect(summaryOf([one({ from: from(1) })], [], { startedBy: system }).isNotice).toBe(false)
  })
})

describe('the list', () => {
  const threads = [
    threadRow(1, 'Old', { lastMessageAt: 10 }),
    threadRow(2, 'New', { lastMessageAt: 30, startedBy: from(1) }),
    threadRow(3, 'Between', { lastMessageAt: 20, startedBy: from(1) }),
    threadRow(4, 'To me', { lastMessageAt: 5, startedBy: from(1) }),
  ]
  const messages = [messageRow(4, threadIdAt(4), 'Hello', { from: from(1) })]
  const deliveries = [deliveryRow(4, messageIdAt(4), person)]
  const all = summarise({ threads, messages, deliveries })
  const subjects = (filter: Parameters<typeof filterThreads>[1], open: number | null = null) =>
    filterThreads(all, filter, open === null ? null : threadIdAt(open)).map(({ subject }) => subject)

  it('has the newest thread first', () => {
    expect(subjects('all')).toEqual(['New', 'Between', 'Old', 'To me'])
  })

  it('is narrowed to what the person takes part in, or has not seen', () => {
    expect(subjects('yours')).toEqual(['Old', 'To me'])
    expect(subjects('unread')).toEqual(['To me'])
  })

  it('keeps the open thread, whatever fits', () => {
    expect(subjects('unread', 3)).toEqual(['Between', 'To me'])
  })
})
