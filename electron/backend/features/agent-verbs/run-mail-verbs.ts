import type { VerbInput, VerbName, VerbOutput } from '../../../../shared/agent-verbs/verbs.ts'
import type { Party } from '../../../../shared/contract/mail.ts'
import { messageIdSchema, threadIdSchema, type MessageId, type SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { InboxItem, Reader } from '../mail/mail-service.ts'
import { readYard, type Speaking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type MailVerbName = Extract<VerbName, `mail.${string}`>
type TitleOf = (id: SessionId) => string
type WholeMessage = VerbOutput<'mail.read'>['message']

export const mailVerbRunners: VerbRunners<MailVerbName> = {
  'mail.send': (deps, speaking, input) => send(deps, speaking, input),
  'mail.inbox': async (deps, { session }, { all, limit }) => {
    const inbox = await deps.mail.inbox(session.id, { isAll: all, after: null, limit })
    const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, session.projectId))
    return ok({ messages: inboxLines(inbox.items, titleOf), unread: inbox.openCount })
  },
  'mail.read': async (deps, speaking, { message }) => {
    const id = readMessageId(message)
    if (!id.ok) return id
    const read = await deps.mail.read(readerOf(speaking), id.value, speaking.by)
    if (!read.ok) return read
    const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, speaking.session.projectId))
    return ok({ message: wholeMessage(read.value, titleOf) })
  },
  'mail.ack': async (deps, speaking, { messages }) => {
    const ids: MessageId[] = []
    for (const text of messages) {
      const id = readMessageId(text)
      if (!id.ok) return id
      ids.push(id.value)
    }
    const acked = await deps.mail.ack(readerOf(speaking), ids, speaking.by)
    return acked.ok ? ok({ acked: ids, seq: acked.value.seq }) : acked
  },
  'mail.thread': (deps, speaking, { message }) => readThread(deps, speaking, message),
}

const readerOf = ({ holder }: Speaking): Reader => ({ kind: 'session', ...holder })

const readMessageId = (text: string): Result<MessageId, 'INVALID'> => {
  const id = messageIdSchema.safeParse(text)
  return id.success ? ok(id.data) : refuse('INVALID', `${text} is no id of a message. See yours (mail inbox).`)
}

const send = async (deps: VerbDeps, speaking: Speaking, input: VerbInput<'mail.send'>) => {
  const { to, kind, subject, body, priority, needsAck, replyTo } = input
  const { session, by, requestId } = speaking
  const common = { body, priority, isAckRequired: needsAck, requestId }
  if (replyTo !== null) {
    const id = readMessageId(replyTo)
    if (!id.ok) return id
    return sentOf(await deps.mail.reply(readerOf(speaking), { ...common, messageId: id.value, to }, by))
  }
  if (to.length === 0)
    return refuse('INVALID', 'Name a recipient (see who is there: peers), or the message you answer.')
  if (subject === '') return refuse('INVALID', 'Give it a subject: one line that says what it is about.')
  const message = { ...common, to, kind, subject, expiresInMs: null, dedupKey: null }
  return sentOf(await deps.mail.send(session.id, message, by))
}

const sentOf = (sent: Awaited<ReturnType<VerbDeps['mail']['send']>>) => {
  if (!sent.ok) return sent
  const { message, deliveries, seq } = sent.value
  const recipients = deliveries.map(({ recipient }) => {
    if (recipient.kind === 'person') return 'person'
    return recipient.kind === 'role' ? `role:${recipient.role}` : recipient.sessionId
  })
  return ok({ id: message.id, threadId: message.threadId, recipients, seq })
}

const readThread = async (deps: VerbDeps, speaking: Speaking, text: string) => {
  const reader = readerOf(speaking)
  const named = threadIdSchema.safeParse(text)
  let threadId = named.data
  if (threadId === undefined) {
    const id = readMessageId(text)
    if (!id.ok) return id
    const read = await deps.mail.read(reader, id.value, speaking.by)
    if (!read.ok) return read
    threadId = read.value.thread.id
  }
  const page = await deps.mail.thread(reader, threadId, { before: null, limit: 100 })
  if (!page.ok) return page
  const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, speaking.session.projectId))
  const [thread] = page.value.threads
  const messages = page.value.messages.toReversed().map((message) => {
    const delivery = page.value.deliveries.find(
      ({ messageId, recipient }) =>
        messageId === message.id && recipient.kind !== 'person' && recipient.sessionId === speaking.session.id,
    )
    return wholeMessage({ message, thread: thread ?? { subject: '' }, delivery: delivery ?? null }, titleOf)
  })
  return ok({ messages })
}

const partyText = (party: Party, titleOf: TitleOf): string => {
  switch (party.kind) {
    case 'session':
      return `${titleOf(party.sessionId)} (${party.sessionId})`
    case 'person':
      return 'person'
    case 'system':
      return 'Switchyard'
    default:
      return unreachable(party)
  }
}

export const inboxLines = (items: readonly InboxItem[], titleOf: TitleOf): VerbOutput<'mail.inbox'>['messages'] =>
  items.map((item) => lineOf(item, titleOf))

type Shown = Pick<InboxItem, 'message'> & {
  readonly thread: Pick<InboxItem['thread'], 'subject'>
  readonly delivery: InboxItem['delivery'] | null
}

const lineOf = ({ message, thread, delivery }: Shown, titleOf: TitleOf) => ({
  id: message.id,
  threadId: message.threadId,
  from: partyText(message.from, titleOf),
  subject: thread.subject,
  kind: message.kind,
  priority: message.priority,
  needsAck: message.isAckRequired,
  isAcked: delivery?.state === 'acked',
  at: message.sentAt,
})

const wholeMessage = (shown: Shown, titleOf: TitleOf): WholeMessage => {
  const { to, body, replyTo } = shown.message
  return { ...lineOf(shown, titleOf), to, body, replyTo }
}
