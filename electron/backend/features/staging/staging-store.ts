import type { Staging } from '../../../../shared/contract/staging.ts'
import type { ProjectId, StagingId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { EntryChange } from '../../adapters/git/index-patch.ts'
import type { FileVersion } from '../../adapters/git/worktree-files.ts'
import type { Tx } from '../../db/tx.ts'

/** A file on the disk before and after; null where there is none. */
export interface FileChange {
  readonly rawPath: string
  readonly before: FileVersion | null
  readonly after: FileVersion | null
}

/** All that one staging changes: index entries, or files. */
export type Effects =
  | { readonly place: 'index'; readonly changes: readonly EntryChange[] }
  | { readonly place: 'files'; readonly changes: readonly FileChange[] }

export interface StagingRecord {
  readonly staging: Staging
  readonly effects: Effects
}

interface StagingRow {
  readonly id: StagingId
  readonly worktree_id: WorktreeId
  readonly project_id: ProjectId
  readonly kind: Staging['kind']
  readonly paths: string
  readonly files: number
  readonly is_partial: number
  readonly state: Staging['state']
  readonly rescue_ref: string | null
  readonly effects: string
  readonly at: number
}

const columns = 'id, worktree_id, project_id, kind, paths, files, is_partial, state, rescue_ref, effects, at'

export const putStaging = async (tx: Tx, { staging, effects }: StagingRecord): Promise<void> => {
  await tx.run(
    `INSERT INTO stagings (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state`,
    staging.id,
    staging.worktreeId,
    staging.projectId,
    staging.kind,
    JSON.stringify(staging.paths),
    staging.files,
    staging.isPartial ? 1 : 0,
    staging.state,
    staging.rescueRef,
    JSON.stringify(effects),
    staging.at,
  )
}

export const findStaging = async (tx: Tx, id: StagingId): Promise<StagingRecord | undefined> => {
  const row = await tx.get<StagingRow>(`SELECT ${columns} FROM stagings WHERE id = ?`, id)
  return row && recordFrom(row)
}

/** Of a worktree, those that can be undone, newest first. */
export const listDone = async (tx: Tx, id: WorktreeId): Promise<Staging[]> => {
  const sql = `SELECT ${columns} FROM stagings WHERE worktree_id = ? AND state = 'done' ORDER BY id DESC`
  return (await tx.all<StagingRow>(sql, id)).map((row) => recordFrom(row).staging)
}

/** What was begun or being undone when the app ended, oldest first. */
export const listUnderWay = async (tx: Tx): Promise<readonly StagingRecord[]> => {
  const sql = `SELECT ${columns} FROM stagings WHERE state IN ('begun', 'undoing') ORDER BY id`
  return (await tx.all<StagingRow>(sql)).map(recordFrom)
}

/** Those of a worktree before the last `keep`, save what is under way. */
export const listOld = async (tx: Tx, id: WorktreeId, keep: number): Promise<readonly Staging[]> => {
  const sql = `SELECT ${columns} FROM stagings WHERE worktree_id = ? AND state IN ('done', 'undone')
    ORDER BY id DESC LIMIT -1 OFFSET ?`
  return (await tx.all<StagingRow>(sql, id, keep)).map((row) => recordFrom(row).staging)
}

export const removeStaging = async (tx: Tx, id: StagingId): Promise<void> => {
  await tx.run('DELETE FROM stagings WHERE id = ?', id)
}

export const removeStagingsIn = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM stagings WHERE project_id = ?', projectId)
}

const recordFrom = (row: StagingRow): StagingRecord => ({
  staging: {
    id: row.id,
    worktreeId: row.worktree_id,
    projectId: row.project_id,
    kind: row.kind,
    paths: JSON.parse(row.paths) as string[],
    files: row.files,
    isPartial: row.is_partial === 1,
    state: row.state,
    rescueRef: row.rescue_ref,
    at: row.at,
  },
  effects: JSON.parse(row.effects) as Effects,
})
