import type { Message, Party, Thread } from '../../../../shared/contract/mail.ts'
import type { MessageId, ProjectId, ThreadId } from '../../../../shared/lib/ids.ts'
import type { SqlValue, Tx } from '../../db/tx.ts'
import { priorityOf, rankOf } from './priority-rules.ts'

interface ThreadRow {
  readonly id: ThreadId
  readonly project_id: ProjectId
  readonly subject: string
  readonly started_by: string
  readonly created_at: number
  readonly last_message_at: number
  readonly message_count: number
}

export const findThread = async (tx: Tx, id: ThreadId): Promise<Thread | undefined> => {
  const row = await tx.get<ThreadRow>('SELECT * FROM threads WHERE id = ?', id)
  return row && threadFrom(row)
}

export const listNewestThreads = async (tx: Tx, limit: number): Promise<Thread[]> => {
  const sql = 'SELECT * FROM threads ORDER BY last_message_at DESC, id DESC LIMIT ?'
  return (await tx.all<ThreadRow>(sql, limit)).map(threadFrom)
}

export const putThread = async (tx: Tx, thread: Thread): Promise<void> => {
  await tx.run(
    `INSERT INTO threads (id, project_id, subject, started_by, created_at, last_message_at, message_count)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET last_message_at = excluded.last_message_at, message_count = excluded.message_count`,
    thread.id,
    thread.projectId,
    thread.subject,
    partyText(thread.startedBy),
    thread.createdAt,
    thread.lastMessageAt,
    thread.messageCount,
  )
}

interface MessageRow {
  readonly id: MessageId
  readonly thread_id: ThreadId
  readonly project_id: ProjectId
  readonly sender: string
  readonly addressed_to: string
  readonly kind: Message['kind']
  readonly body: string
  readonly priority: number
  readonly is_ack_required: number
  readonly reply_to: MessageId | null
  readonly sent_at: number
  readonly expires_at: number | null
  readonly recorded_seq: number
}

/** Which messages: all of them when nothing is said. */
export interface MessageFilter {
  readonly projectId: ProjectId | null
  readonly threadId: ThreadId | null
  /** Those that were sent before this one. */
  readonly before: MessageId | null
}

/** Newest first. */
export const listMessages = async (tx: Tx, filter: MessageFilter, limit: number): Promise<Message[]> => {
  const wanted: [string, SqlValue | null][] = [
    ['thread_id = ?', filter.threadId],
    ['project_id = ?', filter.projectId],
    ['id < ?', filter.before],
  ]
  const given = wanted.filter(([, value]) => value !== null)
  const where = given.length === 0 ? '' : `WHERE ${given.map(([text]) => text).join(' AND ')}`
  const sql = `SELECT * FROM messages ${where} ORDER BY id DESC LIMIT ?`
  return (await tx.all<MessageRow>(sql, ...given.map(([, value]) => value), limit)).map(messageFrom)
}

export const findMessage = async (tx: Tx, id: MessageId): Promise<Message | undefined> => {
  const row = await tx.get<MessageRow>('SELECT * FROM messages WHERE id = ?', id)
  return row && messageFrom(row)
}

/** The message this sender sent with this key since a time, and the number of its event. */
export const findByDedupKey = async (
  tx: Tx,
  { projectId, from, dedupKey, since }: { projectId: ProjectId; from: Party; dedupKey: string; since: number },
): Promise<{ readonly message: Message; readonly seq: number } | undefined> => {
  const row = await tx.get<MessageRow>(
    `SELECT * FROM messages WHERE project_id = ? AND sender = ? AND dedup_key = ? AND sent_at > ?
     ORDER BY sent_at DESC LIMIT 1`,
    projectId,
    partyText(from),
    dedupKey,
    since,
  )
  return row && { message: messageFrom(row), seq: row.recorded_seq }
}

export const addMessage = async (
  tx: Tx,
  message: Message,
  own: { readonly dedupKey: string | null; readonly seq: number },
): Promise<void> => {
  await tx.run(
    `INSERT INTO messages (id, thread_id, project_id, sender, addressed_to, kind, body, priority, is_ack_required,
       reply_to, dedup_key, sent_at, expires_at, recorded_seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    message.id,
    message.threadId,
    message.projectId,
    partyText(message.from),
    JSON.stringify(message.to),
    message.kind,
    message.body,
    rankOf(message.priority),
    Number(message.isAckRequired),
    message.replyTo,
    own.dedupKey,
    message.sentAt,
    message.expiresAt,
    own.seq,
  )
}

/** True when somebody wrote in a thread. */
export const hasWritten = async (tx: Tx, threadId: ThreadId, party: Party): Promise<boolean> => {
  const sql = 'SELECT 1 AS found FROM messages WHERE thread_id = ? AND sender = ? LIMIT 1'
  return (await tx.get(sql, threadId, partyText(party))) !== undefined
}

/** Removes the messages and threads of a project; their deliveries go before. */
export const removeMailOf = async (tx: Tx, projectId: ProjectId): Promise<ThreadId[]> => {
  const threads = await tx.all<{ id: ThreadId }>('SELECT id FROM threads WHERE project_id = ?', projectId)
  await tx.run('DELETE FROM messages WHERE project_id = ?', projectId)
  await tx.run('DELETE FROM threads WHERE project_id = ?', projectId)
  return threads.map(({ id }) => id)
}

/** One text for one party, so that it can be compared in SQL. */
const partyText = (party: Party) => (party.kind === 'session' ? party.sessionId : party.kind)

const partyFrom = (text: string): Party =>
  text === 'person' || text === 'system'
    ? { kind: text }
    : { kind: 'session', sessionId: text as Extract<Party, { kind: 'session' }>['sessionId'] }

const threadFrom = (row: ThreadRow): Thread => ({
  id: row.id,
  projectId: row.project_id,
  subject: row.subject,
  startedBy: partyFrom(row.started_by),
  createdAt: row.created_at,
  lastMessageAt: row.last_message_at,
  messageCount: row.message_count,
})

const messageFrom = (row: MessageRow): Message => ({
  id: row.id,
  threadId: row.thread_id,
  projectId: row.project_id,
  from: partyFrom(row.sender),
  to: JSON.parse(row.addressed_to) as string[],
  kind: row.kind,
  body: row.body,
  priority: priorityOf(row.priority),
  isAckRequired: row.is_ack_required === 1,
  replyTo: row.reply_to,
  sentAt: row.sent_at,
  expiresAt: row.expires_at,
})
