import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Delivery, Message, Thread } from '../../shared/contract/mail.ts'
import type { DeliveryId, MessageId, ProjectId, ThreadId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

export const useThread = (id: ThreadId): Thread | undefined =>
  useStore(useData().stores.threads.store, (rows) => rows.byId.get(id))

export const useMessage = (id: MessageId): Message | undefined =>
  useStore(useData().stores.messages.store, (rows) => rows.byId.get(id))

export const useDelivery = (id: DeliveryId): Delivery | undefined =>
  useStore(useData().stores.deliveries.store, (rows) => rows.byId.get(id))

/** The threads of a project, the one with the newest message first; of all projects when null. */
export const useThreadIds = (projectId: ProjectId | null): readonly ThreadId[] =>
  useStore(
    useData().stores.threads.store,
    useShallow((rows) => threadIdsOf(rows.byId.values(), projectId)),
  )

export const threadIdsOf = (threads: Iterable<Thread>, projectId: ProjectId | null): ThreadId[] =>
  [...threads]
    .filter((thread) => projectId === null || thread.projectId === projectId)
    .sort((a, b) => b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id)

/** The messages of a thread that are here, oldest first. */
export const useMessageIds = (threadId: ThreadId): readonly MessageId[] =>
  useStore(
    useData().stores.messages.store,
    useShallow((rows) => messageIdsOf(rows.byId.values(), threadId)),
  )

export const messageIdsOf = (messages: Iterable<Message>, threadId: ThreadId): MessageId[] =>
  [...messages]
    .filter((message) => message.threadId === threadId)
    .map(({ id }) => id)
    .sort((a, b) => (a < b ? -1 : 1))

export const useDeliveryIds = (messageId: MessageId): readonly DeliveryId[] =>
  useStore(
    useData().stores.deliveries.store,
    useShallow((rows) => deliveryIdsOf(rows.byId.values(), messageId)),
  )

export const deliveryIdsOf = (deliveries: Iterable<Delivery>, messageId: MessageId): DeliveryId[] =>
  [...deliveries]
    .filter((delivery) => delivery.messageId === messageId)
    .map(({ id }) => id)
    .sort((a, b) => (a < b ? -1 : 1))

/** How many messages wait for the person. */
export const useMailForPersonCount = (): number =>
  useStore(useData().stores.deliveries.store, (rows) => countForPerson(rows.byId.values()))

export const countForPerson = (deliveries: Iterable<Delivery>): number => {
  let count = 0
  for (const { recipient, endedAt } of deliveries) if (recipient.kind === 'person' && endedAt === null) count += 1
  return count
}
