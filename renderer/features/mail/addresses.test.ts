import { describe, expect, it } from 'vitest'
import type { Delivery, Message } from '../../../shared/contract/mail.ts'
import { deliveryRow, messageIdAt, messageRow, threadIdAt } from '../../dev/coordination-fixtures.ts'
import { activityRow, agentRow, sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import {
  addressOptions,
  addressText,
  forecast,
  matchAddresses,
  mentionNameOf,
  reachedBy,
  usualReply,
} from './addresses.ts'

const sessions = [
  sessionRow(1, 'Fix the parser'),
  sessionRow(2, 'Review it', { role: 'reviewer' }),
  sessionRow(3, 'Twice', { role: 'reviewer', lifecycle: 'stopped', runtime: { kind: 'none' } }),
  sessionRow(4, 'twice!'),
  sessionRow(5, 'Put away', { lifecycle: 'archived', role: 'writer' }),
]
const options = addressOptions(sessions)

describe('whom one can write to', () => {
  it('are the sessions that are not archived, their roles, and everyone', () => {
    expect(options.map(({ label, detail }) => `${label} (${detail})`)).toEqual([
      'Fix the parser (@fix-the-parser)',
      'Review it (@review-it, reviewer)',
      'Twice (…0003, reviewer)',
      'twice! (…0004)',
      'One reviewer (role:reviewer, the first that is free)',
      'All with the role reviewer (#reviewer, 2 sessions)',
      'Everyone (every session, 4 now)',
    ])
    expect(options.map(({ value }) => value).slice(-3)).toEqual(['role:reviewer', '#reviewer', 'everyone'])
  })

  it('is nobody where there is no session', () => {
    expect(addressOptions([])).toEqual([])
    expect(addressOptions([sessionRow(1, 'Away', { lifecycle: 'archived' })])).toEqual([])
  })

  const found = (typed: string, chosen: readonly string[] = []) =>
    matchAddresses(options, typed, chosen).map(({ label }) => label)

  it('is found by the beginning of a name first, then by any part of it', () => {
    expect(found('re')).toEqual(['Review it', 'Twice', 'One reviewer', 'All with the role reviewer'])
    expect(found('parser')).toEqual(['Fix the parser'])
    expect(found('@fix-the')).toEqual(['Fix the parser'])
    expect(found('role:')).toEqual(['One reviewer'])
    expect(found('#')).toEqual(['All with the role reviewer'])
    expect(found('nobody')).toEqual([])
  })

  it('is not offered twice', () => {
    expect(found('twice')).toEqual(['Twice', 'twice!'])
    expect(found('twice', [sessionIdAt(3)])).toEqual(['twice!'])
  })

  it('is mentioned by name when it is a session that has one', () => {
    expect(options.map(mentionNameOf)).toEqual(['fix-the-parser', 'review-it', 'twice', 'twice', null, null, null])
    expect(mentionNameOf({ value: sessionIdAt(1), label: '…', detail: '' })).toBeNull()
  })
})

it.each([
  ['everyone', 'everyone'],
  ['person', 'you'],
  ['role:reviewer', 'one reviewer'],
  ['#reviewer', 'all with the role reviewer'],
  ['@fix-the-parser', '@fix-the-parser'],
  [sessionIdAt(1), 'Fix the parser'],
  [sessionIdAt(99), 'a session that is gone'],
])('the address %s reads %s', (address, text) => {
  expect(addressText(address, (id) => sessions.find((session) => session.id === id)?.title)).toBe(text)
})

describe('what sending would do', () => {
  const agents = new Map([
    ['claude-code', agentRow('claude-code', 'Claude Code', { statusSource: 'hooks', wakesForMail: true })],
  ] as const)
  const told = (to: readonly string[], rows = sessions) =>
    forecast(to, { sessions: rows, agents }, 'normal').map(({ when, titles }) => `${titles.join('+')}: ${when}`)

  it('is told by when it arrives, each session once', () => {
    expect(told([sessionIdAt(1), '#reviewer', 'everyone'])).toEqual([
      'Fix the parser+Review it+twice!: at its next step',
      'Twice: when it runs again',
    ])
  })

  it('of one of a role is not known before somebody takes it', () => {
    expect(told(['role:reviewer'])).toEqual(['reviewer: when one of them is free'])
    expect(reachedBy(['role:reviewer'], sessions)).toEqual([])
  })

  it('says who is woken', () => {
    const idle = sessionRow(1, 'Fix the parser', { activity: activityRow('idle', 'Stop hook', 0) })
    expect(told([idle.id], [idle])).toEqual(['Fix the parser: wakes it now'])
  })

  it('is nothing for archived sessions and nobody', () => {
    expect(told([sessionIdAt(5), '#writer'])).toEqual([])
    expect(told([])).toEqual([])
  })
})

describe('an answer', () => {
  const from = (n: number) => ({ kind: 'session', sessionId: sessionIdAt(n) }) as const
  const message = (n: number, change: Partial<Message> = {}) => messageRow(n, threadIdAt(1), `${n}`, change)
  const reply = (messages: readonly Message[], deliveries: readonly Delivery[] = [], gone: readonly number[] = []) => {
    const found = usualReply(
      messages,
      ({ id }) => deliveries.filter(({ messageId }) => messageId === id),
      (id) => !gone.some((n) => sessionIdAt(n) === id),
    )
    return found === null ? null : { to: found.to, answers: found.message.body }
  }

  it('goes to whoever wrote last, not to the person themselves', () => {
    expect(reply([message(1, { from: from(1) }), message(2, { from: from(2) }), message(3)])).toEqual({
      to: [sessionIdAt(2)],
      answers: '2',
    })
  })

  it('goes to somebody who is still there', () => {
    expect(reply([message(1, { from: from(1) }), message(2, { from: from(2) })], [], [2])).toEqual({
      to: [sessionIdAt(1)],
      answers: '1',
    })
  })

  it('in a thread of the person’s own goes to those it was sent to, each once', () => {
    const deliveries = [
      deliveryRow(1, messageIdAt(1), from(1)),
      deliveryRow(2, messageIdAt(1), from(2)),
      deliveryRow(3, messageIdAt(1), { kind: 'role', role: 'reviewer', sessionId: sessionIdAt(1) }),
      deliveryRow(4, messageIdAt(1), { kind: 'role', role: 'tester', sessionId: null }),
      deliveryRow(5, messageIdAt(1), from(3)),
    ]
    expect(reply([message(1)], deliveries, [3])).toEqual({
      to: [sessionIdAt(1), sessionIdAt(2), 'role:tester'],
      answers: '1',
    })
  })

  it('to a notice of Switchyard names nobody by itself, and nothing is answered where nothing is', () => {
    expect(reply([message(1, { from: { kind: 'system' } })])).toEqual({ to: [], answers: '1' })
    expect(reply([])).toBeNull()
  })
})
