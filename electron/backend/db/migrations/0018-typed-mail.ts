import type { Migration } from '../migrate.ts'

export const typedMailMigration: Migration = {
  name: '0018-typed-mail',
  sql: `
    ALTER TABLE sessions ADD COLUMN is_mail_typed INTEGER NOT NULL DEFAULT 1 CHECK (is_mail_typed IN (0, 1));
    ALTER TABLE deliveries ADD COLUMN typing TEXT;
  `,
}
