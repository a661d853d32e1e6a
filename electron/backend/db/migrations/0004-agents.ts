import type { Migration } from '../migrate.ts'

export const agentsMigration: Migration = {
  name: '0004-agents',
  sql: `
    CREATE TABLE agents (id TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT;
  `,
}
