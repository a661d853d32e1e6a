import type { Migration } from '../migrate.ts'

export const reviewMigration: Migration = {
  name: '0017-review',
  sql: `
    -- What the person has viewed: a file by its two versions ('' where there is none), or one hunk by its lines.
    CREATE TABLE review_marks (
      worktree_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      raw_path TEXT NOT NULL,
      hunk TEXT NOT NULL,
      old_oid TEXT NOT NULL,
      new_oid TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (worktree_id, raw_path, hunk, old_oid, new_oid)
    ) STRICT;
    CREATE TABLE review_looks (
      worktree_id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      tree TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE review_turns (
      worktree_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      project_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      before_tree TEXT NOT NULL,
      tree TEXT NOT NULL,
      files INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (worktree_id, number)
    ) STRICT;
  `,
}
