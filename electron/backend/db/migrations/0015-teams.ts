import type { Migration } from '../migrate.ts'

export const teamsMigration: Migration = {
  name: '0015-teams',
  sql: `
    ALTER TABLE sessions ADD COLUMN uses_teams INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE teammates (
      session_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      model TEXT,
      state TEXT NOT NULL CHECK (state IN ('working', 'idle', 'ended')),
      since INTEGER NOT NULL,
      joined_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, name)
    ) STRICT;
    CREATE TABLE team_tasks (
      session_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      id TEXT NOT NULL,
      subject TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'in-progress', 'completed', 'deleted')),
      owner TEXT,
      blocked_by TEXT NOT NULL,
      changed_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, id)
    ) STRICT;
    CREATE TABLE team_messages (
      session_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      id TEXT NOT NULL,
      sender TEXT NOT NULL,
      recipient TEXT NOT NULL,
      text TEXT NOT NULL,
      sent_at INTEGER NOT NULL,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, id)
    ) STRICT;
  `,
}
