import type { IncarnationId, SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** One start of a session's agent. At most one of a session is `starting` or `alive`: the database itself refuses a second. */
export interface Incarnation {
  readonly id: IncarnationId
  readonly sessionId: SessionId
  readonly number: number
  readonly terminalId: TerminalId
  readonly conversationId: string
  readonly state: 'starting' | 'alive' | 'ended' | 'lost'
  /** Of every token given to it: a start that was cut off is tried again with a new one. */
  readonly tokenHashes: readonly string[]
  /** Where its hooks were told to send to. */
  readonly gatewayUrl: string
  readonly pid: number | null
  readonly processStart: string | null
  readonly bootId: string | null
  /** The person asked it to end. */
  readonly wasAsked: boolean
  readonly createdAt: number
  readonly endedAt: number | null
  readonly exitCode: number | null
  readonly exitSignal: string | null
}

interface Row {
  readonly id: IncarnationId
  readonly session_id: SessionId
  readonly number: number
  readonly terminal_id: TerminalId
  readonly conversation_id: string
  readonly state: Incarnation['state']
  readonly token_hashes: string
  readonly gateway_url: string
  readonly pid: number | null
  readonly process_start: string | null
  readonly boot_id: string | null
  readonly was_asked: number
  readonly created_at: number
  readonly ended_at: number | null
  readonly exit_code: number | null
  readonly exit_signal: string | null
}

const live = `state IN ('starting', 'alive')`

export const listLiveIncarnations = async (tx: Tx): Promise<Incarnation[]> =>
  (await tx.all<Row>(`SELECT * FROM incarnations WHERE ${live} ORDER BY id`)).map(incarnationFrom)

export const findLiveIncarnation = async (tx: Tx, sessionId: SessionId): Promise<Incarnation | undefined> => {
  const row = await tx.get<Row>(`SELECT * FROM incarnations WHERE session_id = ? AND ${live}`, sessionId)
  return row && incarnationFrom(row)
}

export const findLastIncarnation = async (tx: Tx, sessionId: SessionId): Promise<Incarnation | undefined> => {
  const row = await tx.get<Row>(
    'SELECT * FROM incarnations WHERE session_id = ? ORDER BY number DESC LIMIT 1',
    sessionId,
  )
  return row && incarnationFrom(row)
}

export const findIncarnationOfTerminal = async (tx: Tx, terminalId: TerminalId): Promise<Incarnation | undefined> => {
  const row = await tx.get<Row>('SELECT * FROM incarnations WHERE terminal_id = ?', terminalId)
  return row && incarnationFrom(row)
}

export const putIncarnation = async (tx: Tx, incarnation: Incarnation): Promise<void> => {
  await tx.run(
    `INSERT INTO incarnations (id, session_id, number, terminal_id, conversation_id, state, token_hashes, gateway_url, pid,
       process_start, boot_id, was_asked, created_at, ended_at, exit_code, exit_signal)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET conversation_id = excluded.conversation_id, state = excluded.state,
       token_hashes = excluded.token_hashes, gateway_url = excluded.gateway_url, pid = excluded.pid,
       process_start = excluded.process_start, boot_id = excluded.boot_id, was_asked = excluded.was_asked,
       ended_at = excluded.ended_at, exit_code = excluded.exit_code, exit_signal = excluded.exit_signal`,
    incarnation.id,
    incarnation.sessionId,
    incarnation.number,
    incarnation.terminalId,
    incarnation.conversationId,
    incarnation.state,
    JSON.stringify(incarnation.tokenHashes),
    incarnation.gatewayUrl,
    incarnation.pid,
    incarnation.processStart,
    incarnation.bootId,
    Number(incarnation.wasAsked),
    incarnation.createdAt,
    incarnation.endedAt,
    incarnation.exitCode,
    incarnation.exitSignal,
  )
}

const incarnationFrom = (row: Row): Incarnation => ({
  id: row.id,
  sessionId: row.session_id,
  number: row.number,
  terminalId: row.terminal_id,
  conversationId: row.conversation_id,
  state: row.state,
  tokenHashes: JSON.parse(row.token_hashes) as string[],
  gatewayUrl: row.gateway_url,
  pid: row.pid,
  processStart: row.process_start,
  bootId: row.boot_id,
  wasAsked: row.was_asked === 1,
  createdAt: row.created_at,
  endedAt: row.ended_at,
  exitCode: row.exit_code,
  exitSignal: row.exit_signal,
})
