import type { Migration } from '../migrate.ts'

export const checksMigration: Migration = {
  name: '0023-checks',
  sql: `
    -- A table's own conditions cannot be changed: the same with one more kind.
    CREATE TABLE terminals_of_all_kinds (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      session_id TEXT,
      kind TEXT NOT NULL CHECK (kind IN ('agent', 'shell', 'check')),
      title TEXT NOT NULL,
      cwd TEXT NOT NULL,
      state TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO terminals_of_all_kinds (id, project_id, session_id, kind, title, cwd, state, created_at)
      SELECT id, project_id, session_id, kind, title, cwd, state, created_at FROM terminals;
    DROP TABLE terminals;
    ALTER TABLE terminals_of_all_kinds RENAME TO terminals;
    CREATE INDEX terminals_by_session ON terminals (session_id);

    CREATE TABLE checks (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      name TEXT NOT NULL,
      command TEXT NOT NULL,
      time_limit_ms INTEGER NOT NULL,
      is_gate INTEGER NOT NULL,
      position REAL NOT NULL,
      created_at INTEGER NOT NULL,
      -- A removed one can be restored, with its runs.
      removed_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX checks_by_name ON checks (project_id, name COLLATE NOCASE) WHERE removed_at IS NULL;

    CREATE TABLE check_runs (
      id TEXT PRIMARY KEY,
      check_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      -- NULL for a run in a folder of the merge queue.
      worktree_id TEXT,
      -- The session that the terminal ends with.
      session_id TEXT,
      folder TEXT NOT NULL,
      name TEXT NOT NULL,
      command TEXT NOT NULL,
      time_limit_ms INTEGER NOT NULL,
      head TEXT,
      tree TEXT,
      is_exact INTEGER NOT NULL,
      has_changed INTEGER,
      terminal_id TEXT,
      kind TEXT NOT NULL,
      state TEXT NOT NULL,
      stopping TEXT CHECK (stopping IN ('cancelled', 'timed-out')),
      excerpt TEXT NOT NULL,
      expected_ms INTEGER,
      queued_at INTEGER NOT NULL,
      started_at INTEGER,
      deadline_at INTEGER,
      ended_at INTEGER
    ) STRICT;
    CREATE INDEX check_runs_by_worktree ON check_runs (worktree_id, check_id, id);
    CREATE INDEX check_runs_by_check ON check_runs (check_id, tree);
    CREATE INDEX check_runs_live ON check_runs (kind) WHERE kind IN ('queued', 'running');
    CREATE TABLE check_outputs (
      run_id TEXT PRIMARY KEY,
      text TEXT NOT NULL,
      is_cut INTEGER NOT NULL
    ) STRICT;
  `,
}
