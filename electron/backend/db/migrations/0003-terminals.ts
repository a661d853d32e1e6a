import type { Migration } from '../migrate.ts'

export const terminalsMigration: Migration = {
  name: '0003-terminals',
  sql: `
    CREATE TABLE terminals (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      session_id TEXT,
      kind TEXT NOT NULL CHECK (kind IN ('agent', 'shell')),
      title TEXT NOT NULL,
      cwd TEXT NOT NULL,
      state TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX terminals_by_session ON terminals (session_id);
  `,
}
