import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Lease, LeaseWaiter } from '../../shared/contract/leases.ts'
import type { Delivery } from '../../shared/contract/mail.ts'
import type { Attempt, Task } from '../../shared/contract/task-rows.ts'
import type { SessionId } from '../../shared/lib/ids.ts'
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
  for (const { recipient, state, endedAt } of deliveries) {
    // What was written to a role is whoever's has taken it.
    if (recipient.kind === 'person' || recipient.sessionId !== sessionId || endedAt !== null) continue
    if (state === 'injected') given += 1
    else waiting += 1
  }
  return { waiting, given }
}
