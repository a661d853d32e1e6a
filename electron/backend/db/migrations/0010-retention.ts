import type { Migration } from '../migrate.ts'

export const retentionMigration: Migration = {
  name: '0010-retention',
  sql: `
    -- An event leaves the table only after its number was written down as archived, and that number only grows.
    DROP TRIGGER events_are_never_deleted;
    CREATE TRIGGER events_are_archived_before_they_go BEFORE DELETE ON events
      WHEN OLD.seq > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'archived-events'), 0)
      BEGIN SELECT RAISE(ABORT, 'events are never deleted, only archived'); END;
    CREATE TRIGGER archived_events_only_grow BEFORE UPDATE ON meta
      WHEN OLD.key = 'archived-events'
        AND (NEW.key <> OLD.key OR CAST(NEW.value AS INTEGER) < CAST(OLD.value AS INTEGER))
      BEGIN SELECT RAISE(ABORT, 'what was archived stays archived'); END;
    CREATE TRIGGER archived_events_stay_known BEFORE DELETE ON meta WHEN OLD.key = 'archived-events'
      BEGIN SELECT RAISE(ABORT, 'what was archived stays archived'); END;
    CREATE INDEX answers_by_age ON answers (at);
    CREATE INDEX intents_finished ON intents (finished_at) WHERE state <> 'pending';
  `,
}
