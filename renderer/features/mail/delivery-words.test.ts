import { describe, expect, it } from 'vitest'
import type { Delivery, MessagePriority, Typing } from '../../../shared/contract/mail.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { deliveryRow, messageIdAt } from '../../dev/coordination-fixtures.ts'
import { activityRow, agentRow, sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import { arrivalOf, deliveryWord, durationText } from './delivery-words.ts'

const agents = new Map([
  ['claude-code', agentRow('claude-code', 'Claude Code', { statusSource: 'hooks', wakesForMail: true })],
  ['demo', agentRow('demo', 'Demo agent', { statusSource: 'hooks', takesTypedMail: true })],
  ['qwen', agentRow('qwen', 'Qwen Code', { statusSource: 'hooks' })],
  ['shell', agentRow('shell', 'Shell')],
] as const)

describe('when a message reaches a session', () => {
  const gone = { kind: 'exited', code: 0, signal: null, at: 1, wasAsked: true } as const
  const idle = activityRow('idle', 'Stop hook', 0)
  it.each<[string, Partial<Session>, MessagePriority]>([
    ['when it is taken out of the archive', { lifecycle: 'archived' }, 'normal'],
    ['when it starts', { lifecycle: 'preparing' }, 'normal'],
    ['when it starts', { lifecycle: 'planned' }, 'normal'],
    ['when it runs again', { lifecycle: 'stopped', runtime: gone }, 'urgent'],
    ['when it looks into its mail', { agentId: 'shell' }, 'urgent'],
    ['when it looks into its mail', { agentId: 'codex' }, 'normal'],
    ['at its next step', { activity: activityRow('working', 'Tool hook', 0) }, 'low'],
    ['at its next step', { activity: activityRow('unknown', '', 0) }, 'normal'],
    ['once you have answered it', { activity: activityRow('needs-you', 'Permission', 0, 'Permission') }, 'normal'],
    ['wakes it now', { activity: idle }, 'normal'],
    ['at its next turn', { activity: idle }, 'low'],
    ['at its next turn', { activity: idle, agentId: 'qwen' }, 'urgent'],
    ['typed once its prompt is quiet', { activity: idle, agentId: 'demo' }, 'normal'],
    ['typed once its prompt is quiet', { activity: activityRow('working', '', 0), agentId: 'demo' }, 'urgent'],
    ['once you have answered it', { activity: activityRow('needs-you', '', 0, 'A'), agentId: 'demo' }, 'normal'],
    ['when it looks into its mail', { activity: idle, agentId: 'demo' }, 'low'],
    ['when it looks into its mail', { activity: idle, agentId: 'demo', isMailTyped: false }, 'normal'],
  ])('%s: %j, %s', (text, change, priority) => {
    expect(arrivalOf(sessionRow(1, 'One', change), agents, priority)).toBe(text)
  })
})

describe('the word of a delivery', () => {
  const toSession = { kind: 'session', sessionId: sessionIdAt(1) } as const
  const toPerson = { kind: 'person' } as const
  const typing = (change: Partial<Typing> = {}): Typing => ({
    what: 'message',
    tries: 1,
    isUnanswered: false,
    isSubmitted: true,
    ...change,
  })
  const typed = { state: 'injected', incarnationId: 'inc_1' as never, times: 1 } as const
  const word = (change: Partial<Delivery>, reader?: Session) =>
    deliveryWord({ delivery: deliveryRow(1, messageIdAt(1), toSession, change), sentAt: 1_000, reader, agents })

  it.each<[string, string, Partial<Delivery>]>([
    ['waiting', 'Queued', {}],
    ['waiting', 'Being handed over', { state: 'leased' }],
    [
      'waiting',
      'Given to the agent, not known to be read yet',
      { state: 'injected', incarnationId: 'inc_1' as never, times: 1 },
    ],
    [
      'waiting',
      'Given to the agent 3 times, not known to be read',
      { state: 'injected', incarnationId: 'inc_1' as never, times: 3 },
    ],
    ['waiting', 'Given to an agent that has ended; its next process gets it again', { state: 'injected', times: 1 }],
    ['waiting', 'Read, not acknowledged yet', { state: 'injected', isAckRequired: true, seenAt: 2 }],
    ['done', 'Read in 11 s', { state: 'acked', endedAt: 12_000 }],
    ['done', 'Acknowledged in 4 min', { state: 'acked', endedAt: 241_500, isAckRequired: true }],
    ['bad', 'Expired before it was read', { state: 'expired', endedAt: 9 }],
    [
      'bad',
      'Did not arrive. The session was deleted.',
      { state: 'bounced', endedAt: 9, why: 'The session was deleted.' },
    ],
    ['waiting', 'Being typed', { state: 'leased', typing: typing() }],
    ['waiting', 'Typed, not known to be taken yet', { ...typed, typing: typing() }],
    ['waiting', 'A notice was typed, not read yet', { ...typed, seenAt: 5, typing: typing({ what: 'notice' }) }],
    ['waiting', 'Typed, not acknowledged yet', { ...typed, seenAt: 5, isAckRequired: true, typing: typing() }],
    [
      'bad',
      'Typed and not taken: not delivered, waits for a quiet prompt',
      { ...typed, typing: typing({ isUnanswered: true }) },
    ],
    [
      'bad',
      'Typed twice and not taken: not delivered, waits until the agent looks or starts again',
      { ...typed, typing: typing({ isUnanswered: true, tries: 2 }) },
    ],
    [
      'waiting',
      'Typed to an agent that has ended; its next process gets it',
      { ...typed, incarnationId: null, typing: typing() },
    ],
    ['done', 'Typed and taken in 11 s', { state: 'acked', endedAt: 12_000, typing: typing() }],
    ['bad', 'Did not arrive', { state: 'bounced', endedAt: 9 }],
    ['waiting', 'Waits for you', { recipient: toPerson }],
    ['waiting', 'Seen, waits for your acknowledgement', { recipient: toPerson, isAckRequired: true, seenAt: 5 }],
    [
      'waiting',
      'Queued: for the first “reviewer” that is free',
      { recipient: { kind: 'role', role: 'reviewer', sessionId: null } },
    ],
  ])('%s: %s', (tone, text, change) => {
    expect(word(change)).toEqual({ tone, text })
  })

  it('of one that is queued says when it arrives, as its reader is now', () => {
    expect(word({}, sessionRow(1, 'One')).text).toBe('Queued: at its next step')
    const archived = sessionRow(1, 'One', { lifecycle: 'archived' })
    const toType = sessionRow(1, 'One', { agentId: 'demo', activity: activityRow('working', '', 0) })
    expect(word({}, toType).text).toBe('Waits for a quiet prompt')
    expect(word({}, { ...toType, isMailTyped: false }).text).toBe('Queued: when it looks into its mail')
    expect(word({}, archived).text).toBe('Queued: when it is taken out of the archive')
  })
})

it.each([
  [0, '1 s'],
  [-5, '1 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [3_600_000 * 5, '5 h'],
  [86_400_000, '1 day'],
  [86_400_000 * 3.5, '3 days'],
])('%i ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
