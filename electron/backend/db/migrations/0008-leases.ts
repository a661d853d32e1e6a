import type { Migration } from '../migrate.ts'

export const leasesMigration: Migration = {
  name: '0008-leases',
  sql: `
    CREATE TABLE leases (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      incarnation_id TEXT NOT NULL,
      target_kind TEXT NOT NULL CHECK (target_kind IN ('path', 'resource')),
      target TEXT NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('shared', 'exclusive')),
      policy TEXT NOT NULL CHECK (policy IN ('advisory', 'warn', 'enforce')),
      acquired_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL CHECK (expires_at <= hold_until),
      hold_until INTEGER NOT NULL,
      rev INTEGER NOT NULL,
      ended_at INTEGER,
      ended_why TEXT,
      CHECK ((ended_at IS NULL) = (ended_why IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX leases_held ON leases (session_id, target_kind, target, mode) WHERE ended_at IS NULL;
    CREATE INDEX leases_due ON leases (expires_at) WHERE ended_at IS NULL;
    CREATE INDEX leases_ended ON leases (ended_at) WHERE ended_at IS NOT NULL;

    CREATE TABLE lease_waiters (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      incarnation_id TEXT NOT NULL,
      wants TEXT NOT NULL,
      place INTEGER NOT NULL,
      asked_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      ended_at INTEGER,
      ended_why TEXT,
      CHECK ((ended_at IS NULL) = (ended_why IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX lease_waiters_in_line ON lease_waiters (place) WHERE ended_at IS NULL;
    CREATE INDEX lease_waiters_ended ON lease_waiters (ended_at) WHERE ended_at IS NOT NULL;
  `,
}
