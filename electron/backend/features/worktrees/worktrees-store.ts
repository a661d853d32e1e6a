import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** Work on a folder that was begun; after a crash it is taken up again from here. */
export type WorktreeOperation =
  | { readonly kind: 'remove'; readonly rescueId: string; readonly deleteBranch: boolean }
  | { readonly kind: 'restore'; readonly rescueId: string }

/** The row as the contract shows it, and what only we need to know. */
export interface WorktreeRecord {
  readonly worktree: Worktree
  readonly startRef: string | null
  readonly operation: WorktreeOperation | null
  /** What git could run when the worktree was made: hashes by name. */
  readonly surface: Readonly<Record<string, string>> | null
}

interface WorktreeRow {
  readonly id: WorktreeId
  readonly project_id: ProjectId
  readonly path: string
  readonly branch: string | null
  readonly kind: Worktree['kind']
  readonly start_ref: string | null
  readonly base_ref: string | null
  readonly base_sha: string | null
  readonly base_fetched_at: number | null
  readonly state: string
  readonly operation: string | null
  readonly surface: string | null
  readonly head_sha: string | null
  readonly added: number
  readonly removed: number
  readonly changed_files: number
  readonly untracked_files: number
  readonly notes: string
  readonly checked_at: number | null
  readonly created_at: number
}

const columns = `id, project_id, path, branch, kind, start_ref, base_ref, base_sha, base_fetched_at, state_kind, state,
  operation, surface, head_sha, added, removed, changed_files, untracked_files, notes, checked_at, created_at`

export const listWorktrees = async (tx: Tx): Promise<Worktree[]> =>
  (await listWorktreeRecords(tx)).map((record) => record.worktree)

export const listWorktreeRecords = async (tx: Tx): Promise<WorktreeRecord[]> =>
  (await tx.all<WorktreeRow>(`SELECT ${columns} FROM worktrees ORDER BY id`)).map(recordFrom)

export const findWorktreeRecord = async (tx: Tx, id: WorktreeId): Promise<WorktreeRecord | undefined> => {
  const row = await tx.get<WorktreeRow>(`SELECT ${columns} FROM worktrees WHERE id = ?`, id)
  return row && recordFrom(row)
}

/** Branches of a project that live worktrees have or are about to make. */
export const listWorktreeBranches = async (tx: Tx, projectId: ProjectId): Promise<string[]> => {
  const rows = await tx.all<{ branch: string }>(
    `SELECT branch FROM worktrees WHERE project_id = ? AND branch IS NOT NULL AND state_kind <> 'deleted'`,
    projectId,
  )
  return rows.map((row) => row.branch)
}

export const putWorktree = async (tx: Tx, record: WorktreeRecord): Promise<void> => {
  const { worktree } = record
  await tx.run(
    `INSERT INTO worktrees (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET path = excluded.path, branch = excluded.branch, start_ref = excluded.start_ref,
       base_ref = excluded.base_ref, base_sha = excluded.base_sha, base_fetched_at = excluded.base_fetched_at,
       state_kind = excluded.state_kind, state = excluded.state, operation = excluded.operation,
       surface = excluded.surface, head_sha = excluded.head_sha, added = excluded.added, removed = excluded.removed,
       changed_files = excluded.changed_files, untracked_files = excluded.untracked_files, notes = excluded.notes,
       checked_at = excluded.checked_at`,
    worktree.id,
    worktree.projectId,
    worktree.path,
    worktree.branch,
    worktree.kind,
    record.startRef,
    worktree.base?.ref ?? null,
    worktree.base?.sha ?? null,
    worktree.base?.fetchedAt ?? null,
    worktree.state.kind,
    JSON.stringify(worktree.state),
    record.operation && JSON.stringify(record.operation),
    record.surface && JSON.stringify(record.surface),
    worktree.headSha,
    worktree.added,
    worktree.removed,
    worktree.changedFiles,
    worktree.untrackedFiles,
    JSON.stringify(worktree.notes),
    worktree.checkedAt,
    worktree.createdAt,
  )
}

export const removeWorktreeRow = async (tx: Tx, id: WorktreeId): Promise<void> => {
  await tx.run('DELETE FROM worktrees WHERE id = ?', id)
}

const recordFrom = (row: WorktreeRow): WorktreeRecord => ({
  startRef: row.start_ref,
  operation: parse(row.operation) as WorktreeOperation | null,
  surface: parse(row.surface) as WorktreeRecord['surface'],
  worktree: {
    id: row.id,
    projectId: row.project_id,
    path: row.path,
    branch: row.branch,
    kind: row.kind,
    base:
      row.base_ref === null || row.base_sha === null
        ? null
        : { ref: row.base_ref, sha: row.base_sha, fetchedAt: row.base_fetched_at },
    state: JSON.parse(row.state) as Worktree['state'],
    headSha: row.head_sha,
    added: row.added,
    removed: row.removed,
    changedFiles: row.changed_files,
    untrackedFiles: row.untracked_files,
    notes: JSON.parse(row.notes) as string[],
    checkedAt: row.checked_at,
    createdAt: row.created_at,
  },
})

const parse = (text: string | null): unknown => (text === null ? null : JSON.parse(text))
