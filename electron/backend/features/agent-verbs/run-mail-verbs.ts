import type { VerbInput, VerbName, VerbOutput } from '../../../../shared/agent-verbs/verbs.ts'
import type { Delivery, Party } from '../../../../shared/contract/mail.ts'
import { messageIdSchema, threadIdSchema, type MessageId, type SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { InboxItem, Reader } from '../mail/mail-service.ts'
import { readYard, type Asking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type MailVerbName = Extract<VerbName, `mail.${string}`>
type TitleOf = (id: SessionId) => string
type WholeMessage = VerbOutput<'mail.read'>['message']

export const mailVerbRunners: VerbRunners<MailVerbName, Asking> = {
  'mail.send': (deps, asking, input) => send(deps, asking, input),
  'mail.inbox': async (deps, asking, { all, limit }) => {
    const inbox = await readInbox(deps, asking, { isAll: all, limit })
    const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, asking.projectId))
    return ok({ messages: inboxLines(inbox.items, titleOf), unread: inbox.openCount })
  },
  'mail.read': async (deps, asking, { message }) => {
    const id = readMessageId(message)
    if (!id.ok) return id
    const read = await deps.mail.read(asking.reader, id.value, asking.by)
    if (!read.ok) return read
    const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, asking.projectId))
    return ok({ message: wholeMessage(read.value, titleOf) })
  },
  'mail.ack': async (deps, asking, { messages }) => {
    const ids: MessageId[] = []
    for (const text of messages) {
      const id = readMessageId(text)
      if (!id.ok) return id
      ids.push(id.value)
    }
    const acked = await deps.mail.ack(asking.reader, ids, asking.by)
    return acked.ok ? ok({ acked: ids, seq: acked.value.seq }) : acked
  },
  'mail.thread': (deps, asking, { message }) => readThread(deps, asking, message),
}

/** What whoever asks has not done with. */
export const readInbox = (
  { mail }: Pick<VerbDeps, 'mail'>,
  { reader, projectId }: Pick<Asking, 'reader' | 'projectId'>,
  page: { readonly isAll: boolean; readonly limit: number },
) =>
  reader.kind === 'person'
    ? mail.inboxOfPerson(projectId, page)
    : mail.inbox(reader.sessionId, { ...page, after: null })

const readMessageId = (text: string): Result<MessageId, 'INVALID'> => {
  const id = messageIdSchema.safeParse(text)
  return id.success ? ok(id.data) : refuse('INVALID', `${text} is no id of a message. See yours (mail inbox).`)
}

const send = async (deps: VerbDeps, asking: Asking, input: VerbInput<'mail.send'>) => {
  const { to, kind, subject, body, priority, needsAck, replyTo } = input
  const { reader, projectId, by, requestId } = asking
  const common = { body, priority, isAckRequired: needsAck, requestId }
  if (replyTo !== null) {
    const id = readMessageId(replyTo)
    if (!id.ok) return id
    return sentOf(await deps.mail.reply(asking.reader, { ...common, messageId: id.value, to }, by))
  }
  if (to.length === 0)
    return refuse('INVALID', 'Name a recipient (see who is there: peers), or the message you answer.')
  if (subject === '') return refuse('INVALID', 'Give it a subject: one line that says what it is about.')
  const message = { ...common, to, kind, subject, expiresInMs: null, dedupKey: null }
  return sentOf(
    await (reader.kind === 'person'
      ? deps.mail.sendFromPerson(projectId, message, by)
      : deps.mail.send(reader.sessionId, message, by)),
  )
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

const readThread = async (deps: VerbDeps, asking: Asking, text: string) => {
  const { reader } = asking
  const named = threadIdSchema.safeParse(text)
  let threadId = named.data
  if (threadId === undefined) {
    const id = readMessageId(text)
    if (!id.ok) return id
    const read = await deps.mail.read(reader, id.value, asking.by)
    if (!read.ok) return read
    threadId = read.value.thread.id
  }
  const page = await deps.mail.thread(reader, threadId, { before: null, limit: 100 })
  if (!page.ok) return page
  const { titleOf } = await deps.database.read((tx) => readYard(deps, tx, asking.projectId))
  const [thread] = page.value.threads
  const messages = page.value.messages.toReversed().map((message) => {
    const delivery = page.value.deliveries.find(
      ({ messageId, recipient }) => messageId === message.id && isTo(recipient, reader),
    )
    return wholeMessage({ message, thread: thread ?? { subject: '' }, delivery: delivery ?? null }, titleOf)
  })
  return ok({ messages })
}

const isTo = (recipient: Delivery['recipient'], reader: Reader): boolean =>
  recipient.kind === 'person'
    ? reader.kind === 'person'
    : reader.kind === 'session' && recipient.sessionId === reader.sessionId

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
