import type { Migration } from '../migrate.ts'

export const personAndProcessMigration: Migration = {
  name: '0019-person-and-process',
  sql: `
    -- The inbox of the person, which is read at every start and every look of a command.
    CREATE INDEX deliveries_of_person ON deliveries (project_id, id DESC) WHERE recipient_kind = 'person';
    CREATE INDEX deliveries_open_of_person ON deliveries (id DESC, project_id)
      WHERE recipient_kind = 'person' AND ended_at IS NULL;
    -- What is held, and one key of each project: both are asked for while all that ended is there as well.
    CREATE INDEX leases_live ON leases (id) WHERE ended_at IS NULL;
    CREATE INDEX tasks_first ON tasks (key) WHERE number = 1;
    -- Tasks are named by their keys.
    CREATE INDEX tasks_by_key ON tasks (key, project_id);
    -- What a process holds that is no session's.
    CREATE INDEX attempts_of_process ON attempts (json_extract(process, '$.pid')) WHERE session_id IS NULL;
    -- What a session had before, of which the newest is asked for at each word about an attempt.
    CREATE INDEX attempts_of_session ON attempts (session_id, id) WHERE session_id IS NOT NULL;
  `,
}
