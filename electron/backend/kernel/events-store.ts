import type { Change, Payload, Topic } from '../../../shared/contract/changes.ts'
import type { LoggedEvent } from '../../../shared/event-lines/logged-event.ts'
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

/** When the newest event happened; 0 when there is none. */
export const lastEventAt = async (tx: Tx): Promise<number> =>
  (await tx.get<{ at: number }>('SELECT at FROM events ORDER BY seq DESC LIMIT 1'))?.at ?? 0

/** The last event that left the table for the archive; 0 when none has. */
export const lastArchivedSeq = async (tx: Tx): Promise<number> =>
  Number((await tx.get<{ value: string }>(`SELECT value FROM meta WHERE key = 'archived-events'`))?.value ?? 0)

/**
 * The changes after a number, at most `limit` of them. Null when that number is an archived one: not all that came after
 * it is here, and who asks needs a snapshot.
 */
export const changesAfter = async (tx: Tx, seq: number, limit: number): Promise<readonly Change[] | null> => {
  const archived = await lastArchivedSeq(tx)
  if (archived > 0 && seq <= archived) return null
  const rows = await tx.all<EventRow>(
    'SELECT seq, at, topic, payload FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
    seq,
    limit,
  )
  return rows.map((row) => toChange({ ...row, payload: JSON.parse(row.payload) as unknown }))
}

/** An event as it is kept. */
export interface StoredEvent {
  readonly seq: number
  readonly at: number
  readonly topic: string
  readonly subject: string
  readonly command: string
  readonly actor: string
  /** JSON. */
  readonly payload: string
}

export interface OldEvents {
  /** So many of the newest stay, however old they are. */
  readonly keep: number
  /** What happened at this time or later stays, however much it is. */
  readonly before: number
  readonly limit: number
}

/** The oldest events that need not stay, in order and without a gap from the first one on. */
export const listOldEvents = async (tx: Tx, { keep, before, limit }: OldEvents): Promise<readonly StoredEvent[]> => {
  const rows = await tx.all<StoredEvent>(
    'SELECT seq, at, topic, subject, command, actor, payload FROM events WHERE seq <= ? ORDER BY seq LIMIT ?',
    (await lastSeq(tx)) - keep,
    limit,
  )
  const firstYoung = rows.findIndex((row) => row.at >= before)
  return firstYoung < 0 ? rows : rows.slice(0, firstYoung)
}

/** Deletes the events up to a number, which must be in the archive; the database refuses to delete any other. */
export const dropArchivedEvents = async (tx: Tx, seq: number): Promise<void> => {
  await tx.run(
    `INSERT INTO meta (key, value) VALUES ('archived-events', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    String(seq),
  )
  await tx.run('DELETE FROM events WHERE seq <= ?', seq)
}

export interface HistoryRow {
  readonly seq: number
  readonly at: number
  readonly topic: string
  readonly command: string
  /** "session:ses_…": kind and id of who did it. */
  readonly by: string
  readonly payload: unknown
}

/** What happened to one subject, newest first, before a number when one is given. */
export const historyOf = async (
  tx: Tx,
  subject: string,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<readonly HistoryRow[]> => {
  const rows = await tx.all<EventRow & { readonly command: string; readonly actor: string }>(
    `SELECT seq, at, topic, command, actor, payload FROM events
     WHERE subject = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    subject,
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  )
  return rows.map(({ actor, payload, ...row }) => ({ ...row, by: actor, payload: JSON.parse(payload) as unknown }))
}

export interface LogFilter {
  /** Only these topics; null for all. */
  readonly topics: readonly Topic[] | null
  /** Only events that name one of these ids anywhere; null for all. */
  readonly naming: readonly string[] | null
  /** Numbers smaller than the one and greater than the other. */
  readonly before: number
  readonly after: number
  readonly limit: number
}

/** Events with who told them and by what command, newest first. Those that left for the archive are not among them. */
export const listEvents = async (
  tx: Tx,
  { topics, naming, before, after, limit }: LogFilter,
): Promise<readonly LoggedEvent[]> => {
  const ofTopics = topics === null ? '' : `AND topic IN (${topics.map(() => '?').join(', ')})`
  const named = '(subject = ? OR instr(actor, ?) > 0 OR instr(payload, ?) > 0)'
  const ofNamed = naming === null ? '' : `AND (${naming.map(() => named).join(' OR ')})`
  const rows = await tx.all<EventRow & { readonly command: string; readonly actor: string }>(
    `SELECT seq, at, topic, command, actor, payload FROM events
     WHERE seq < ? AND seq > ? ${ofTopics} ${ofNamed} ORDER BY seq DESC LIMIT ?`,
    before,
    after,
    ...(topics ?? []),
    ...(naming ?? []).flatMap((id) => [id, id, id]),
    limit,
  )
  return rows.map(({ command, actor, ...row }) => {
    const change = toChange({ ...row, payload: JSON.parse(row.payload) as unknown })
    return { ...change, command, by: actor }
  })
}

/** The row that a topic told last of a subject, as it was then; undefined when no such event is kept. */
export const lastTold = async <T extends Topic>(tx: Tx, topic: T, subject: string): Promise<Payload<T> | undefined> => {
  const row = await tx.get<{ payload: string }>(
    'SELECT payload FROM events WHERE subject = ? AND topic = ? ORDER BY seq DESC LIMIT 1',
    subject,
    topic,
  )
  return row && (JSON.parse(row.payload) as Payload<T>)
}
