import type { ReviewMark } from '../../../../shared/contract/review.ts'
import type { ProjectId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface MarkRow {
  readonly raw_path: string
  readonly hunk: string
  readonly old_oid: string
  readonly new_oid: string
  readonly at: number
}

/** A mark without its worktree: a file by its two versions when `hunk` is null. */
export type StoredMark = Pick<ReviewMark, 'rawPath' | 'oldOid' | 'newOid' | 'hunk' | 'at'>

/** Oldest first. */
export const listMarks = async (tx: Tx, id: WorktreeId): Promise<readonly StoredMark[]> => {
  const sql = 'SELECT raw_path, hunk, old_oid, new_oid, at FROM review_marks WHERE worktree_id = ? ORDER BY at, rowid'
  return (await tx.all<MarkRow>(sql, id)).map((row) => ({
    rawPath: row.raw_path,
    hunk: row.hunk === '' ? null : row.hunk,
    oldOid: row.old_oid === '' ? null : row.old_oid,
    newOid: row.new_oid === '' ? null : row.new_oid,
    at: row.at,
  }))
}

export const putMark = async (tx: Tx, projectId: ProjectId, mark: ReviewMark): Promise<void> => {
  const { worktreeId, rawPath, hunk, at } = mark
  // A hunk is known by its lines alone, whichever versions it was seen in.
  const [oldOid, newOid] = hunk === null ? [mark.oldOid ?? '', mark.newOid ?? ''] : ['', '']
  await tx.run(
    `INSERT INTO review_marks (worktree_id, project_id, raw_path, hunk, old_oid, new_oid, at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at`,
    worktreeId,
    projectId,
    rawPath,
    hunk ?? '',
    oldOid,
    newOid,
    at,
  )
}

/** Of a file, every mark that was ever made of it as a whole. */
export const removeMark = async (tx: Tx, id: WorktreeId, rawPath: string, hunk: string | null): Promise<void> => {
  await tx.run('DELETE FROM review_marks WHERE worktree_id = ? AND raw_path = ? AND hunk = ?', id, rawPath, hunk ?? '')
}

/** The files as they were when everything was looked at; undefined when it never was. */
export const findLook = async (tx: Tx, id: WorktreeId): Promise<string | undefined> =>
  (await tx.get<{ tree: string }>('SELECT tree FROM review_looks WHERE worktree_id = ?', id))?.tree

export const putLook = async (
  tx: Tx,
  look: { readonly worktreeId: WorktreeId; readonly projectId: ProjectId; readonly tree: string; readonly at: number },
): Promise<void> => {
  await tx.run(
    `INSERT INTO review_looks (worktree_id, project_id, tree, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (worktree_id) DO UPDATE SET tree = excluded.tree, at = excluded.at`,
    look.worktreeId,
    look.projectId,
    look.tree,
    look.at,
  )
}

/** One turn of an agent: the files before and after it. */
export interface Turn {
  readonly worktreeId: WorktreeId
  readonly number: number
  readonly sessionId: SessionId
  readonly beforeTree: string
  readonly tree: string
  /** How many files it changed. */
  readonly files: number
  /** What was stored of the worktree while it ran. */
  readonly bytes: number
  readonly at: number
}

interface TurnRow {
  readonly worktree_id: WorktreeId
  readonly number: number
  readonly session_id: SessionId
  readonly before_tree: string
  readonly tree: string
  readonly files: number
  readonly bytes: number
  readonly at: number
}

/** Of a worktree, oldest first. */
export const listTurns = async (tx: Tx, id: WorktreeId): Promise<readonly Turn[]> => {
  const sql = `SELECT worktree_id, number, session_id, before_tree, tree, files, bytes, at FROM review_turns
    WHERE worktree_id = ? ORDER BY number`
  return (await tx.all<TurnRow>(sql, id)).map((row) => ({
    worktreeId: row.worktree_id,
    number: row.number,
    sessionId: row.session_id,
    beforeTree: row.before_tree,
    tree: row.tree,
    files: row.files,
    bytes: row.bytes,
    at: row.at,
  }))
}

/** Adds a turn and drops those before number `keepFrom`. */
export const addTurn = async (tx: Tx, projectId: ProjectId, turn: Turn, keepFrom: number): Promise<void> => {
  await tx.run(
    `INSERT INTO review_turns (worktree_id, number, project_id, session_id, before_tree, tree, files, bytes, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    turn.worktreeId,
    turn.number,
    projectId,
    turn.sessionId,
    turn.beforeTree,
    turn.tree,
    turn.files,
    turn.bytes,
    turn.at,
  )
  await tx.run('DELETE FROM review_turns WHERE worktree_id = ? AND number < ?', turn.worktreeId, keepFrom)
}

/** Objects of a project's git that something refers to: trees of turns and looks, and files that were viewed. */
export const listKeptObjects = async (tx: Tx, projectId: ProjectId): Promise<readonly string[]> => {
  const rows = await tx.all<{ oid: string }>(
    `SELECT before_tree AS oid FROM review_turns WHERE project_id = ?
     UNION SELECT tree FROM review_turns WHERE project_id = ?
     UNION SELECT tree FROM review_looks WHERE project_id = ?
     UNION SELECT new_oid FROM review_marks WHERE project_id = ? AND new_oid <> ''`,
    projectId,
    projectId,
    projectId,
    projectId,
  )
  return rows.map(({ oid }) => oid)
}

export const removeReviewsIn = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  for (const table of tables) await tx.run(`DELETE FROM ${table} WHERE project_id = ?`, projectId)
}

/** Worktrees of which something is kept, whether they are there or not. */
export const listReviewed = async (tx: Tx): Promise<readonly WorktreeId[]> => {
  const sql = tables.map((table) => `SELECT worktree_id AS id FROM ${table}`).join(' UNION ')
  return (await tx.all<{ id: WorktreeId }>(sql)).map(({ id }) => id)
}

export const removeReviewOf = async (tx: Tx, id: WorktreeId): Promise<void> => {
  for (const table of tables) await tx.run(`DELETE FROM ${table} WHERE worktree_id = ?`, id)
}

const tables = ['review_marks', 'review_looks', 'review_turns'] as const
