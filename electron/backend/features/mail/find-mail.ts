import type { Delivery, MailPage, Message, Thread } from '../../../../shared/contract/mail.ts'
import type { DeliveryId, MessageId, ProjectId, SessionId, ThreadId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import {
  countOpen,
  countOpenOfPerson,
  findDelivery,
  listAll,
  listOfMessages,
  listOfPerson,
  listOpen,
  listOpenOfPerson,
} from './deliveries-store.ts'
import { partyOf, type Reader } from './mail-parts.ts'
import {
  findMessage,
  findThread,
  hasWritten,
  listMessages,
  listNewestThreads,
  type MessageFilter,
} from './messages-store.ts'

/** As many messages as a screen shows before anyone scrolls; older ones are asked for. */
export const newestMessages = 200

export const noMessage = (id: MessageId): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', `There is no message ${id} for you. See what there is (mail inbox).`)

/** The newest messages with all that belongs to them, and what waits for the person however old it is: for the snapshot. */
export const readNewest = async (tx: Tx): Promise<Omit<MailPage, 'hasMore'>> => {
  const newest = await readPage(tx, { projectId: null, threadId: null, before: null }, newestMessages)
  const known = new Set(newest.messages.map(({ id }) => id))
  const waiting: InboxItem[] = []
  for (const delivery of await listOpenOfPerson(tx, newestMessages))
    if (!known.has(delivery.messageId)) waiting.push(await withMessage(tx, delivery))
  const older = waiting.map(({ message }) => message)
  const threads = [
    ...(await listNewestThreads(tx, newestMessages)),
    ...newest.threads,
    ...waiting.map(({ thread }) => thread),
  ]
  return {
    threads: [...new Map(threads.map((thread) => [thread.id, thread])).values()],
    messages: [...newest.messages, ...older],
    deliveries: [
      ...newest.deliveries,
      ...(await listOfMessages(
        tx,
        older.map(({ id }) => id),
      )),
    ],
  }
}

export const readPage = async (tx: Tx, filter: MessageFilter, limit: number): Promise<MailPage> => {
  // One more than asked for says whether there are more.
  const found = await listMessages(tx, filter, limit + 1)
  const messages = found.slice(0, limit)
  const threads: Thread[] = []
  for (const id of new Set(messages.map(({ threadId }) => threadId))) {
    const thread = await findThread(tx, id)
    if (thread) threads.push(thread)
  }
  const deliveries = await listOfMessages(
    tx,
    messages.map(({ id }) => id),
  )
  return { threads, messages, deliveries, hasMore: found.length > limit }
}

export interface InboxItem {
  readonly delivery: Delivery
  readonly message: Message
  readonly thread: Thread
}

export interface InboxPage {
  /** Also what the session has done with; then simply the newest first. */
  readonly isAll: boolean
  /** The last delivery of the page before. */
  readonly after: DeliveryId | null
  readonly limit: number
}

export interface Inbox {
  readonly items: readonly InboxItem[]
  readonly hasMore: boolean
  /** How much the session has not done with in all. */
  readonly openCount: number
}

/** What a session has not done with, the most urgent and newest first. */
export const readInbox = async (tx: Tx, sessionId: SessionId, { isAll, after, limit }: InboxPage): Promise<Inbox> => {
  const last = after === null ? null : ((await findDelivery(tx, after)) ?? null)
  const found = await (isAll ? listAll : listOpen)(tx, sessionId, limit + 1, last)
  const items: InboxItem[] = []
  for (const delivery of found.slice(0, limit)) items.push(await withMessage(tx, delivery))
  return { items, hasMore: found.length > limit, openCount: await countOpen(tx, sessionId) }
}

/** What the person has not done with in a project, the newest first. */
export const readInboxOfPerson = async (
  tx: Tx,
  projectId: ProjectId,
  { isAll, limit }: Pick<InboxPage, 'isAll' | 'limit'>,
): Promise<Inbox> => {
  const found = await listOfPerson(tx, projectId, isAll, limit + 1)
  const items: InboxItem[] = []
  for (const delivery of found.slice(0, limit)) items.push(await withMessage(tx, delivery))
  return { items, hasMore: found.length > limit, openCount: await countOpenOfPerson(tx, projectId) }
}

/** A delivery's message is written with it and goes with it. */
export const withMessage = async (tx: Tx, delivery: Delivery): Promise<InboxItem> => {
  const message = await findMessage(tx, delivery.messageId)
  const thread = message && (await findThread(tx, message.threadId))
  if (!message || !thread) throw new Error(`The delivery ${delivery.id} has no message.`)
  return { delivery, message, thread }
}

/** A thread to one who wrote or was written to in it; the person may read all of a project. */
export const readThread = async (
  tx: Tx,
  reader: Reader,
  threadId: ThreadId,
  { before, limit }: { readonly before: MessageId | null; readonly limit: number },
): Promise<Result<MailPage, 'NOT_FOUND'>> => {
  const page = await readPage(tx, { projectId: null, threadId, before }, limit)
  if (reader.kind === 'person')
    return reader.projectId === null || page.threads.some(({ projectId }) => projectId === reader.projectId)
      ? ok(page)
      : noThread()
  if (await hasWritten(tx, threadId, partyOf(reader))) return ok(page)
  // What was sent to others in it is theirs.
  const own = page.deliveries.filter((delivery) => isFor(delivery, reader))
  const ownIds = new Set(own.map(({ messageId }) => messageId))
  const messages = page.messages.filter(({ id }) => ownIds.has(id))
  return messages.length > 0 ? ok({ ...page, messages, deliveries: own }) : noThread()
}

const noThread = () => refuse('NOT_FOUND', 'There is no such thread for you. See what there is (mail inbox).')

export const mayRead = async (tx: Tx, reader: Reader, message: Message): Promise<boolean> =>
  reader.kind === 'person'
    ? reader.projectId === null || reader.projectId === message.projectId
    : (message.from.kind === 'session' && message.from.sessionId === reader.sessionId) ||
      (await findOwnDelivery(tx, reader, message.id)) !== undefined

/** The delivery of a message to this reader; of several, one that is still open. */
export const findOwnDelivery = async (tx: Tx, reader: Reader, messageId: MessageId): Promise<Delivery | undefined> => {
  const own = (await listOfMessages(tx, [messageId])).filter((delivery) => isFor(delivery, reader))
  return own.find(({ endedAt }) => endedAt === null) ?? own[0]
}

const isFor = ({ recipient, projectId }: Delivery, reader: Reader): boolean =>
  recipient.kind === 'person'
    ? reader.kind === 'person' && (reader.projectId === null || reader.projectId === projectId)
    : reader.kind === 'session' && recipient.sessionId === reader.sessionId
