import { typingSchema, type Delivery, type Recipient } from '../../../../shared/contract/mail.ts'
import type { DeliveryId, IncarnationId, MessageId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { SqlValue, Tx } from '../../db/tx.ts'
import { priorityOf, rankOf } from './priority-rules.ts'

// prettier-ignore
const columns = [
  'id', 'message_id', 'project_id', 'recipient_kind', 'session_id', 'role', 'priority', 'is_ack_required', 'state',
  'incarnation_id', 'times', 'due_at', 'injected_at', 'seen_at', 'expires_at', 'ended_at', 'why', 'typing', 'rev',
] as const

interface Row {
  readonly id: DeliveryId
  readonly message_id: MessageId
  readonly project_id: ProjectId
  readonly recipient_kind: Recipient['kind']
  readonly session_id: SessionId | null
  readonly role: string | null
  readonly priority: number
  readonly is_ack_required: number
  readonly state: Delivery['state']
  readonly incarnation_id: IncarnationId | null
  readonly times: number
  readonly due_at: number | null
  readonly injected_at: number | null
  readonly seen_at: number | null
  readonly expires_at: number | null
  readonly ended_at: number | null
  readonly why: string | null
  readonly typing: string | null
  readonly rev: number
}

const select = `SELECT ${columns.join(', ')} FROM deliveries`
const read = async (tx: Tx, sql: string, ...values: readonly SqlValue[]): Promise<Delivery[]> =>
  (await tx.all<Row>(sql, ...values)).map(deliveryFrom)

const isDue = 'session_id = ? AND ended_at IS NULL AND due_at <= ?'

/** What may be handed to a session now: the most urgent first, of those the newest. */
export const listDue = (tx: Tx, sessionId: SessionId, now: number, limit: number): Promise<Delivery[]> => {
  const sql = `${select} WHERE ${isDue} AND (expires_at IS NULL OR expires_at > ?) ORDER BY priority DESC, id DESC LIMIT ?`
  return read(tx, sql, sessionId, now, now, limit)
}

/** How much may be handed over now, counted up to a limit: beyond it the number says no more. */
export const countDue = async (tx: Tx, sessionId: SessionId, now: number, limit: number): Promise<number> => {
  const counted = `SELECT count(*) AS n FROM (SELECT 1 FROM deliveries WHERE ${isDue} LIMIT ?)`
  return (await tx.get<{ n: number }>(counted, sessionId, now, limit))?.n ?? 0
}

/** What a session has not done with, the most urgent first; with `after`, those that come after it. */
export const listOpen = async (tx: Tx, sessionId: SessionId, limit: number, after: Delivery | null) => {
  const order = 'ORDER BY priority DESC, id DESC LIMIT ?'
  const open = `${select} WHERE session_id = ? AND ended_at IS NULL`
  if (!after) return read(tx, `${open} ${order}`, sessionId, limit)
  const rank = rankOf(after.priority)
  return read(tx, `${open} AND (priority, id) < (?, ?) ${order}`, sessionId, rank, after.id, limit)
}

/** All that was ever sent to a session, newest first. */
export const listAll = (tx: Tx, sessionId: SessionId, limit: number, after: Delivery | null): Promise<Delivery[]> =>
  after
    ? read(tx, `${select} WHERE session_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, sessionId, after.id, limit)
    : read(tx, `${select} WHERE session_id = ? ORDER BY id DESC LIMIT ?`, sessionId, limit)

/** What was sent to the person in a project, newest first; `isAll`: also what they have done with. */
export const listOfPerson = (tx: Tx, projectId: ProjectId, isAll: boolean, limit: number): Promise<Delivery[]> => {
  const open = isAll ? '' : 'AND ended_at IS NULL'
  const sql = `${select} WHERE recipient_kind = 'person' AND project_id = ? ${open} ORDER BY id DESC LIMIT ?`
  return read(tx, sql, projectId, limit)
}

export const countOpenOfPerson = async (tx: Tx, projectId: ProjectId): Promise<number> => {
  const sql = `SELECT count(*) AS n FROM deliveries WHERE recipient_kind = 'person' AND project_id = ? AND ended_at IS NULL`
  return (await tx.get<{ n: number }>(sql, projectId))?.n ?? 0
}

export const countOpen = async (tx: Tx, sessionId: SessionId): Promise<number> => {
  const sql = 'SELECT count(*) AS n FROM deliveries WHERE session_id = ? AND ended_at IS NULL'
  return (await tx.get<{ n: number }>(sql, sessionId))?.n ?? 0
}

/** What the person has not done with, newest first. */
export const listOpenOfPerson = (tx: Tx, limit: number): Promise<Delivery[]> =>
  read(
    tx,
    `${select} WHERE session_id IS NULL AND recipient_kind = 'person' AND ended_at IS NULL ORDER BY id DESC LIMIT ?`,
    limit,
  )

/** The next message of a role that nobody has taken. */
export const findForRole = async (tx: Tx, projectId: ProjectId, role: string): Promise<Delivery | undefined> => {
  const sql = `${select} WHERE project_id = ? AND role = ? AND session_id IS NULL AND ended_at IS NULL
    ORDER BY priority DESC, id DESC LIMIT 1`
  return (await read(tx, sql, projectId, role))[0]
}

/** True while a session has taken a role's message and not done with it. */
export const hasRoleWork = async (tx: Tx, sessionId: SessionId): Promise<boolean> => {
  const sql = `SELECT 1 AS found FROM deliveries WHERE session_id = ? AND ended_at IS NULL AND recipient_kind = 'role' LIMIT 1`
  return (await tx.get(sql, sessionId)) !== undefined
}

/**
 * What was handed to processes of a session other than this one, the most urgent first. Two ranges, so that what this one
 * has costs nothing; the plus signs keep to the index of what was handed, which most often has nothing.
 */
export const listHandedToOthers = async (
  tx: Tx,
  { sessionId, incarnationId }: { readonly sessionId: SessionId; readonly incarnationId: IncarnationId },
  limit: number,
): Promise<Delivery[]> => {
  const handed = (sign: string) =>
    `${select} WHERE session_id = ? AND incarnation_id ${sign} ? AND ended_at IS NULL AND incarnation_id IS NOT NULL
     ORDER BY +priority DESC, +id DESC LIMIT ?`
  return [
    ...(await read(tx, handed('<'), sessionId, incarnationId, limit)),
    ...(await read(tx, handed('>'), sessionId, incarnationId, limit)),
  ]
}

/** What was put before a process that has not proved yet that it saw it. */
export const listUnproven = (tx: Tx, incarnationId: IncarnationId): Promise<Delivery[]> =>
  read(
    tx,
    `${select} WHERE incarnation_id = ? AND ended_at IS NULL AND injected_at IS NOT NULL AND seen_at IS NULL`,
    incarnationId,
  )

export const listExpired = (tx: Tx, now: number): Promise<Delivery[]> =>
  read(tx, `${select} WHERE ended_at IS NULL AND expires_at IS NOT NULL AND expires_at <= ?`, now)

/** All that time moves: for the credit of a sleep. What was never handed over waits for its reader, not for the time. */
export const listTimed = (tx: Tx): Promise<Delivery[]> =>
  read(
    tx,
    `${select} WHERE ended_at IS NULL AND (expires_at IS NOT NULL OR (due_at IS NOT NULL AND incarnation_id IS NOT NULL))`,
  )

export const listOpenRecipients = async (tx: Tx): Promise<SessionId[]> => {
  const sql = 'SELECT DISTINCT session_id FROM deliveries WHERE ended_at IS NULL AND session_id IS NOT NULL'
  return (await tx.all<{ session_id: SessionId }>(sql)).map(({ session_id }) => session_id)
}

export const findDelivery = async (tx: Tx, id: DeliveryId): Promise<Delivery | undefined> =>
  (await read(tx, `${select} WHERE id = ?`, id))[0]

export const listOfMessages = async (tx: Tx, ids: readonly MessageId[]): Promise<Delivery[]> => {
  const found: Delivery[] = []
  for (const id of ids) found.push(...(await read(tx, `${select} WHERE message_id = ? ORDER BY id`, id)))
  return found
}

const insert = `INSERT INTO deliveries (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
// Who it is for and what it says of its message is settled when it is sent.
const fixed: readonly string[] = [
  'id',
  'message_id',
  'project_id',
  'recipient_kind',
  'role',
  'priority',
  'is_ack_required',
]
const moving = columns.filter((column) => !fixed.includes(column))
const update = `UPDATE deliveries SET ${moving.map((column) => `${column} = ?`).join(', ')} WHERE id = ? AND rev = ?`

export const addDelivery = async (tx: Tx, delivery: Delivery): Promise<void> => {
  const row = rowFrom(delivery)
  await tx.run(insert, ...columns.map((column) => row[column]))
}

/** False when the row is not the one that was read any more. */
export const putDelivery = async (tx: Tx, delivery: Delivery): Promise<boolean> => {
  const row = rowFrom(delivery)
  const { changes } = await tx.run(update, ...moving.map((column) => row[column]), delivery.id, delivery.rev - 1)
  return changes === 1
}

export const removeDeliveriesOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM deliveries WHERE project_id = ?', projectId)
}

const rowFrom = (delivery: Delivery): Row => ({
  id: delivery.id,
  message_id: delivery.messageId,
  project_id: delivery.projectId,
  recipient_kind: delivery.recipient.kind,
  session_id: delivery.recipient.kind === 'person' ? null : delivery.recipient.sessionId,
  role: delivery.recipient.kind === 'role' ? delivery.recipient.role : null,
  priority: rankOf(delivery.priority),
  is_ack_required: Number(delivery.isAckRequired),
  state: delivery.state,
  incarnation_id: delivery.incarnationId,
  times: delivery.times,
  due_at: delivery.dueAt,
  injected_at: delivery.injectedAt,
  seen_at: delivery.seenAt,
  expires_at: delivery.expiresAt,
  ended_at: delivery.endedAt,
  why: delivery.why,
  typing: delivery.typing && JSON.stringify(delivery.typing),
  rev: delivery.rev,
})

const deliveryFrom = (row: Row): Delivery => ({
  id: row.id,
  messageId: row.message_id,
  projectId: row.project_id,
  recipient: recipientFrom(row),
  priority: priorityOf(row.priority),
  isAckRequired: row.is_ack_required === 1,
  state: row.state,
  incarnationId: row.incarnation_id,
  times: row.times,
  dueAt: row.due_at,
  injectedAt: row.injected_at,
  seenAt: row.seen_at,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
  why: row.why,
  typing: row.typing === null ? null : typingSchema.parse(JSON.parse(row.typing)),
  rev: row.rev,
})

const recipientFrom = ({ recipient_kind, session_id, role }: Row): Recipient => {
  if (recipient_kind === 'role') return { kind: 'role', role: role ?? '', sessionId: session_id }
  return recipient_kind === 'session' && session_id !== null
    ? { kind: 'session', sessionId: session_id }
    : { kind: 'person' }
}
