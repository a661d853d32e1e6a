import type { IntentId } from '../../../shared/lib/ids.ts'
import type { Tx } from '../db/tx.ts'

export interface NewIntent {
  readonly kind: string
  /** Intents of one subject are carried out one after the other, oldest first. */
  readonly subject: string
  readonly payload?: unknown
}

export interface Intent {
  readonly id: IntentId
  readonly kind: string
  readonly subject: string
  readonly payload: unknown
  readonly attempts: number
  readonly nextAt: number
}

interface IntentRow {
  readonly id: IntentId
  readonly kind: string
  readonly subject: string
  readonly payload: string
  readonly attempts: number
  readonly next_at: number
}

export const addIntent = async (tx: Tx, id: IntentId, intent: NewIntent, now: number): Promise<IntentId> => {
  await tx.run(
    `INSERT INTO intents (id, kind, subject, payload, state, next_at, created_at) VALUES (?, ?, ?, ?, 'pending', ?, ?)`,
    id,
    intent.kind,
    intent.subject,
    JSON.stringify(intent.payload ?? null),
    now,
    now,
  )
  return id
}

/** The oldest unfinished intent of each subject: what may be carried out next. */
export const listNextIntents = async (tx: Tx): Promise<readonly Intent[]> => {
  const rows = await tx.all<IntentRow>(
    `SELECT id, kind, subject, payload, attempts, next_at FROM intents
     WHERE state = 'pending' AND id IN (SELECT min(id) FROM intents WHERE state = 'pending' GROUP BY subject)
     ORDER BY id`,
  )
  return rows.map(({ next_at, ...row }) => ({ ...row, payload: JSON.parse(row.payload) as unknown, nextAt: next_at }))
}

/** Marks it done; answers false when it was finished before, so that its effect is never booked twice. */
export const finishIntent = async (tx: Tx, id: IntentId, now: number): Promise<boolean> => {
  const { changes } = await tx.run(
    `UPDATE intents SET state = 'done', finished_at = ? WHERE id = ? AND state = 'pending'`,
    now,
    id,
  )
  return changes === 1
}

export const failIntent = async (tx: Tx, id: IntentId, problem: string, now: number): Promise<void> => {
  await tx.run(
    `UPDATE intents SET state = 'failed', finished_at = ?, problem = ? WHERE id = ? AND state = 'pending'`,
    now,
    problem,
    id,
  )
}

/** Ends what is still to do for a subject, for one that is stopped or deleted. */
export const cancelIntents = async (tx: Tx, subject: string, kind: string, now: number): Promise<number> => {
  const { changes } = await tx.run(
    `UPDATE intents SET state = 'failed', finished_at = ?, problem = 'cancelled' WHERE subject = ? AND kind = ? AND state = 'pending'`,
    now,
    subject,
    kind,
  )
  return changes
}

export const postponeIntent = async (tx: Tx, id: IntentId, nextAt: number, problem: string): Promise<void> => {
  await tx.run(
    `UPDATE intents SET attempts = attempts + 1, next_at = ?, problem = ? WHERE id = ? AND state = 'pending'`,
    nextAt,
    problem,
    id,
  )
}

/** Finished ones are kept a week, for whoever wants to know why something did not happen. */
export const finishedIntentKeptMs = 7 * 24 * 60 * 60 * 1000

export const dropFinishedIntents = async (tx: Tx, now: number): Promise<void> => {
  await tx.run(`DELETE FROM intents WHERE state <> 'pending' AND finished_at < ?`, now - finishedIntentKeptMs)
}
