import type { Delivery, Message, MessageKind, MessagePriority, Party, Thread } from '../../../shared/contract/mail.ts'
import type { MessageId, ProjectId, SessionId, ThreadId } from '../../../shared/lib/ids.ts'

/** What a row of the list says of a thread. */
export interface ThreadSummary {
  readonly id: ThreadId
  readonly projectId: ProjectId
  readonly subject: string
  readonly lastMessageAt: number
  readonly messageCount: number
  /** Sessions that wrote or were written to, those who spoke last first. */
  readonly sessionIds: readonly SessionId[]
  /** Roles it was sent to that nobody has taken it for. */
  readonly roles: readonly string[]
  readonly isWithPerson: boolean
  /** True when Switchyard alone wrote it. */
  readonly isNotice: boolean
  /** What began it, as far as that is here. */
  readonly kind: MessageKind | null
  /** Of its newest message. */
  readonly priority: MessagePriority
  /** Messages to the person that they have not seen. */
  readonly unread: number
  /** Messages to the person that ask for an acknowledgement and have none. */
  readonly toAck: number
  /** Deliveries to others that did not arrive, and that are on their way. */
  readonly bounced: number
  readonly waiting: number
}

interface Rows {
  readonly threads: Iterable<Thread>
  readonly messages: Iterable<Message>
  readonly deliveries: Iterable<Delivery>
}

/** Every thread with what is known of its messages, the one with the newest message first. */
export const summarise = ({ threads, messages, deliveries }: Rows): ThreadSummary[] => {
  const byThread = groupBy(messages, ({ threadId }) => threadId)
  const byMessage = groupBy(deliveries, ({ messageId }) => messageId)
  return [...threads]
    .map((thread) => summaryOf(thread, byThread.get(thread.id) ?? [], byMessage))
    .sort((a, b) => b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : -1))
}

const summaryOf = (
  thread: Thread,
  unsorted: readonly Message[],
  byMessage: ReadonlyMap<MessageId, readonly Delivery[]>,
): ThreadSummary => {
  // Newest first: ids grow with time.
  const messages = unsorted.toSorted((a, b) => (a.id < b.id ? 1 : -1))
  const deliveries = messages.flatMap(({ id }) => byMessage.get(id) ?? [])
  const parties = [...messages.map(({ from }) => from), thread.startedBy]
  const others = deliveries.filter(({ recipient }) => recipient.kind !== 'person')
  const own = deliveries.filter(isForPerson)
  return {
    id: thread.id,
    projectId: thread.projectId,
    subject: thread.subject,
    lastMessageAt: thread.lastMessageAt,
    messageCount: thread.messageCount,
    sessionIds: [
      ...new Set([...parties.flatMap(sessionOf), ...others.flatMap(({ recipient }) => sessionOf(recipient))]),
    ],
    roles: [...new Set(others.flatMap(({ recipient }) => untakenRole(recipient)))],
    isWithPerson: own.length > 0 || parties.some(({ kind }) => kind === 'person'),
    isNotice: parties.every(({ kind }) => kind === 'system'),
    kind: messages.at(-1)?.kind ?? null,
    priority: messages[0]?.priority ?? 'normal',
    unread: own.filter(isUnread).length,
    toAck: own.filter(isToAck).length,
    bounced: others.filter(
      ({ state, endedAt, typing }) =>
        state === 'bounced' || state === 'expired' || (endedAt === null && typing?.isUnanswered === true),
    ).length,
    waiting: others.filter(({ endedAt }) => endedAt === null).length,
  }
}

const sessionOf = (one: Party | Delivery['recipient']): SessionId[] =>
  'sessionId' in one && one.sessionId !== null ? [one.sessionId] : []

const untakenRole = (recipient: Delivery['recipient']): string[] =>
  recipient.kind === 'role' && recipient.sessionId === null ? [recipient.role] : []

export const isForPerson = ({ recipient }: Delivery): boolean => recipient.kind === 'person'
/** To the person, and not looked at. */
export const isUnread = (delivery: Delivery): boolean =>
  isForPerson(delivery) && delivery.endedAt === null && delivery.seenAt === null
export const isToAck = (delivery: Delivery): boolean =>
  isForPerson(delivery) && delivery.endedAt === null && delivery.isAckRequired

const groupBy = <Row, Key>(rows: Iterable<Row>, keyOf: (row: Row) => Key): Map<Key, Row[]> => {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}

export const threadFilters = ['all', 'yours', 'unread'] as const
export type ThreadFilter = (typeof threadFilters)[number]

/** Those that fit. The open one stays: that it was read just now must not take it from beneath the reader. */
export const filterThreads = (
  summaries: readonly ThreadSummary[],
  filter: ThreadFilter,
  openId: ThreadId | null,
): readonly ThreadSummary[] => {
  if (filter === 'all') return summaries
  const fits = (one: ThreadSummary) => (filter === 'yours' ? one.isWithPerson : one.unread > 0 || one.toAck > 0)
  return summaries.filter((one) => one.id === openId || fits(one))
}
