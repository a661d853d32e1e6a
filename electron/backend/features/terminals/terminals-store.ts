import type { Terminal } from '../../../../shared/contract/terminals.ts'
import type { SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface TerminalRow {
  readonly id: TerminalId
  readonly project_id: Terminal['projectId']
  readonly session_id: SessionId | null
  readonly kind: Terminal['kind']
  readonly title: string
  readonly cwd: string
  readonly state: string
  readonly created_at: number
}

const columns = 'id, project_id, session_id, kind, title, cwd, state, created_at'

const toTerminal = (row: TerminalRow): Terminal => ({
  id: row.id,
  projectId: row.project_id,
  sessionId: row.session_id,
  kind: row.kind,
  title: row.title,
  cwd: row.cwd,
  state: JSON.parse(row.state) as Terminal['state'],
  createdAt: row.created_at,
})

export const listTerminals = async (tx: Tx): Promise<Terminal[]> =>
  (await tx.all<TerminalRow>(`SELECT ${columns} FROM terminals ORDER BY id`)).map(toTerminal)

export const listTerminalsOfSession = async (tx: Tx, sessionId: SessionId): Promise<Terminal[]> =>
  (await tx.all<TerminalRow>(`SELECT ${columns} FROM terminals WHERE session_id = ? ORDER BY id`, sessionId)).map(
    toTerminal,
  )

export const findTerminal = async (tx: Tx, id: TerminalId): Promise<Terminal | undefined> => {
  const row = await tx.get<TerminalRow>(`SELECT ${columns} FROM terminals WHERE id = ?`, id)
  return row && toTerminal(row)
}

export const putTerminal = async (tx: Tx, terminal: Terminal): Promise<void> => {
  await tx.run(
    `INSERT INTO terminals (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, cwd = excluded.cwd, state = excluded.state`,
    terminal.id,
    terminal.projectId,
    terminal.sessionId,
    terminal.kind,
    terminal.title,
    terminal.cwd,
    JSON.stringify(terminal.state),
    terminal.createdAt,
  )
}

export const deleteTerminal = async (tx: Tx, id: TerminalId): Promise<boolean> =>
  (await tx.run('DELETE FROM terminals WHERE id = ?', id)).changes === 1
