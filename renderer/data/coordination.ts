import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Lease, LeaseWaiter } from '../../shared/contract/leases.ts'
import type { Delivery } from '../../shared/contract/mail.ts'
import type { Attempt, Task } from '../../shared/contract/task-rows.ts'
import type { MessageId, SessionId, ThreadId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'
import { latestAttempt, taskIdOf } from './tasks.ts'

/** The task that a session works on, with its attempt; null when it works on none. */
export const useWorkOf = (sessionId: SessionId): { readonly task: Task; readonly attempt: Attempt } | null => {
  const { stores } = useData()
  const attempt = useStore(stores.attempts.store, (rows) => {
    const attempts = [...rows.byId.values()]
    const taskId = taskIdOf(attempts, sessionId)
    return taskId === null ? undefined : latestAttempt(attempts, taskId)
  })
  const task = useStore(stores.tasks.store, (rows) =>
    attempt === undefined ? undefined : rows.byId.get(attempt.taskId),
  )
  return task === undefined || attempt === undefined ? null : { task, attempt }
}

/** What a session holds, the oldest first. */
export const useLeasesOf = (sessionId: SessionId): readonly Lease[] =>
  useStore(
    useData().stores.leases.store,
    useShallow((rows) => leasesOf(rows.byId.values(), sessionId)),
  )

export const leasesOf = (leases: Iterable<Lease>, sessionId: SessionId): Lease[] =>
  [...leases].filter((lease) => lease.sessionId === sessionId).sort((a, b) => a.acquiredAt - b.acquiredAt)

/** What a session waits for; null when for nothing. A session waits for one thing at a time. */
export const useWaitOf = (sessionId: SessionId): LeaseWaiter | null =>
  useStore(
    useData().stores.waiters.store,
    (rows) => [...rows.byId.values()].find((waiter) => waiter.sessionId === sessionId) ?? null,
  )

export interface MailOf {
  /** Not put before the agent yet. */
  readonly waiting: number
  /** Put before it, but nothing has proved yet that it was read. */
  readonly given: number
}

/** The mail to a session that is not known to be read. */
export const useUnreadMailOf = (sessionId: SessionId): MailOf =>
  useStore(
    useData().stores.deliveries.store,
    useShallow((rows) => unreadMailOf(rows.byId.values(), sessionId)),
  )

export const unreadMailOf = (deliveries: Iterable<Delivery>, sessionId: SessionId): MailOf => {
  let [waiting, given] = [0, 0]
  for (const delivery of deliveries) {
    if (!isUnreadBy(delivery, sessionId)) continue
    if (delivery.state === 'injected') given += 1
    else waiting += 1
  }
  return { waiting, given }
}

// What was written to a role is whoever's has taken it.
const isUnreadBy = ({ recipient, endedAt }: Delivery, sessionId: SessionId) =>
  recipient.kind !== 'person' && recipient.sessionId === sessionId && endedAt === null

export interface UnreadMessage {
  readonly id: MessageId
  readonly threadId: ThreadId
  readonly subject: string
}

/** The newest messages to a session that are not known to be read. */
export const useUnreadMessagesOf = (sessionId: SessionId, most: number): readonly UnreadMessage[] => {
  const { deliveries, messages, threads } = useData().stores
  const ids = useStore(
    deliveries.store,
    useShallow((rows) => unreadMessageIds(rows.byId.values(), sessionId).slice(0, most)),
  )
  const shown = useStore(
    messages.store,
    useShallow((rows) => ids.flatMap((id) => rows.byId.get(id) ?? [])),
  )
  const subjects = useStore(
    threads.store,
    useShallow((rows) => shown.map(({ threadId }) => rows.byId.get(threadId)?.subject ?? '')),
  )
  return shown.map(({ id, threadId }, index) => ({ id, threadId, subject: subjects[index] ?? '' }))
}

/** Newest first: the ids of messages count up. */
export const unreadMessageIds = (deliveries: Iterable<Delivery>, sessionId: SessionId): MessageId[] =>
  [...deliveries]
    .filter((delivery) => isUnreadBy(delivery, sessionId))
    .map(({ messageId }) => messageId)
    .sort((a, b) => (a < b ? 1 : -1))
