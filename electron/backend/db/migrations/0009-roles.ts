import type { Migration } from '../migrate.ts'

export const rolesMigration: Migration = {
  name: '0009-roles',
  sql: `
    ALTER TABLE sessions ADD COLUMN role TEXT;
  `,
}
