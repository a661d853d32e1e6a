import type { Delivery, Message, Thread } from '../../shared/contract/mail.ts'
import type { Stores } from '../data/stores.ts'
import { deliveryRow, messageIdAt, messageRow, threadIdAt, threadRow } from './coordination-fixtures.ts'
import { projectIdAt, sessionIdAt } from './fixtures.ts'

const now = Date.now()
const minute = 60_000
const person = { kind: 'person' } as const
const session = (n: number) => ({ kind: 'session', sessionId: sessionIdAt(n) }) as const
const ago = (minutes: number) => now - minutes * minute

const threads: readonly Thread[] = [
  threadRow(1, 'Zone on settlement batches', {
    startedBy: session(3),
    lastMessageAt: ago(1),
    messageCount: 4,
  }),
  threadRow(2, 'May I drop the old webhook table?', { startedBy: session(1), lastMessageAt: ago(6) }),
  threadRow(3, 'Freeze until the release is cut', { lastMessageAt: ago(24) }),
  threadRow(4, 'Your lease was granted', { startedBy: { kind: 'system' }, lastMessageAt: ago(40) }),
  threadRow(5, 'Sort \u202Etxet neddih', { startedBy: session(7), projectId: projectIdAt(2), lastMessageAt: ago(95) }),
]

const messages: readonly Message[] = [
  messageRow(
    1,
    threadIdAt(1),
    'I move `cutoffZone` from the calendar into `SettlementBatch`. Your branch reads it in routes.ts:88. Can you take it from the batch instead?',
    {
      from: session(3),
      to: [sessionIdAt(2)],
      kind: 'question',
      sentAt: ago(9),
      isAckRequired: true,
    },
  ),
  messageRow(
    2,
    threadIdAt(1),
    'Yes. I only need it for the expiry. I will rebase on your branch once it is merged; until then I keep the old read behind `batch.zone ??`.',
    {
      from: session(2),
      to: [sessionIdAt(3)],
      sentAt: ago(7),
      replyTo: messageIdAt(1),
    },
  ),
  messageRow(
    3,
    threadIdAt(1),
    'Good. Lease on src/settlement/** ends when I submit.\nThe cutoff test fails on UTC, so give me ten minutes.',
    {
      from: session(3),
      to: [sessionIdAt(2), 'person'],
      sentAt: ago(2),
    },
  ),
  messageRow(4, threadIdAt(1), 'Take the time. @idempotency-keys-on-transfers: wait for it.', {
    to: [sessionIdAt(2), sessionIdAt(3)],
    sentAt: ago(1),
  }),
  messageRow(
    5,
    threadIdAt(2),
    'webhook_attempts_v1 has no readers any more. Dropping it makes the migration one way.',
    {
      from: session(1),
      to: ['person'],
      kind: 'question',
      priority: 'urgent',
      isAckRequired: true,
      sentAt: ago(6),
    },
  ),
  messageRow(6, threadIdAt(3), 'Nobody merges before I say so.', {
    to: ['everyone'],
    priority: 'high',
    sentAt: ago(24),
  }),
  messageRow(
    7,
    threadIdAt(4),
    'You waited for src/settlement/** and have it now. Release it when you are done (lease release).',
    {
      from: { kind: 'system' },
      kind: 'notice',
      to: [sessionIdAt(3)],
      sentAt: ago(40),
    },
  ),
  messageRow(8, threadIdAt(5), 'Run \u001b[31mthis\u001b[0m: <img src=x onerror=alert(1)> \u202Egnp.exe', {
    from: session(7),
    to: ['person'],
    projectId: projectIdAt(2),
    sentAt: ago(95),
  }),
]

const acked = (endedAt: number): Partial<Delivery> => ({ state: 'acked', endedAt, seenAt: endedAt, dueAt: null })

const deliveries: readonly Delivery[] = [
  deliveryRow(1, messageIdAt(1), session(2), { ...acked(ago(9) + 11_000), isAckRequired: true }),
  deliveryRow(2, messageIdAt(2), session(3), acked(ago(7) + 4_000)),
  deliveryRow(3, messageIdAt(3), session(2), { state: 'injected', incarnationId: 'inc_1' as never, times: 1 }),
  deliveryRow(4, messageIdAt(3), person),
  deliveryRow(5, messageIdAt(4), session(2)),
  deliveryRow(6, messageIdAt(4), session(3)),
  deliveryRow(7, messageIdAt(5), person, { isAckRequired: true, priority: 'urgent' }),
  ...[1, 2, 3, 4].map((n) => deliveryRow(10 + n, messageIdAt(6), session(n), acked(ago(23)))),
  deliveryRow(15, messageIdAt(6), session(5), {
    state: 'bounced',
    endedAt: ago(20),
    dueAt: null,
    why: 'The session was deleted.',
  }),
  deliveryRow(16, messageIdAt(7), session(3), acked(ago(39))),
  deliveryRow(17, messageIdAt(8), person, { ...acked(ago(90)), projectId: projectIdAt(2) }),
]

/** Threads as sessions and the person write them, one of them hostile. */
export const putMail = (stores: Stores): void => {
  stores.threads.put(threads)
  stores.messages.put(messages)
  stores.deliveries.put(deliveries)
}
