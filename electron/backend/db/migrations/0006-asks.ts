import type { Migration } from '../migrate.ts'

export const asksMigration: Migration = {
  name: '0006-asks',
  sql: `
    CREATE TABLE asks (
      id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL,
      detail TEXT NOT NULL,
      can_answer_here INTEGER NOT NULL CHECK (can_answer_here IN (0, 1)),
      evidence TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      state TEXT NOT NULL,
      call TEXT,
      is_open INTEGER NOT NULL CHECK (is_open IN (0, 1))
    ) STRICT;
    CREATE INDEX asks_open ON asks (session_id, opened_at) WHERE is_open = 1;
  `,
}
