import type { Migration } from '../migrate.ts'

export const turnBytesMigration: Migration = {
  name: '0022-turn-bytes',
  // Of turns that were kept before, nobody knows what they stored: they are limited by their number alone.
  sql: 'ALTER TABLE review_turns ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0',
}
