import type { Overlap } from '../../../../shared/contract/radar.ts'
import type { OverlapId, ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface OverlapRow {
  readonly row: string
}

const rowsFrom = (rows: readonly OverlapRow[]): Overlap[] => rows.map(({ row }) => JSON.parse(row) as Overlap)

export const listOverlaps = async (tx: Tx): Promise<Overlap[]> =>
  rowsFrom(await tx.all<OverlapRow>('SELECT row FROM overlaps ORDER BY path, id'))

/** The overlaps in which a worktree is one of the sides. */
export const listOverlapsOf = async (tx: Tx, id: WorktreeId): Promise<Overlap[]> =>
  rowsFrom(
    await tx.all<OverlapRow>('SELECT row FROM overlaps WHERE worktree_a = ? OR worktree_b = ? ORDER BY id', id, id),
  )

export const putOverlap = async (tx: Tx, overlap: Overlap): Promise<void> => {
  const { id, projectId, path, sides } = overlap
  await tx.run(
    `INSERT INTO overlaps (id, project_id, worktree_a, worktree_b, path, row) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET row = excluded.row`,
    id,
    projectId,
    sides[0].worktreeId,
    sides[1].worktreeId,
    path,
    JSON.stringify(overlap),
  )
}

export const removeOverlap = async (tx: Tx, id: OverlapId): Promise<void> => {
  await tx.run('DELETE FROM overlaps WHERE id = ?', id)
}

export const listOverlapIdsIn = async (tx: Tx, projectId: ProjectId): Promise<OverlapId[]> =>
  (await tx.all<{ id: OverlapId }>('SELECT id FROM overlaps WHERE project_id = ?', projectId)).map(({ id }) => id)
