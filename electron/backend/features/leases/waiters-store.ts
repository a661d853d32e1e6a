import type { LeaseWaiter, LeaseWant, WaitEnd } from '../../../../shared/contract/leases.ts'
import type { IncarnationId, ProjectId, SessionId, WaiterId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface Row {
  readonly id: WaiterId
  readonly project_id: ProjectId
  readonly session_id: SessionId
  readonly incarnation_id: IncarnationId
  readonly wants: string
  readonly asked_at: number
  readonly expires_at: number
  readonly ended_why: WaitEnd | null
}

/** Everyone who waits, first come first. */
export const listWaiters = async (tx: Tx): Promise<LeaseWaiter[]> =>
  (await tx.all<Row>('SELECT * FROM lease_waiters WHERE ended_at IS NULL ORDER BY place')).map(waiterFrom)

/** `why` is null while it waits. */
export const findWaiter = async (
  tx: Tx,
  id: WaiterId,
): Promise<{ readonly waiter: LeaseWaiter; readonly why: WaitEnd | null } | undefined> => {
  const row = await tx.get<Row>('SELECT * FROM lease_waiters WHERE id = ?', id)
  return row && { waiter: waiterFrom(row), why: row.ended_why }
}

/** Puts it at the end of the line. The place is counted here: ids follow a clock, and a clock may be set back between two starts. */
export const addWaiter = async (tx: Tx, waiter: LeaseWaiter): Promise<void> => {
  await tx.run(
    `INSERT INTO lease_waiters (id, project_id, session_id, incarnation_id, wants, asked_at, expires_at, place)
     VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM lease_waiters WHERE ended_at IS NULL))`,
    waiter.id,
    waiter.projectId,
    waiter.sessionId,
    waiter.incarnationId,
    JSON.stringify(waiter.wants),
    waiter.askedAt,
    waiter.expiresAt,
  )
}

export const moveWaiterEnd = async (tx: Tx, id: WaiterId, expiresAt: number): Promise<void> => {
  await tx.run('UPDATE lease_waiters SET expires_at = ? WHERE id = ? AND ended_at IS NULL', expiresAt, id)
}

/** False when it had ended before: one grant is one grant. */
export const endWaiter = async (tx: Tx, id: WaiterId, why: WaitEnd, now: number): Promise<boolean> => {
  const sql = 'UPDATE lease_waiters SET ended_at = ?, ended_why = ? WHERE id = ? AND ended_at IS NULL'
  return (await tx.run(sql, now, why, id)).changes === 1
}

export const forgetEndedWaiters = async (tx: Tx, before: number): Promise<void> => {
  await tx.run('DELETE FROM lease_waiters WHERE ended_at IS NOT NULL AND ended_at < ?', before)
}

export const removeWaitersOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM lease_waiters WHERE project_id = ?', projectId)
}

const waiterFrom = (row: Row): LeaseWaiter => ({
  id: row.id,
  projectId: row.project_id,
  sessionId: row.session_id,
  incarnationId: row.incarnation_id,
  wants: JSON.parse(row.wants) as LeaseWant[],
  askedAt: row.asked_at,
  expiresAt: row.expires_at,
})
