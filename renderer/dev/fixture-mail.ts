import { ORPCError } from '@orpc/client'
import type { Delivery, Message, NewMessage, NewReply, Sent } from '../../shared/contract/mail.ts'
import type { MessageId, ProjectId } from '../../shared/lib/ids.ts'
import type { Stores } from '../data/stores.ts'
import { deliveryRow, messageIdAt, messageRow, threadIdAt, threadRow } from './coordination-fixtures.ts'

/** The verbs of mail on made-up rows: what is sent stays queued, and what is read is read. */
export const mailVerbs = (stores: Stores) => {
  const write = (message: Message): Sent => {
    const sessions = [...stores.sessions.store.getState().byId.values()]
    const reached = sessions.filter(
      ({ id, projectId }) =>
        projectId === message.projectId && (message.to.includes(id) || message.to.includes('everyone')),
    )
    const first = stores.deliveries.store.getState().byId.size + 200
    const deliveries = reached.map(({ id }, index) =>
      deliveryRow(first + index, message.id, { kind: 'session', sessionId: id }),
    )
    const thread = stores.threads.get(message.threadId)
    if (thread !== undefined)
      stores.threads.put([{ ...thread, lastMessageAt: message.sentAt, messageCount: thread.messageCount + 1 }])
    return { message, deliveries, seq: 1 }
  }
  const nextNumber = () => stores.messages.store.getState().byId.size + 200
  const end = (messageId: MessageId, isRead: boolean): Delivery[] => {
    const own = [...stores.deliveries.store.getState().byId.values()].filter(
      (delivery) => delivery.messageId === messageId && delivery.recipient.kind === 'person',
    )
    return own.map((delivery) => ({
      ...delivery,
      rev: delivery.rev + 1,
      seenAt: Date.now(),
      ...(isRead && delivery.isAckRequired ? {} : { state: 'acked' as const, endedAt: Date.now() }),
    }))
  }
  return {
    page: async () => ({ threads: [], messages: [], deliveries: [], hasMore: false }),
    send: async ({ projectId, subject, to, body, kind, priority }: NewMessage & { projectId: ProjectId }) => {
      if (to.includes('role:nobody')) throw new ORPCError('EMPTY_RECIPIENT', { message: 'No session has that role.' })
      const n = nextNumber()
      stores.threads.put([threadRow(n, subject, { projectId, lastMessageAt: Date.now(), messageCount: 0 })])
      const change = { projectId, to, kind, priority, sentAt: Date.now() }
      return write({ ...messageRow(n, threadIdAt(n), body, change), id: messageIdAt(n) })
    },
    reply: async ({ messageId, to, body, priority }: NewReply) => {
      const original = stores.messages.get(messageId)
      if (original === undefined) throw new ORPCError('NOT_FOUND')
      const change = { projectId: original.projectId, to, priority, sentAt: Date.now(), replyTo: messageId }
      return write(messageRow(nextNumber(), original.threadId, body, change))
    },
    read: async ({ messageId }: { readonly messageId: MessageId }) => ({
      delivery: end(messageId, true)[0] ?? null,
      seq: 1,
    }),
    ack: async ({ messageIds }: { readonly messageIds: readonly MessageId[] }) => ({
      deliveries: messageIds.flatMap((id) => end(id, false)),
      seq: 1,
    }),
  }
}
