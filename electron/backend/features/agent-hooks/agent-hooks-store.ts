import type { GuardOutage, Subagent, TouchedFile } from '../../../../shared/contract/agent-hooks.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface Owned {
  readonly session_id: SessionId
  readonly project_id: ProjectId
}
type OutageRow = Owned & {
  readonly edits: number
  readonly last_path: string
  readonly first_at: number
  readonly last_at: number
  readonly why: GuardOutage['why']
}
type SubagentRow = Owned & {
  readonly id: string
  readonly type: string
  readonly started_at: number
  readonly ended_at: number | null
  readonly result: string | null
}
type FileRow = Owned & { readonly path: string; readonly first_at: number; readonly last_at: number }

const ownerOf = (row: Owned) => ({ sessionId: row.session_id, projectId: row.project_id })
const outageFrom = (row: OutageRow): GuardOutage => ({
  ...ownerOf(row),
  edits: row.edits,
  lastPath: row.last_path,
  firstAt: row.first_at,
  lastAt: row.last_at,
  why: row.why,
})
const subagentFrom = (row: SubagentRow): Subagent => ({
  ...ownerOf(row),
  id: row.id,
  type: row.type,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  result: row.result,
})
const fileFrom = (row: FileRow): TouchedFile => ({
  ...ownerOf(row),
  path: row.path,
  firstAt: row.first_at,
  lastAt: row.last_at,
})

/** Those that the person has not dismissed. */
export const listOutages = async (tx: Tx): Promise<GuardOutage[]> =>
  (await tx.all<OutageRow>('SELECT * FROM guard_outages WHERE edits > 0 ORDER BY last_at, session_id')).map(outageFrom)

export const findOutage = async (tx: Tx, sessionId: SessionId): Promise<GuardOutage | undefined> => {
  const row = await tx.get<OutageRow>('SELECT * FROM guard_outages WHERE session_id = ?', sessionId)
  return row && outageFrom(row)
}

export const putOutage = async (tx: Tx, outage: GuardOutage): Promise<void> => {
  await tx.run(
    `INSERT INTO guard_outages (session_id, project_id, edits, last_path, first_at, last_at, why)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (session_id) DO UPDATE SET edits = excluded.edits, last_path = excluded.last_path,
       first_at = excluded.first_at, last_at = excluded.last_at, why = excluded.why`,
    outage.sessionId,
    outage.projectId,
    outage.edits,
    outage.lastPath,
    outage.firstAt,
    outage.lastAt,
    outage.why,
  )
}

/** Those at work, oldest first. */
export const listSubagents = async (tx: Tx): Promise<Subagent[]> =>
  (await tx.all<SubagentRow>('SELECT * FROM subagents WHERE ended_at IS NULL ORDER BY started_at, id')).map(
    subagentFrom,
  )

export const findSubagent = async (tx: Tx, sessionId: SessionId, id: string): Promise<Subagent | undefined> => {
  const row = await tx.get<SubagentRow>('SELECT * FROM subagents WHERE session_id = ? AND id = ?', sessionId, id)
  return row && subagentFrom(row)
}

export const putSubagent = async (tx: Tx, subagent: Subagent): Promise<void> => {
  await tx.run(
    `INSERT INTO subagents (session_id, project_id, id, type, started_at, ended_at, result) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (session_id, id) DO UPDATE SET type = excluded.type, started_at = excluded.started_at,
       ended_at = excluded.ended_at, result = excluded.result`,
    subagent.sessionId,
    subagent.projectId,
    subagent.id,
    subagent.type,
    subagent.startedAt,
    subagent.endedAt,
    subagent.result,
  )
}

/** The files a session changed, the one changed last first. */
export const listTouched = async (tx: Tx, sessionId: SessionId): Promise<TouchedFile[]> => {
  const sql = 'SELECT * FROM touched_files WHERE session_id = ? ORDER BY last_at DESC, path LIMIT 2000'
  return (await tx.all<FileRow>(sql, sessionId)).map(fileFrom)
}

/** Answers whether the session had not touched it before. */
export const touchFile = async (tx: Tx, file: TouchedFile): Promise<boolean> => {
  const known = await tx.run(
    'UPDATE touched_files SET last_at = ? WHERE session_id = ? AND path = ?',
    file.lastAt,
    file.sessionId,
    file.path,
  )
  if (known.changes > 0) return false
  await tx.run(
    'INSERT INTO touched_files (session_id, project_id, path, first_at, last_at) VALUES (?, ?, ?, ?, ?)',
    file.sessionId,
    file.projectId,
    file.path,
    file.firstAt,
    file.lastAt,
  )
  return true
}

/** A month: longer than a session's work is looked at. */
export const keptMs = 30 * 24 * 60 * 60 * 1000

export const dropOldHooks = async (tx: Tx, now: number): Promise<void> => {
  await tx.run('DELETE FROM subagents WHERE ended_at < ?', now - keptMs)
  await tx.run('DELETE FROM touched_files WHERE last_at < ?', now - keptMs)
}

export const removeHooksOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  for (const table of ['guard_outages', 'subagents', 'touched_files'])
    await tx.run(`DELETE FROM ${table} WHERE project_id = ?`, projectId)
}
