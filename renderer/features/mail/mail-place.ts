import { z } from 'zod'
import { messagePrioritySchema, newMessageSchema } from '../../../shared/contract/mail.ts'
import {
  projectIdSchema,
  type MessageId,
  type ProjectId,
  type SessionId,
  type ThreadId,
} from '../../../shared/lib/ids.ts'

/** What a message is begun with from elsewhere: "ask the holder". */
export interface MailPreset {
  readonly projectId: ProjectId
  readonly to: readonly SessionId[]
  readonly subject: string
  readonly body: string
}

/** What stands beside the list of threads. */
export type MailPlace =
  | { readonly kind: 'nothing' }
  /** With the message that a link led to, if one did. */
  | { readonly kind: 'thread'; readonly threadId: ThreadId; readonly marked?: { readonly id: MessageId } }
  | { readonly kind: 'compose'; readonly preset: MailPreset | null }

const kindSchema = newMessageSchema.shape.kind

const draftSchema = z.object({
  projectId: projectIdSchema.nullable().catch(null),
  to: z.array(z.string()).catch([]),
  kind: kindSchema.catch('note'),
  subject: z.string().catch(''),
  body: z.string().catch(''),
  priority: messagePrioritySchema.catch('normal'),
  isAckRequired: z.boolean().catch(false),
})

/** A message as far as it is written. Nothing of it need be valid yet; the project is null until one is chosen. */
export type MailDraft = z.infer<typeof draftSchema>

export const emptyMailDraft: MailDraft = {
  projectId: null,
  to: [],
  kind: 'note',
  subject: '',
  body: '',
  priority: 'normal',
  isAckRequired: false,
}

/** Where a draft is kept: each of those whom it was begun to has one of their own, so that none overwrites another. */
export const draftKeyOf = (preset: MailPreset | null): string => `draft:mail:${preset?.to.join(':') ?? 'new'}`

/** The kept draft; what it was to begin with when nothing was written yet. */
export const parseMailDraft =
  (preset: MailPreset | null) =>
  (stored: unknown): MailDraft => {
    const parsed = draftSchema.safeParse(stored)
    if (parsed.success && isWritten(parsed.data)) return parsed.data
    return preset === null ? emptyMailDraft : { ...emptyMailDraft, ...preset, to: [...preset.to] }
  }

const isWritten = ({ to, subject, body }: MailDraft) => to.length > 0 || subject.trim() !== '' || body.trim() !== ''

/** What is left of a draft when a message was sent: nothing, unless its text went on while it was on its way. */
export const draftAfterSending = <Draft extends { readonly body: string }>(
  now: Draft,
  sent: { readonly body: string },
  empty: Draft,
): Draft => (now.body === sent.body ? empty : now)

/** What is missing before it can be sent, in words; null when nothing is. */
export const draftProblem = (draft: MailDraft): string | null => {
  if (draft.projectId === null) return 'Choose the project whose sessions you write to.'
  if (draft.to.length === 0) return 'Name a recipient.'
  if (draft.subject.trim() === '') return 'Give it a subject.'
  return draft.body.trim() === '' ? 'Write something.' : null
}

const replySchema = z.object({
  to: z.array(z.string()).nullable().catch(null),
  body: z.string().catch(''),
  priority: messagePrioritySchema.catch('normal'),
  isAckRequired: z.boolean().catch(false),
})

/** An answer as far as it is written. Null recipients are the usual ones. */
export type ReplyDraft = z.infer<typeof replySchema>

export const emptyReplyDraft: ReplyDraft = { to: null, body: '', priority: 'normal', isAckRequired: false }

export const replyKeyOf = (threadId: ThreadId): string => `draft:mail-reply:${threadId}`

export const parseReplyDraft = (stored: unknown): ReplyDraft => {
  const parsed = replySchema.safeParse(stored)
  return parsed.success ? parsed.data : emptyReplyDraft
}
