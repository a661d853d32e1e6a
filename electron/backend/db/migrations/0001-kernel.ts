import type { Migration } from '../migrate.ts'

export const kernelMigration: Migration = {
  name: '0001-kernel',
  sql: `
    CREATE TABLE events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      topic TEXT NOT NULL,
      subject TEXT NOT NULL,
      command TEXT NOT NULL,
      actor TEXT NOT NULL,
      payload TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_by_subject ON events (subject, seq);
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
      BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
      BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

    CREATE TABLE intents (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      payload TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
      attempts INTEGER NOT NULL DEFAULT 0,
      next_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      finished_at INTEGER,
      problem TEXT
    ) STRICT;
    CREATE INDEX intents_pending ON intents (subject, id) WHERE state = 'pending';
    CREATE TRIGGER intents_finish_once BEFORE UPDATE ON intents WHEN OLD.state <> 'pending'
      BEGIN SELECT RAISE(ABORT, 'a finished intent never changes'); END;

    CREATE TABLE answers (
      request_id TEXT NOT NULL,
      command TEXT NOT NULL,
      answer TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (request_id, command)
    ) STRICT;

    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
}
