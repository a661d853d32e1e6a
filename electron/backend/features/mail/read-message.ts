import type { Delivery, Message, Thread } from '../../../../shared/contract/mail.ts'
import type { MessageId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { endDelivery, isOver, takeDelivery } from './delivery-rules.ts'
import { putDelivery } from './deliveries-store.ts'
import { findOwnDelivery, mayRead, noMessage } from './find-mail.ts'
import { putDeliveries, type MailDeps, type Reader } from './mail-parts.ts'
import { findMessage, findThread } from './messages-store.ts'

export interface ReadMessage {
  readonly message: Message
  readonly thread: Thread
  /** Null when the reader is the one who wrote it. */
  readonly delivery: Delivery | null
  /** Null when reading changed nothing. */
  readonly seq: number | null
}

/**
 * A message in full. To an agent it is handed over as by a hook: once the answer was sent, `markInjected` says so. The person
 * has read what they opened. A message that asks for an acknowledgement stays open either way.
 */
export const readMessage = (
  deps: MailDeps,
  reader: Reader,
  messageId: MessageId,
  by: Identity,
): Promise<Result<ReadMessage, 'NOT_FOUND'>> =>
  deps.runCommand({ name: 'read-message', by }, async (context): Promise<Result<ReadMessage, 'NOT_FOUND'>> => {
    const { tx, now } = context
    const message = await findMessage(tx, messageId)
    const thread = message && (await findThread(tx, message.threadId))
    if (!message || !thread || !(await mayRead(tx, reader, message))) return noMessage(messageId)
    const before = await findOwnDelivery(tx, reader, messageId)
    if (!before || isOver(before)) return ok({ message, thread, delivery: before ?? null, seq: null })
    const delivery = readBy(before, reader, now)
    return ok({ message, thread, delivery, seq: await putAll(context, [before, delivery]) })
  })

const readBy = (delivery: Delivery, reader: Reader, now: number): Delivery => {
  if (reader.kind === 'session') return takeDelivery(delivery, reader.incarnationId, now)
  if (!delivery.isAckRequired) return endDelivery(delivery, 'acked', null, now)
  return { ...delivery, seenAt: delivery.seenAt ?? now, rev: delivery.rev + 1 }
}

const putAll = async (context: Parameters<typeof putDeliveries>[0], [before, after]: readonly [Delivery, Delivery]) => {
  const isSame = JSON.stringify({ ...before, rev: 0 }) === JSON.stringify({ ...after, rev: 0 })
  return isSame ? null : putDeliveries(context, [after])
}

/** The reader has done with them, all or none. Said again, it is recorded again and changes nothing. */
export const acknowledge = (
  deps: MailDeps,
  reader: Reader,
  messageIds: readonly MessageId[],
  by: Identity,
): Promise<Result<{ deliveries: Delivery[]; seq: number }, 'NOT_FOUND'>> =>
  deps.runCommand({ name: 'ack-messages', by }, async (context) => {
    const deliveries: Delivery[] = []
    let seq = 0
    for (const messageId of messageIds) {
      const before = await findOwnDelivery(context.tx, reader, messageId)
      if (!before) return noMessage(messageId)
      if (before.state === 'expired' || before.state === 'bounced')
        return refuse('NOT_FOUND', `Message ${messageId} is ${before.state} and needs no acknowledgement any more.`)
      const delivery = isOver(before) ? before : endDelivery(before, 'acked', null, context.now)
      if (delivery !== before) await putDelivery(context.tx, delivery)
      seq = await context.emit('deliveries.changed', delivery.id, delivery)
      deliveries.push(delivery)
    }
    return seq === 0 ? refuse('NOT_FOUND', 'Name at least one message.') : ok({ deliveries, seq })
  })
