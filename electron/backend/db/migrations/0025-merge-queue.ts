import type { Migration } from '../migrate.ts'

export const mergeQueueMigration: Migration = {
  name: '0025-merge-queue',
  sql: `
    CREATE TABLE merge_queues (
      project_id TEXT NOT NULL,
      target TEXT NOT NULL,
      batch_size INTEGER NOT NULL,
      needs_approval INTEGER NOT NULL,
      hold TEXT,
      run TEXT,
      rev INTEGER NOT NULL,
      PRIMARY KEY (project_id, target)
    ) STRICT;
    CREATE TABLE merge_entries (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      target TEXT NOT NULL,
      session_id TEXT,
      worktree_id TEXT,
      task_id TEXT,
      title TEXT NOT NULL,
      branch TEXT,
      head TEXT NOT NULL,
      moved_to TEXT,
      strategy TEXT NOT NULL,
      message TEXT,
      position REAL NOT NULL,
      state TEXT NOT NULL,
      reason TEXT,
      conflicts TEXT NOT NULL,
      is_approved INTEGER NOT NULL,
      is_suspect INTEGER NOT NULL,
      rounds INTEGER NOT NULL,
      failed_run TEXT,
      candidate TEXT,
      merge_id TEXT,
      route TEXT,
      by_kind TEXT NOT NULL,
      by_id TEXT NOT NULL,
      enqueued_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      ended_at INTEGER,
      rev INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX merge_entries_in_line ON merge_entries (project_id, target, position) WHERE ended_at IS NULL;
    CREATE INDEX merge_entries_ended ON merge_entries (ended_at) WHERE ended_at IS NOT NULL;
    -- One branch stands in a line once: of two, both would be merged.
    CREATE UNIQUE INDEX merge_entries_once ON merge_entries (project_id, target, branch)
      WHERE branch IS NOT NULL AND state IN ('proposed', 'waiting', 'checking', 'merging');
  `,
}
