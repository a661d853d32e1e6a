import type { Migration } from '../migrate.ts'

export const outagesMigration: Migration = {
  name: '0016-outages',
  sql: `
    ALTER TABLE guard_outages ADD COLUMN first_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE guard_outages ADD COLUMN why TEXT NOT NULL DEFAULT 'late' CHECK (why IN ('late', 'away'));
    UPDATE guard_outages SET first_at = last_at;
  `,
}
