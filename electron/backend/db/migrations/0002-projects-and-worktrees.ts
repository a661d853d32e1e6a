import type { Migration } from '../migrate.ts'

export const projectsAndWorktreesMigration: Migration = {
  name: '0002-projects-and-worktrees',
  sql: `
    CREATE TABLE projects (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      root_path TEXT NOT NULL,
      common_dir TEXT NOT NULL UNIQUE,
      default_branch TEXT,
      remote TEXT,
      state TEXT NOT NULL,
      notes TEXT NOT NULL,
      fetches TEXT NOT NULL DEFAULT '{}',
      created_at INTEGER NOT NULL,
      opened_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE worktrees (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL REFERENCES projects (id),
      path TEXT NOT NULL,
      branch TEXT,
      kind TEXT NOT NULL CHECK (kind IN ('new-branch', 'existing-branch', 'adopted', 'in-place')),
      start_ref TEXT,
      base_ref TEXT,
      base_sha TEXT,
      base_fetched_at INTEGER,
      state_kind TEXT NOT NULL CHECK (state_kind IN ('preparing', 'ok', 'missing', 'deleted')),
      state TEXT NOT NULL,
      operation TEXT,
      surface TEXT,
      head_sha TEXT,
      added INTEGER NOT NULL DEFAULT 0,
      removed INTEGER NOT NULL DEFAULT 0,
      changed_files INTEGER NOT NULL DEFAULT 0,
      untracked_files INTEGER NOT NULL DEFAULT 0,
      notes TEXT NOT NULL,
      checked_at INTEGER,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX worktrees_by_project ON worktrees (project_id);
    -- A folder that we made belongs to one row.
    CREATE UNIQUE INDEX worktrees_own_path ON worktrees (path) WHERE kind IN ('new-branch', 'existing-branch');
  `,
}
