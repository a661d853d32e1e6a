import type { Migration } from '../migrate.ts'

export const mergesMigration: Migration = {
  name: '0020-merges',
  sql: `
    -- What was merged where, and what is prepared to be; the row as the contract has it.
    CREATE TABLE merges (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      target TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('prepared', 'landing', 'landed', 'undoing', 'undone')),
      at INTEGER NOT NULL,
      row TEXT NOT NULL
    ) STRICT;
    CREATE INDEX merges_by_project ON merges (project_id, at);
    CREATE INDEX merges_unsettled ON merges (state) WHERE state IN ('landing', 'undoing', 'prepared');
  `,
}
