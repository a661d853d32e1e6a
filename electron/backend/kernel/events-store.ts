import type { Change, Topic } from '../../../shared/contract/changes.ts'
import type { Tx } from '../db/tx.ts'
import type { Identity } from './identity.ts'

export type CommittedChange = Change

export interface NewEvent {
  readonly at: number
  readonly topic: Topic
  /** The id of what it is about. */
  readonly subject: string
  readonly payload: unknown
  readonly command: string
  readonly by: Identity
}

interface EventRow {
  readonly seq: number
  readonly at: number
  readonly topic: string
  readonly payload: string
}

// A row was written from a typed payload, so reading it back as one is what the table is for.
const toChange = (row: { seq: number; at: number; topic: string; payload: unknown }): Change => row as Change

export const appendEvent = async (tx: Tx, event: NewEvent): Promise<CommittedChange> => {
  const row = await tx.get<{ seq: number }>(
    'INSERT INTO events (at, topic, subject, command, actor, payload) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq',
    event.at,
    event.topic,
    event.subject,
    event.command,
    `${event.by.kind}:${event.by.id}`,
    JSON.stringify(event.payload),
  )
  return toChange({ seq: row?.seq ?? 0, at: event.at, topic: event.topic, payload: event.payload })
}

export const lastSeq = async (tx: Tx): Promise<number> =>
  (await tx.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM events'))?.seq ?? 0

/** The changes after a number, at most `limit` of them. */
export const changesAfter = async (tx: Tx, seq: number, limit: number): Promise<readonly Change[]> => {
  const rows = await tx.all<EventRow>(
    'SELECT seq, at, topic, payload FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
    seq,
    limit,
  )
  return rows.map((row) => toChange({ ...row, payload: JSON.parse(row.payload) as unknown }))
}
