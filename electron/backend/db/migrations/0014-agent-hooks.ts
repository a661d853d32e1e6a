import type { Migration } from '../migrate.ts'

export const agentHooksMigration: Migration = {
  name: '0014-agent-hooks',
  sql: `
    CREATE TABLE guard_outages (
      session_id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      edits INTEGER NOT NULL CHECK (edits >= 0),
      last_path TEXT NOT NULL,
      last_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE subagents (
      session_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      result TEXT,
      PRIMARY KEY (session_id, id)
    ) STRICT;
    CREATE INDEX subagents_at_work ON subagents (started_at) WHERE ended_at IS NULL;
    CREATE TABLE touched_files (
      session_id TEXT NOT NULL,
      project_id TEXT NOT NULL,
      path TEXT NOT NULL,
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, path)
    ) STRICT;
    CREATE INDEX touched_files_by_path ON touched_files (project_id, path);
    CREATE TABLE reports (
      session_id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      text TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX asks_by_call ON asks (session_id, call ->> 'toolUseId');
  `,
}
