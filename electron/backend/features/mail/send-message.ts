import {
  bodySchema,
  type Delivery,
  type Message,
  type NewMessage,
  type NewReply,
  type Party,
  type Recipient,
  type Sent,
  type Thread,
} from '../../../../shared/contract/mail.ts'
import type { ProjectId, SessionId, ThreadId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { listOfMessages } from './deliveries-store.ts'
import { mayRead, noMessage } from './find-mail.ts'
import { partyOf, writeMessage, type MailDeps, type Reader } from './mail-parts.ts'
import { findByDedupKey, findMessage, findThread } from './messages-store.ts'
import { resolveRecipients, type RecipientRefusal } from './recipient-rules.ts'

export type SendRefusal = RecipientRefusal | 'NOT_FOUND'

/** A repeat with the same key counts as the same message for this long. */
const dedupMs = 24 * 60 * 60_000

/** Sends a message to everyone it names, or to nobody: one delivery for each recipient, in the transaction of the message. */
export const sendMessage = (
  deps: MailDeps,
  from: Party,
  projectId: ProjectId,
  input: NewMessage,
  by: Identity,
): Promise<Result<Sent, SendRefusal>> => {
  const about = from.kind === 'session' ? from.sessionId : projectId
  const options = { name: 'send-message', by, requestId: input.requestId, recordRefusalUnder: about }
  return deps.runCommand(options, async (context): Promise<Result<Sent, SendRefusal>> => {
    const { tx, now, newId } = context
    const body = judgeBody(input.body)
    if (!body.ok) return body
    if (!(await deps.hasProject(tx, projectId))) return refuse('NOT_FOUND', 'This project is not there any more.')
    const before = input.dedupKey === null ? undefined : await findSame(context, projectId, from, input.dedupKey)
    if (before) return ok({ ...before, deliveries: await listOfMessages(tx, [before.message.id]) })
    const recipients = await resolve(deps, tx, { to: input.to, from, projectId })
    if (!recipients.ok) return recipients
    const thread = newThread(context, { projectId, subject: input.subject, startedBy: from })
    const message: Message = {
      id: newId('msg'),
      threadId: thread.id,
      projectId,
      from,
      to: input.to,
      kind: input.kind,
      body: body.value,
      priority: input.priority,
      isAckRequired: input.isAckRequired,
      replyTo: null,
      sentAt: now,
      expiresAt: input.expiresInMs === null ? null : now + input.expiresInMs,
    }
    return ok(await dispatch(context, { thread, message, recipients: recipients.value, dedupKey: input.dedupKey }))
  })
}

/** Answers a message in its thread: whoever wrote it, or whoever is named. */
export const replyToMessage = (
  deps: MailDeps,
  reader: Reader,
  input: NewReply,
  by: Identity,
): Promise<Result<Sent, SendRefusal>> => {
  const options = { name: 'reply-to-message', by, requestId: input.requestId, recordRefusalUnder: input.messageId }
  return deps.runCommand(options, async (context): Promise<Result<Sent, SendRefusal>> => {
    const { tx, now, newId } = context
    const from = partyOf(reader)
    const body = judgeBody(input.body)
    if (!body.ok) return body
    const original = await findMessage(tx, input.messageId)
    const thread = original && (await findThread(tx, original.threadId))
    if (!original || !thread || !(await mayRead(tx, reader, original))) return noMessage(input.messageId)
    if (input.to.length === 0 && original.from.kind === 'system')
      return refuse(
        'UNKNOWN_RECIPIENT',
        'Switchyard wrote that, and reads no mail. Write to a session or to the person.',
      )
    const to = input.to.length > 0 ? input.to : [addressOf(original.from)]
    const recipients = await resolve(deps, tx, { to, from, projectId: original.projectId })
    if (!recipients.ok) return recipients
    const { priority, isAckRequired } = input
    const message: Message = {
      id: newId('msg'),
      threadId: thread.id,
      projectId: original.projectId,
      from,
      to,
      kind: 'note',
      body: body.value,
      priority,
      isAckRequired,
      replyTo: original.id,
      sentAt: now,
      expiresAt: null,
    }
    return ok(await dispatch(context, { thread, message, recipients: recipients.value, dedupKey: null }))
  })
}

/** What Switchyard itself tells somebody, in a thread of its own or in the one it is about. */
export const sendNotice = async (
  context: CommandContext,
  notice: { projectId: ProjectId; thread: Thread | null; subject: string; body: string; recipient: Recipient },
): Promise<Sent> => {
  const { projectId, subject, body, recipient } = notice
  const from: Party = { kind: 'system' }
  const thread = notice.thread ?? newThread(context, { projectId, subject, startedBy: from })
  const message: Message = {
    id: context.newId('msg'),
    threadId: thread.id,
    projectId,
    from,
    to: [recipient.kind === 'session' ? recipient.sessionId : 'person'],
    kind: 'notice',
    body,
    priority: 'normal',
    isAckRequired: false,
    replyTo: null,
    sentAt: context.now,
    expiresAt: null,
  }
  return dispatch(context, { thread, message, recipients: [recipient], dedupKey: null })
}

export interface Post {
  readonly projectId: ProjectId
  readonly sessionId: SessionId
  readonly subject: string
  /** One message each, in their order. */
  readonly bodies: readonly string[]
}

/** Messages of the person to one session in a thread of their own, in the transaction of what they tell of. */
export const postMessages = async (context: CommandContext, post: Post): Promise<Posted> => {
  const { newId, now } = context
  const { projectId, sessionId, subject } = post
  const from: Party = { kind: 'person' }
  let thread = newThread(context, { projectId, subject, startedBy: from })
  const messages: Message[] = []
  for (const body of post.bodies) {
    const message: Message = {
      id: newId('msg'),
      threadId: thread.id,
      projectId,
      from,
      to: [sessionId],
      kind: 'note',
      body: bodySchema.parse(body).toWellFormed(),
      priority: 'normal',
      isAckRequired: false,
      replyTo: messages[0]?.id ?? null,
      sentAt: now,
      expiresAt: null,
    }
    await dispatch(context, { thread, message, recipients: [{ kind: 'session', sessionId }], dedupKey: null })
    thread = { ...thread, messageCount: thread.messageCount + 1 }
    messages.push(message)
  }
  return { threadId: thread.id, messages }
}

export interface Posted {
  readonly threadId: ThreadId
  readonly messages: readonly Message[]
}

/** Judged here and not only where it comes in: agents have doors of their own. */
const judgeBody = (body: string): Result<string, 'INVALID'> => {
  const judged = bodySchema.safeParse(body)
  return judged.success
    ? ok(judged.data.toWellFormed())
    : refuse('INVALID', judged.error.issues[0]?.message ?? 'This body cannot be sent.')
}

const addressOf = (party: Party) => (party.kind === 'session' ? party.sessionId : party.kind)

const findSame = ({ tx, now }: CommandContext, projectId: ProjectId, from: Party, dedupKey: string) =>
  findByDedupKey(tx, { projectId, from, dedupKey, since: now - dedupMs })

const resolve = async (
  deps: MailDeps,
  tx: Tx,
  { to, from, projectId }: { readonly to: readonly string[]; readonly from: Party; readonly projectId: ProjectId },
) => {
  const sessions = (await deps.sessions.list(tx)).filter((session) => session.projectId === projectId)
  return resolveRecipients(to, from, sessions)
}

const newThread = (
  { newId, now }: CommandContext,
  own: Pick<Thread, 'projectId' | 'subject' | 'startedBy'>,
): Thread => ({ id: newId('thr'), ...own, createdAt: now, lastMessageAt: now, messageCount: 0 })

interface Dispatch {
  readonly thread: Thread
  readonly message: Message
  readonly recipients: readonly Recipient[]
  readonly dedupKey: string | null
}

const dispatch = async (
  context: CommandContext,
  { thread, message, recipients, dedupKey }: Dispatch,
): Promise<Sent> => {
  const deliveries = recipients.map((recipient) => newDelivery(context, message, recipient))
  const seq = await writeMessage(context, { thread, message, deliveries, dedupKey })
  return { message, deliveries, seq }
}

export const newDelivery = ({ newId, now }: CommandContext, message: Message, recipient: Recipient): Delivery => ({
  id: newId('dlv'),
  messageId: message.id,
  projectId: message.projectId,
  recipient,
  priority: message.priority,
  isAckRequired: message.isAckRequired,
  state: 'queued',
  incarnationId: null,
  times: 0,
  dueAt: recipient.kind === 'person' ? null : now,
  injectedAt: null,
  seenAt: null,
  expiresAt: message.expiresAt,
  endedAt: null,
  why: null,
  typing: null,
  rev: 1,
})
