import type { Migration } from '../migrate.ts'

const rank = (row: string) =>
  `CASE ${row}.state WHEN 'queued' THEN 0 WHEN 'leased' THEN 1 WHEN 'injected' THEN 2 ELSE 3 END`

export const mailMigration: Migration = {
  name: '0013-mail',
  sql: `
    CREATE TABLE threads (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      subject TEXT NOT NULL,
      started_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      last_message_at INTEGER NOT NULL,
      message_count INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX threads_by_project ON threads (project_id);
    CREATE INDEX threads_newest ON threads (last_message_at, id);

    CREATE TABLE messages (
      id TEXT PRIMARY KEY,
      thread_id TEXT NOT NULL REFERENCES threads (id),
      project_id TEXT NOT NULL,
      sender TEXT NOT NULL,
      addressed_to TEXT NOT NULL,
      kind TEXT NOT NULL,
      body TEXT NOT NULL,
      priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
      is_ack_required INTEGER NOT NULL CHECK (is_ack_required IN (0, 1)),
      reply_to TEXT,
      dedup_key TEXT,
      sent_at INTEGER NOT NULL,
      expires_at INTEGER,
      recorded_seq INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX messages_of_thread ON messages (thread_id, id);
    CREATE INDEX messages_of_project ON messages (project_id, id);
    CREATE INDEX messages_by_dedup_key ON messages (project_id, sender, dedup_key, sent_at) WHERE dedup_key IS NOT NULL;

    CREATE TABLE deliveries (
      id TEXT PRIMARY KEY,
      message_id TEXT NOT NULL REFERENCES messages (id),
      project_id TEXT NOT NULL,
      recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('session', 'role', 'person')),
      session_id TEXT,
      role TEXT,
      priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
      is_ack_required INTEGER NOT NULL CHECK (is_ack_required IN (0, 1)),
      state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'injected', 'acked', 'expired', 'bounced')),
      incarnation_id TEXT,
      times INTEGER NOT NULL,
      due_at INTEGER,
      injected_at INTEGER,
      seen_at INTEGER,
      expires_at INTEGER,
      ended_at INTEGER,
      why TEXT,
      rev INTEGER NOT NULL,
      CHECK ((ended_at IS NOT NULL) = (state IN ('acked', 'expired', 'bounced'))),
      CHECK ((recipient_kind = 'role') = (role IS NOT NULL))
    ) STRICT;
    CREATE INDEX deliveries_of_message ON deliveries (message_id);
    CREATE INDEX deliveries_of_session ON deliveries (session_id, id);
    CREATE INDEX deliveries_by_project ON deliveries (project_id);
    -- In the order in which they are handed over; with the times, so that counting looks at no row.
    CREATE INDEX deliveries_open ON deliveries (session_id, priority DESC, id DESC, due_at, ended_at)
      WHERE ended_at IS NULL;
    CREATE INDEX deliveries_of_role ON deliveries (project_id, role, priority DESC, id DESC)
      WHERE ended_at IS NULL AND session_id IS NULL;
    CREATE INDEX deliveries_of_role_taken ON deliveries (session_id) WHERE ended_at IS NULL AND recipient_kind = 'role';
    CREATE INDEX deliveries_handed ON deliveries (session_id, incarnation_id)
      WHERE ended_at IS NULL AND incarnation_id IS NOT NULL;
    CREATE INDEX deliveries_unproven ON deliveries (incarnation_id)
      WHERE ended_at IS NULL AND injected_at IS NOT NULL AND seen_at IS NULL;
    CREATE INDEX deliveries_expiring ON deliveries (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;
    CREATE TRIGGER deliveries_only_move_forward BEFORE UPDATE ON deliveries
      WHEN ${rank('NEW')} < ${rank('OLD')} OR (OLD.ended_at IS NOT NULL AND NEW.state <> OLD.state)
      BEGIN SELECT RAISE(ABORT, 'a delivery never moves back'); END;
  `,
}
