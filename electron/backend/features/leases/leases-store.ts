import type { Lease, LeaseEnd, LeaseTarget } from '../../../../shared/contract/leases.ts'
import type { IncarnationId, LeaseId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** A lease, and how it ended if it has. Ended ones are kept a while, to tell a former owner what became of its lease. */
export interface LeaseRecord {
  readonly lease: Lease
  readonly end: { readonly why: LeaseEnd; readonly at: number } | null
}

interface Row {
  readonly id: LeaseId
  readonly project_id: ProjectId
  readonly session_id: SessionId
  readonly incarnation_id: IncarnationId
  readonly target_kind: LeaseTarget['kind']
  readonly target: string
  readonly mode: Lease['mode']
  readonly policy: Lease['policy']
  readonly acquired_at: number
  readonly expires_at: number
  readonly hold_until: number
  readonly rev: number
  readonly ended_at: number | null
  readonly ended_why: LeaseEnd | null
}

export const listHeldLeases = async (tx: Tx): Promise<Lease[]> =>
  (await tx.all<Row>('SELECT * FROM leases WHERE ended_at IS NULL ORDER BY id')).map(leaseFrom)

export const listHeldLeasesOf = async (tx: Tx, sessionId: SessionId): Promise<Lease[]> => {
  const sql = 'SELECT * FROM leases WHERE session_id = ? AND ended_at IS NULL ORDER BY target_kind, target, mode'
  return (await tx.all<Row>(sql, sessionId)).map(leaseFrom)
}

/** Those whose time has come. The longest hold is never before the expiry, so one index finds both. */
export const listDueLeases = async (tx: Tx, now: number): Promise<Lease[]> => {
  const sql = 'SELECT * FROM leases WHERE ended_at IS NULL AND expires_at <= ? ORDER BY expires_at, id'
  return (await tx.all<Row>(sql, now)).map(leaseFrom)
}

export const findLease = async (tx: Tx, id: LeaseId): Promise<LeaseRecord | undefined> => {
  const row = await tx.get<Row>('SELECT * FROM leases WHERE id = ?', id)
  return row && recordFrom(row)
}

/** Writes a lease that is held. False when it has ended: what has ended does not come back. */
export const putLease = async (tx: Tx, lease: Lease): Promise<boolean> => {
  const { changes } = await tx.run(
    `INSERT INTO leases (id, project_id, session_id, incarnation_id, target_kind, target, mode, policy, acquired_at,
       expires_at, hold_until, rev)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET incarnation_id = excluded.incarnation_id, policy = excluded.policy,
       expires_at = excluded.expires_at, hold_until = excluded.hold_until, rev = excluded.rev
       WHERE leases.ended_at IS NULL AND leases.rev = excluded.rev - 1`,
    lease.id,
    lease.projectId,
    lease.sessionId,
    lease.incarnationId,
    lease.target.kind,
    lease.target.kind === 'path' ? lease.target.pattern : lease.target.name,
    lease.mode,
    lease.policy,
    lease.acquiredAt,
    lease.expiresAt,
    lease.holdUntil,
    lease.rev,
  )
  return changes === 1
}

/** False when it had ended before. */
export const endLease = async (tx: Tx, id: LeaseId, why: LeaseEnd, now: number): Promise<boolean> => {
  const sql = 'UPDATE leases SET ended_at = ?, ended_why = ? WHERE id = ? AND ended_at IS NULL'
  return (await tx.run(sql, now, why, id)).changes === 1
}

export const forgetEndedLeases = async (tx: Tx, before: number): Promise<void> => {
  await tx.run('DELETE FROM leases WHERE ended_at IS NOT NULL AND ended_at < ?', before)
}

export const removeLeasesOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM leases WHERE project_id = ?', projectId)
}

const recordFrom = (row: Row): LeaseRecord => ({
  lease: leaseFrom(row),
  end: row.ended_at === null || row.ended_why === null ? null : { why: row.ended_why, at: row.ended_at },
})

const leaseFrom = (row: Row): Lease => ({
  id: row.id,
  projectId: row.project_id,
  sessionId: row.session_id,
  incarnationId: row.incarnation_id,
  target: row.target_kind === 'path' ? { kind: 'path', pattern: row.target } : { kind: 'resource', name: row.target },
  mode: row.mode,
  policy: row.policy,
  acquiredAt: row.acquired_at,
  expiresAt: row.expires_at,
  holdUntil: row.hold_until,
  rev: row.rev,
})
