import type { Lease, LeaseWaiter } from '../../shared/contract/leases.ts'
import type { Delivery, Message, Recipient, Thread } from '../../shared/contract/mail.ts'
import type {
  DeliveryId,
  IncarnationId,
  LeaseId,
  MessageId,
  SessionId,
  ThreadId,
  WaiterId,
} from '../../shared/lib/ids.ts'
import { projectIdAt } from './fixtures.ts'

const now = Date.now()
const minute = 60_000
const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const leaseIdAt = (n: number) => idAt('lse', n) as LeaseId
export const waiterIdAt = (n: number) => idAt('wtr', n) as WaiterId

export const leaseRow = (n: number, sessionId: SessionId, pattern: string, change: Partial<Lease> = {}): Lease => ({
  id: leaseIdAt(n),
  projectId: projectIdAt(1),
  sessionId,
  incarnationId: idAt('inc', n) as IncarnationId,
  target: { kind: 'path', pattern },
  mode: 'exclusive',
  policy: 'warn',
  acquiredAt: now - 5 * minute,
  expiresAt: now + 10 * minute,
  holdUntil: now + 235 * minute,
  rev: 1,
  ...change,
})

export const waiterRow = (
  n: number,
  sessionId: SessionId,
  pattern: string,
  change: Partial<LeaseWaiter> = {},
): LeaseWaiter => ({
  id: waiterIdAt(n),
  projectId: projectIdAt(1),
  sessionId,
  incarnationId: idAt('inc', n) as IncarnationId,
  wants: [{ target: { kind: 'path', pattern }, mode: 'exclusive', policy: 'enforce' }],
  askedAt: now - n * minute,
  expiresAt: now + 230 * minute,
  ...change,
})

export const threadIdAt = (n: number) => idAt('thr', n) as ThreadId
export const messageIdAt = (n: number) => idAt('msg', n) as MessageId
export const deliveryIdAt = (n: number) => idAt('dlv', n) as DeliveryId

export const threadRow = (n: number, subject: string, change: Partial<Thread> = {}): Thread => ({
  id: threadIdAt(n),
  projectId: projectIdAt(1),
  subject,
  startedBy: { kind: 'person' },
  createdAt: now - n * minute,
  lastMessageAt: now - n * minute,
  messageCount: 1,
  ...change,
})

export const messageRow = (n: number, threadId: ThreadId, body: string, change: Partial<Message> = {}): Message => ({
  id: messageIdAt(n),
  threadId,
  projectId: projectIdAt(1),
  from: { kind: 'person' },
  to: ['everyone'],
  kind: 'note',
  body,
  priority: 'normal',
  isAckRequired: false,
  replyTo: null,
  sentAt: now - n * minute,
  expiresAt: null,
  ...change,
})

export const deliveryRow = (
  n: number,
  messageId: MessageId,
  recipient: Recipient,
  change: Partial<Delivery> = {},
): Delivery => ({
  id: deliveryIdAt(n),
  messageId,
  projectId: projectIdAt(1),
  recipient,
  priority: 'normal',
  isAckRequired: false,
  state: 'queued',
  incarnationId: null,
  times: 0,
  dueAt: now,
  injectedAt: null,
  seenAt: null,
  expiresAt: null,
  endedAt: null,
  why: null,
  typing: null,
  rev: 1,
  ...change,
})
