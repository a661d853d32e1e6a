import { z } from 'zod'
import { bodySchema, messageKindSchema, messagePrioritySchema, newMessageSchema } from '../contract/mail.ts'
import { timeSchema } from '../contract/base.ts'
import { decide, look } from './verb.ts'

const messageRef = z.string().trim().min(1).max(60).describe('The id of a message.')

export const messageLineSchema = z.object({
  id: z.string(),
  threadId: z.string(),
  from: z.string(),
  subject: z.string(),
  kind: messageKindSchema,
  priority: messagePrioritySchema,
  needsAck: z.boolean(),
  isAcked: z.boolean(),
  at: timeSchema,
})
export const wholeMessageSchema = messageLineSchema.extend({
  to: z.array(z.string()),
  body: z.string(),
  replyTo: z.string().nullable(),
})

export const mailVerbs = {
  'mail.send': decide({
    description:
      'Sends a message to other sessions or to the person. It is kept until they have it, also when they do not run now.',
    input: {
      to: z
        .array(newMessageSchema.shape.to.element)
        .max(20)
        .default([])
        .describe(
          '"@fix-the-parser" (its title) or id of a session, "role:reviewer" (one of them), "#reviewer" (all of them), "everyone", "person". Left out in a reply: its sender.',
        ),
      subject: z.string().trim().max(200).default('').describe('One line; left out in a reply.'),
      body: bodySchema.describe('Markdown, at most 32 KB.'),
      kind: newMessageSchema.shape.kind.default('note'),
      priority: messagePrioritySchema
        .default('normal')
        .describe('`low` waits until they look by themselves; `urgent` also keeps them from ending their turn.'),
      needsAck: z.boolean().default(false).describe('Ask the recipients to acknowledge it.'),
      replyTo: messageRef.nullable().default(null).describe('The message this one answers.'),
    },
    output: { id: z.string(), threadId: z.string(), recipients: z.array(z.string()) },
    positional: ['to'],
    fromStdin: 'body',
  }),
  'mail.inbox': look({
    description: 'Lists the messages to you that you have not acknowledged, urgent and old ones first.',
    input: {
      all: z.boolean().default(false).describe('Also those you have acknowledged.'),
      limit: z.number().int().min(1).max(100).default(20),
    },
    output: { messages: z.array(messageLineSchema), unread: z.number().int() },
  }),
  'mail.read': look({
    description: 'Reads a message to you, whole. Acknowledge it when you have dealt with it.',
    input: { message: messageRef },
    output: { message: wholeMessageSchema },
    positional: ['message'],
  }),
  'mail.ack': decide({
    description: 'Says that you have dealt with messages, so that they are not shown to you again.',
    input: { messages: z.array(messageRef).min(1, 'Name at least one message.').max(100) },
    output: { acked: z.array(z.string()) },
    positional: ['messages'],
  }),
  'mail.thread': look({
    description: 'Shows a whole conversation, oldest message first.',
    input: { message: messageRef.describe('The id of any message of it, or of the thread.') },
    output: { messages: z.array(wholeMessageSchema) },
    positional: ['message'],
  }),
} as const
