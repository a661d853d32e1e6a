import type { Migration } from '../migrate.ts'

export const sessionsMigration: Migration = {
  name: '0005-sessions',
  sql: `
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      title TEXT NOT NULL,
      agent_id TEXT NOT NULL,
      model TEXT,
      permission_mode TEXT,
      prompt TEXT,
      worktree_choice TEXT NOT NULL,
      worktree_id TEXT,
      terminal_id TEXT,
      lifecycle TEXT NOT NULL CHECK (lifecycle IN ('planned', 'preparing', 'running', 'stopped', 'archived')),
      lifecycle_reason TEXT,
      preparation TEXT NOT NULL,
      runtime TEXT NOT NULL,
      activity TEXT NOT NULL,
      usage TEXT,
      can_resume INTEGER NOT NULL CHECK (can_resume IN (0, 1)),
      is_unread INTEGER NOT NULL CHECK (is_unread IN (0, 1)),
      is_pinned INTEGER NOT NULL CHECK (is_pinned IN (0, 1)),
      position REAL NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      archived_at INTEGER,
      rev INTEGER NOT NULL,
      conversation_id TEXT NOT NULL,
      record_path TEXT,
      prompted_at INTEGER,
      deletion TEXT
    ) STRICT;
    CREATE INDEX sessions_by_project ON sessions (project_id, position);

    CREATE TABLE incarnations (
      id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL REFERENCES sessions (id),
      number INTEGER NOT NULL,
      terminal_id TEXT NOT NULL UNIQUE,
      conversation_id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('starting', 'alive', 'ended', 'lost')),
      token_hashes TEXT NOT NULL,
      gateway_url TEXT NOT NULL,
      pid INTEGER,
      process_start TEXT,
      boot_id TEXT,
      was_asked INTEGER NOT NULL CHECK (was_asked IN (0, 1)),
      created_at INTEGER NOT NULL,
      ended_at INTEGER,
      exit_code INTEGER,
      exit_signal TEXT,
      UNIQUE (session_id, number)
    ) STRICT;
    CREATE UNIQUE INDEX incarnations_one_live ON incarnations (session_id) WHERE state IN ('starting', 'alive');
  `,
}
