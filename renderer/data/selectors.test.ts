import { describe, expect, it } from 'vitest'
import { defaultAppearance } from '../../shared/contract/settings.ts'
import {
  deliveryIdAt,
  deliveryRow,
  leaseIdAt,
  leaseRow,
  messageIdAt,
  messageRow,
  threadIdAt,
  threadRow,
  waiterIdAt,
  waiterRow,
} from '../dev/coordination-fixtures.ts'
import type { Attempt } from '../../shared/contract/task-rows.ts'
import { attemptRow, taskIdAt } from '../dev/task-fixtures.ts'
import { askIdAt, askRow, projectIdAt, sessionIdAt, sessionRow } from '../dev/fixtures.ts'
import { firstToAnswer, openAsks } from './asks.ts'
import { leaseIdsOf, waiterIdsOf } from './leases.ts'
import { countForPerson, deliveryIdsOf, messageIdsOf, threadIdsOf } from './mail.ts'
import { orderedIds } from './sessions.ts'
import { parseAppearance } from './settings.ts'
import { taskIdOf } from './tasks.ts'

describe('orderedIds', () => {
  it('puts pinned sessions first and keeps the chosen order within each part', () => {
    const rows = [
      sessionRow(1, 'Third', { position: 3 }),
      sessionRow(2, 'First', { position: 9, isPinned: true }),
      sessionRow(3, 'Second', { position: 1 }),
    ]
    expect(orderedIds(rows)).toEqual([2, 3, 1].map(sessionIdAt))
  })

  it('breaks ties by id, so that equal positions never swap', () => {
    const rows = [sessionRow(2, 'b', { position: 1 }), sessionRow(1, 'a', { position: 1 })]
    expect(orderedIds(rows)).toEqual([1, 2].map(sessionIdAt))
    expect(orderedIds([...rows].reverse())).toEqual([1, 2].map(sessionIdAt))
  })
})

describe('openAsks', () => {
  const ask = (n: number, ageMs: number) => askRow(n, sessionIdAt(n), { kind: 'plan', plan: 'p' }, ageMs)

  it('gives the oldest first and leaves out what was answered or is over', () => {
    const answered = { ...ask(3, 50), state: { kind: 'answered', by: 'app', answer: 'Allowed', at: 1 } as const }
    const gone = { ...ask(4, 60), state: { kind: 'gone', why: 'It ended.', at: 1 } as const }
    expect(openAsks([ask(1, 10), ask(2, 90), answered, gone]).map((one) => one.sessionId)).toEqual(
      [2, 1].map(sessionIdAt),
    )
  })
})

describe('firstToAnswer', () => {
  const ask = (n: number, canAnswerHere: boolean) => ({
    ...askRow(n, sessionIdAt(1), { kind: 'plan', plan: 'p' } as const, 100 - n),
    canAnswerHere,
  })

  it('is the oldest one that can be answered here', () => {
    expect(firstToAnswer([ask(1, false), ask(2, true), ask(3, true)], sessionIdAt(1))?.id).toBe(askIdAt(2))
  })

  it('is the oldest when only the terminal can answer, and nothing for another session', () => {
    expect(firstToAnswer([ask(2, false), ask(1, false)], sessionIdAt(1))?.id).toBe(askIdAt(1))
    expect(firstToAnswer([ask(1, true)], sessionIdAt(2))).toBeUndefined()
  })
})

describe('parseAppearance', () => {
  it('is the default until something was chosen', () => {
    expect(parseAppearance(undefined)).toEqual(defaultAppearance)
    expect(parseAppearance(null)).toEqual(defaultAppearance)
  })

  it('fills what an older version did not know', () => {
    expect(parseAppearance({ theme: 'light' })).toEqual({ ...defaultAppearance, theme: 'light' })
  })

  it('falls back to the default when the value cannot be read', () => {
    expect(parseAppearance({ theme: 'pink' })).toEqual(defaultAppearance)
    expect(parseAppearance('dark')).toEqual(defaultAppearance)
  })

  it('gives the same object for the same stored value, so that readers do not render again', () => {
    const stored = { theme: 'dark' }
    expect(parseAppearance(stored)).toBe(parseAppearance(stored))
  })
})

describe('the leases of a project', () => {
  it('come in the order of what they cover, resources with their word before their name', () => {
    const rows = [
      leaseRow(1, sessionIdAt(1), 'src/**'),
      leaseRow(3, sessionIdAt(2), 'docs/**'),
      leaseRow(2, sessionIdAt(1), 'docs/**'),
      leaseRow(4, sessionIdAt(1), '', { target: { kind: 'resource', name: 'port:80' } }),
      leaseRow(5, sessionIdAt(7), 'a', { projectId: projectIdAt(2) }),
    ]
    expect(leaseIdsOf(rows, projectIdAt(1))).toEqual([2, 3, 4, 1].map(leaseIdAt))
    expect(leaseIdsOf(rows, null)).toHaveLength(5)
  })

  it('are waited for first come first', () => {
    const rows = [waiterRow(1, sessionIdAt(1), 'a'), waiterRow(2, sessionIdAt(2), 'a')]
    const other = waiterRow(3, sessionIdAt(7), 'a', { projectId: projectIdAt(2) })
    expect(waiterIdsOf([...rows, other], projectIdAt(1))).toEqual([2, 1].map(waiterIdAt))
    expect(waiterIdsOf([...rows, other], null)).toHaveLength(3)
  })
})

describe('the task of a session', () => {
  const held = (n: number, state: Attempt['state'], session: number) =>
    attemptRow(n, taskIdAt(n), {
      state,
      holder: { kind: 'session', sessionId: sessionIdAt(session) } as Attempt['holder'],
    })

  it('is the one it is at work on, not one it has done with or another one’s', () => {
    const attempts = [held(1, 'accepted', 1), held(2, 'running', 2), held(3, 'submitted', 1)]
    expect(taskIdOf(attempts, sessionIdAt(1))).toBe(taskIdAt(3))
    expect(taskIdOf(attempts, sessionIdAt(2))).toBe(taskIdAt(2))
    expect(taskIdOf(attempts, sessionIdAt(3))).toBeNull()
  })
})

describe('mail', () => {
  it('has the thread with the newest message first, and the oldest message of a thread first', () => {
    const threads = [threadRow(2, 'Old'), threadRow(1, 'New'), threadRow(3, 'Other', { projectId: projectIdAt(2) })]
    expect(threadIdsOf(threads, projectIdAt(1))).toEqual([1, 2].map(threadIdAt))
    expect(threadIdsOf(threads, null)).toHaveLength(3)
    const messages = [
      messageRow(2, threadIdAt(1), 'b'),
      messageRow(1, threadIdAt(1), 'a'),
      messageRow(3, threadIdAt(2), 'c'),
    ]
    expect(messageIdsOf(messages, threadIdAt(1))).toEqual([1, 2].map(messageIdAt))
  })

  it('for the person is what they have not done with', () => {
    const person = { kind: 'person' } as const
    const deliveries = [
      deliveryRow(2, messageIdAt(1), person),
      deliveryRow(1, messageIdAt(1), { kind: 'session', sessionId: sessionIdAt(1) }),
      deliveryRow(3, messageIdAt(2), person, { state: 'acked', endedAt: 1 }),
    ]
    expect(deliveryIdsOf(deliveries, messageIdAt(1))).toEqual([1, 2].map(deliveryIdAt))
    expect(countForPerson(deliveries)).toBe(1)
  })
})
