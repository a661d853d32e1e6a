import type { Merge } from '../../../../shared/contract/merge.ts'
import type { MergeId, ProjectId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface MergeRow {
  readonly row: string
}

const mergeFrom = ({ row }: MergeRow): Merge => JSON.parse(row) as Merge

export const findMerge = async (tx: Tx, id: MergeId): Promise<Merge | undefined> => {
  const row = await tx.get<MergeRow>('SELECT row FROM merges WHERE id = ?', id)
  return row && mergeFrom(row)
}

export const putMerge = async (tx: Tx, merge: Merge): Promise<void> => {
  const { id, projectId, target, state, at } = merge
  await tx.run(
    `INSERT INTO merges (id, project_id, target, state, at, row) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, at = excluded.at, row = excluded.row`,
    id,
    projectId,
    target,
    state,
    at,
    JSON.stringify(merge),
  )
}

export const removeMerge = async (tx: Tx, id: MergeId): Promise<void> => {
  await tx.run('DELETE FROM merges WHERE id = ?', id)
}

const shown = `state <> 'prepared'`

/** Those that were begun, the newest first. */
export const listMerges = async (
  tx: Tx,
  projectId: ProjectId,
  target: string | null,
  limit: number,
): Promise<Merge[]> => {
  const rows =
    target === null
      ? await tx.all<MergeRow>(
          `SELECT row FROM merges WHERE project_id = ? AND ${shown} ORDER BY at DESC, id DESC LIMIT ?`,
          projectId,
          limit,
        )
      : await tx.all<MergeRow>(
          `SELECT row FROM merges WHERE project_id = ? AND target = ? AND ${shown} ORDER BY at DESC, id DESC LIMIT ?`,
          projectId,
          target,
          limit,
        )
  return rows.map(mergeFrom)
}

/** Of all projects, the newest first. */
export const listNewestMerges = async (tx: Tx, limit: number): Promise<Merge[]> =>
  (await tx.all<MergeRow>(`SELECT row FROM merges WHERE ${shown} ORDER BY at DESC, id DESC LIMIT ?`, limit)).map(
    mergeFrom,
  )

/** Those that were cut short, oldest first. */
export const listUnsettled = async (tx: Tx): Promise<Merge[]> =>
  (await tx.all<MergeRow>(`SELECT row FROM merges WHERE state IN ('landing', 'undoing') ORDER BY id`)).map(mergeFrom)

/** What was prepared before a time and did not land. */
export const listPreparedBefore = async (tx: Tx, before: number): Promise<Merge[]> =>
  (await tx.all<MergeRow>(`SELECT row FROM merges WHERE state = 'prepared' AND at < ? ORDER BY id`, before)).map(
    mergeFrom,
  )

export const removeMergesIn = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM merges WHERE project_id = ?', projectId)
}
