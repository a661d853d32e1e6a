import type { Migration } from '../migrate.ts'

export const stagingsMigration: Migration = {
  name: '0024-stagings',
  sql: `
    -- What the person staged, unstaged, discarded or reverted: each file and index entry before and after, for its undo.
    CREATE TABLE stagings (
      id TEXT PRIMARY KEY,
      worktree_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      paths TEXT NOT NULL,
      files INTEGER NOT NULL,
      is_partial INTEGER NOT NULL,
      state TEXT NOT NULL,
      rescue_ref TEXT,
      effects TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX stagings_of_worktree ON stagings (worktree_id, id);
    -- Few at any time: what a crash cut short.
    CREATE INDEX stagings_under_way ON stagings (id) WHERE state IN ('begun', 'undoing');
  `,
}
