import type { Check } from '../../../../shared/contract/checks.ts'
import type { CheckId, ProjectId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface Row {
  readonly id: CheckId
  readonly project_id: ProjectId
  readonly name: string
  readonly command: string
  readonly time_limit_ms: number
  readonly is_gate: number
  readonly position: number
  readonly created_at: number
}

const columns = 'id, project_id, name, command, time_limit_ms, is_gate, position, created_at'

const toCheck = (row: Row): Check => ({
  id: row.id,
  projectId: row.project_id,
  name: row.name,
  command: row.command,
  timeLimitMs: row.time_limit_ms,
  isGate: row.is_gate === 1,
  position: row.position,
  createdAt: row.created_at,
})

/** Of all projects, in their order. */
export const listAllChecks = async (tx: Tx): Promise<Check[]> => {
  const sql = `SELECT ${columns} FROM checks WHERE removed_at IS NULL ORDER BY project_id, position, id`
  return (await tx.all<Row>(sql)).map(toCheck)
}

/** Those of a project that were not removed, in the order in which they run. */
export const listChecks = async (tx: Tx, projectId: ProjectId): Promise<Check[]> => {
  const sql = `SELECT ${columns} FROM checks WHERE project_id = ? AND removed_at IS NULL ORDER BY position, id`
  return (await tx.all<Row>(sql, projectId)).map(toCheck)
}

export const findCheck = async (tx: Tx, id: CheckId): Promise<Check | undefined> => {
  const row = await tx.get<Row>(`SELECT ${columns} FROM checks WHERE id = ? AND removed_at IS NULL`, id)
  return row && toCheck(row)
}

export const findRemovedCheck = async (tx: Tx, id: CheckId): Promise<Check | undefined> => {
  const row = await tx.get<Row>(`SELECT ${columns} FROM checks WHERE id = ? AND removed_at IS NOT NULL`, id)
  return row && toCheck(row)
}

/** Writes it whole; one that was removed is there again. */
export const putCheck = async (tx: Tx, check: Check): Promise<void> => {
  await tx.run(
    `INSERT INTO checks (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, command = excluded.command,
       time_limit_ms = excluded.time_limit_ms, is_gate = excluded.is_gate, position = excluded.position,
       removed_at = NULL`,
    check.id,
    check.projectId,
    check.name,
    check.command,
    check.timeLimitMs,
    Number(check.isGate),
    check.position,
    check.createdAt,
  )
}

export const markCheckRemoved = async (tx: Tx, id: CheckId, now: number): Promise<void> => {
  await tx.run('UPDATE checks SET removed_at = ? WHERE id = ?', now, id)
}

export const removeChecksOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM checks WHERE project_id = ?', projectId)
}
