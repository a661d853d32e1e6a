import { describe, expect, it } from 'vitest'
import type { DeliveryState } from '../../shared/contract/mail.ts'
import { deliveryRow, leaseRow, messageIdAt } from '../dev/coordination-fixtures.ts'
import { sessionIdAt } from '../dev/fixtures.ts'
import { leasesOf, unreadMailOf, unreadMessageIds } from './coordination.ts'

const [one, other] = [sessionIdAt(1), sessionIdAt(2)]

describe('what a session coordinates', () => {
  it('counts its mail that is not known to be read, and no mail of others', () => {
    const to = (n: number, state: DeliveryState, sessionId = one) =>
      deliveryRow(n, messageIdAt(n), { kind: 'session', sessionId }, { state })
    const ended = { ...to(6, 'acked'), endedAt: 1 }
    const toPerson = deliveryRow(7, messageIdAt(7), { kind: 'person' })
    const mail = [to(1, 'queued'), to(2, 'leased'), to(3, 'injected'), to(5, 'queued', other), ended, toPerson]
    expect(unreadMailOf(mail, one)).toEqual({ waiting: 2, given: 1 })
    expect(unreadMailOf(mail, other)).toEqual({ waiting: 1, given: 0 })
    expect(unreadMailOf([], one)).toEqual({ waiting: 0, given: 0 })
  })

  it('counts what was written to a role once it has taken it', () => {
    const toRole = (n: number, sessionId: typeof one | null, state: DeliveryState) =>
      deliveryRow(n, messageIdAt(n), { kind: 'role', role: 'reviewer', sessionId }, { state })
    const mail = [toRole(1, null, 'queued'), toRole(2, one, 'injected'), toRole(3, other, 'queued')]
    expect(unreadMailOf(mail, one)).toEqual({ waiting: 0, given: 1 })
  })

  it('names its unread messages, the newest first', () => {
    const to = (n: number, sessionId = one) => deliveryRow(n, messageIdAt(n), { kind: 'session', sessionId })
    const mail = [to(1), to(3), to(2, other), { ...to(4), endedAt: 1 }]
    expect(unreadMessageIds(mail, one)).toEqual([messageIdAt(3), messageIdAt(1)])
  })

  it('lists what it holds, the oldest first', () => {
    const held = [
      leaseRow(1, one, 'b/**', { acquiredAt: 20 }),
      leaseRow(2, other, 'c/**', { acquiredAt: 5 }),
      leaseRow(3, one, 'a/**', { acquiredAt: 10 }),
    ]
    expect(leasesOf(held, one)).toEqual([held[2], held[0]])
  })
})
