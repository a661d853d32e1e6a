import type { Ask } from '../../../../shared/contract/asks.ts'
import type { AskId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** An ask, and the call it is about in a form only its session's rules read. */
export interface AskRecord {
  readonly ask: Ask
  readonly call: unknown
}

interface Row {
  readonly id: AskId
  readonly session_id: SessionId
  readonly detail: string
  readonly can_answer_here: number
  readonly evidence: string
  readonly opened_at: number
  readonly state: string
  readonly call: string | null
}

const columns = 'id, session_id, detail, can_answer_here, evidence, opened_at, state, call'

/** Oldest first: who waits longest is answered first. */
export const listOpenAsks = async (tx: Tx): Promise<AskRecord[]> =>
  (await tx.all<Row>(`SELECT ${columns} FROM asks WHERE is_open = 1 ORDER BY opened_at, id`)).map(recordFrom)

export const listOpenAsksOf = async (tx: Tx, sessionId: SessionId): Promise<AskRecord[]> => {
  const sql = `SELECT ${columns} FROM asks WHERE is_open = 1 AND session_id = ? ORDER BY opened_at, id`
  return (await tx.all<Row>(sql, sessionId)).map(recordFrom)
}

export const findAsk = async (tx: Tx, id: AskId): Promise<AskRecord | undefined> => {
  const row = await tx.get<Row>(`SELECT ${columns} FROM asks WHERE id = ?`, id)
  return row && recordFrom(row)
}

/** The newest ask about a call, open or not. */
export const findAskOfCall = async (
  tx: Tx,
  sessionId: SessionId,
  toolUseId: string,
): Promise<AskRecord | undefined> => {
  const sql = `SELECT ${columns} FROM asks WHERE session_id = ? AND call ->> 'toolUseId' = ? ORDER BY id DESC LIMIT 1`
  const row = await tx.get<Row>(sql, sessionId, toolUseId)
  return row && recordFrom(row)
}

export const putAsk = async (tx: Tx, { ask, call }: AskRecord): Promise<void> => {
  await tx.run(
    `INSERT INTO asks (${columns}, is_open) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET detail = excluded.detail, can_answer_here = excluded.can_answer_here,
       evidence = excluded.evidence, state = excluded.state, call = excluded.call, is_open = excluded.is_open`,
    ask.id,
    ask.sessionId,
    JSON.stringify(ask.detail),
    Number(ask.canAnswerHere),
    JSON.stringify(ask.evidence),
    ask.openedAt,
    JSON.stringify(ask.state),
    call === null ? null : JSON.stringify(call),
    Number(ask.state.kind === 'open'),
  )
}

/** Closed ones are kept a month: a person who comes back from a holiday finds what was asked and answered. */
export const closedAskKeptMs = 30 * 24 * 60 * 60 * 1000

export const dropClosedAsks = async (tx: Tx, now: number): Promise<void> => {
  await tx.run(`DELETE FROM asks WHERE is_open = 0 AND json_extract(state, '$.at') < ?`, now - closedAskKeptMs)
}

const recordFrom = (row: Row): AskRecord => ({
  ask: {
    id: row.id,
    sessionId: row.session_id,
    detail: JSON.parse(row.detail) as Ask['detail'],
    canAnswerHere: row.can_answer_here === 1,
    evidence: JSON.parse(row.evidence) as Ask['evidence'],
    openedAt: row.opened_at,
    state: JSON.parse(row.state) as Ask['state'],
  },
  call: row.call === null ? null : (JSON.parse(row.call) as unknown),
})
