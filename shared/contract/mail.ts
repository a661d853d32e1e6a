import { z } from 'zod'
import {
  deliveryIdSchema,
  incarnationIdSchema,
  messageIdSchema,
  projectIdSchema,
  sessionIdSchema,
  threadIdSchema,
} from '../lib/ids.ts'
import { utf8Length } from '../lib/utf8-length.ts'
import { procedure, refusals, timeSchema, titleSchema } from './base.ts'

/** Who writes. `system` is Switchyard itself, telling what became of something. */
export const partySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), sessionId: sessionIdSchema }),
  z.object({ kind: z.literal('person') }),
  z.object({ kind: z.literal('system') }),
])
export type Party = z.infer<typeof partySchema>

export const messagePrioritySchema = z.enum(['low', 'normal', 'high', 'urgent'])
export type MessagePriority = z.infer<typeof messagePrioritySchema>

/** `notice` is what Switchyard writes by itself. */
export const messageKindSchema = z.enum(['note', 'question', 'handoff', 'status', 'notice'])
export type MessageKind = z.infer<typeof messageKindSchema>

export const threadSchema = z.object({
  id: threadIdSchema,
  projectId: projectIdSchema,
  subject: z.string(),
  startedBy: partySchema,
  createdAt: timeSchema,
  lastMessageAt: timeSchema,
  messageCount: z.number().int(),
})
export type Thread = z.infer<typeof threadSchema>

/** Never changes once it is sent. The body is as it was written: whoever shows it makes what is hidden in it visible. */
export const messageSchema = z.object({
  id: messageIdSchema,
  threadId: threadIdSchema,
  projectId: projectIdSchema,
  from: partySchema,
  /** As it was addressed: "@fix-the-parser", "role:reviewer", "everyone". */
  to: z.array(z.string()),
  kind: messageKindSchema,
  body: z.string(),
  priority: messagePrioritySchema,
  /** It is done with when its recipient says so, not already when it was seen. */
  isAckRequired: z.boolean(),
  replyTo: messageIdSchema.nullable(),
  sentAt: timeSchema,
  expiresAt: timeSchema.nullable(),
})
export type Message = z.infer<typeof messageSchema>

export const recipientSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), sessionId: sessionIdSchema }),
  /** For one of those who have the role; the session is the one that took it. */
  z.object({ kind: z.literal('role'), role: z.string(), sessionId: sessionIdSchema.nullable() }),
  z.object({ kind: z.literal('person') }),
])
export type Recipient = z.infer<typeof recipientSchema>

/** In this order, and never back: a message that is handed over again stays `injected`. */
export const deliveryStateSchema = z.enum(['queued', 'leased', 'injected', 'acked', 'expired', 'bounced'])
export type DeliveryState = z.infer<typeof deliveryStateSchema>

/** How a message was typed at its recipient's prompt. */
export const typingSchema = z.object({
  /** All of it, or only that it is there and how it is read. */
  what: z.enum(['message', 'notice']),
  /** How often to this process. */
  tries: z.number().int(),
  /** Nothing that the agent did since said that it took it. */
  isUnanswered: z.boolean(),
  /** The return behind it was pressed too. Until then what the agent does says nothing of it. */
  isSubmitted: z.boolean().default(false),
})
export type Typing = z.infer<typeof typingSchema>

/** What became of a message for one of its recipients. It belongs to the session, whichever process of it runs. */
export const deliverySchema = z.object({
  id: deliveryIdSchema,
  messageId: messageIdSchema,
  projectId: projectIdSchema,
  recipient: recipientSchema,
  priority: messagePrioritySchema,
  isAckRequired: z.boolean(),
  state: deliveryStateSchema,
  /** The process it was last handed to. */
  incarnationId: incarnationIdSchema.nullable(),
  /** How often it was put before the recipient; more than once when nothing proved that it had been seen. */
  times: z.number().int(),
  /** When it may be handed over (again); null while only its recipient or the next process can move it on. */
  dueAt: timeSchema.nullable(),
  /** When it was put before the process above; null until that is known to have happened. */
  injectedAt: timeSchema.nullable(),
  /** When that process proved that it had seen it. */
  seenAt: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** Why it bounced, in words. */
  why: z.string().nullable(),
  /** Set when it was last handed over by typing. */
  typing: typingSchema.nullable().default(null),
  rev: z.number().int(),
})
export type Delivery = z.infer<typeof deliverySchema>

/** As much as fits into what an agent reads at a time; more belongs into a file. */
export const longestBodyBytes = 32 * 1024

export const bodySchema = z
  .string()
  .min(1, 'Write something.')
  .refine((body) => utf8Length(body) <= longestBodyBytes, 'Use at most 32 KB; put the rest in a file and name it.')
  .refine((body) => !body.includes('\u0000'), 'Leave out the NUL characters.')

const requestIdSchema = z.string().min(8).max(64)
const addressSchema = z.string().trim().min(1).max(250)

export const newMessageSchema = z.object({
  /** A session's id or @name, "role:" and a role for one of them, "#" and a role for all of them, "everyone", "person". */
  to: z.array(addressSchema).min(1, 'Name a recipient.').max(20, 'Name at most 20 recipients.'),
  kind: messageKindSchema.exclude(['notice']),
  subject: titleSchema,
  body: bodySchema,
  priority: messagePrioritySchema,
  isAckRequired: z.boolean(),
  /** Not delivered any more after this; null for never. */
  expiresInMs: z
    .number()
    .int()
    .min(1000)
    .max(30 * 24 * 60 * 60_000)
    .nullable(),
  /** A message of the same sender with the same key within a day is the same message. */
  dedupKey: z.string().min(1).max(200).nullable(),
  requestId: requestIdSchema,
})
export type NewMessage = z.infer<typeof newMessageSchema>

export const newReplySchema = z.object({
  messageId: messageIdSchema,
  /** Whoever wrote the message when it is empty. */
  to: z.array(addressSchema).max(20, 'Name at most 20 recipients.'),
  body: bodySchema,
  priority: messagePrioritySchema,
  isAckRequired: z.boolean(),
  requestId: requestIdSchema,
})
export type NewReply = z.infer<typeof newReplySchema>

/** The number of the event that recorded what was done. */
const seqSchema = z.number().int().positive()

export const sentSchema = z.object({ message: messageSchema, deliveries: z.array(deliverySchema), seq: seqSchema })
export type Sent = z.infer<typeof sentSchema>

export const mailPageSchema = z.object({
  threads: z.array(threadSchema),
  /** Newest first. */
  messages: z.array(messageSchema),
  deliveries: z.array(deliverySchema),
  hasMore: z.boolean(),
})
export type MailPage = z.infer<typeof mailPageSchema>

const sendRefusals = refusals('UNKNOWN_RECIPIENT', 'ARCHIVED_RECIPIENT', 'AMBIGUOUS_RECIPIENT', 'EMPTY_RECIPIENT')
const byMessage = z.object({ messageId: messageIdSchema })

export const mailContract = {
  /** Older messages than the snapshot has: of a thread, of a project, or of everything. */
  page: procedure('view')
    .input(
      z.object({
        projectId: projectIdSchema.nullable(),
        threadId: threadIdSchema.nullable(),
        before: messageIdSchema.nullable(),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(mailPageSchema),
  /** A message of the person. */
  send: procedure('full')
    .errors(sendRefusals)
    .input(newMessageSchema.extend({ projectId: projectIdSchema }))
    .output(sentSchema),
  reply: procedure('full').errors(sendRefusals).input(newReplySchema).output(sentSchema),
  /**
   * The person has seen a message. One that was sent to them is done with, unless it asks for an acknowledgement; of others
   * nothing changes, and there is no event.
   */
  read: procedure('full')
    .input(byMessage)
    .output(z.object({ delivery: deliverySchema.nullable(), seq: seqSchema.nullable() })),
  /** Of messages to the person: all of them or none. */
  ack: procedure('full')
    .input(z.object({ messageIds: z.array(messageIdSchema).min(1).max(100) }))
    .output(z.object({ deliveries: z.array(deliverySchema), seq: seqSchema })),
}

export const mailTopics = {
  'threads.changed': threadSchema,
  /** With all of its messages. */
  'threads.removed': z.object({ id: threadIdSchema }),
  'messages.changed': messageSchema,
  'deliveries.changed': deliverySchema,
} as const
