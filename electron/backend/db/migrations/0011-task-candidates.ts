import type { Migration } from '../migrate.ts'

export const taskCandidatesMigration: Migration = {
  name: '0011-task-candidates',
  sql: `
    -- All that decides which open task is handed out next, so that a claim reads no task whole but the one it gives.
    CREATE INDEX tasks_candidates ON tasks (project_id, priority, position, id, key, failed_attempts, max_attempts,
      retry_at, required_role, allowed_agents, state, ended_at) WHERE state = 'open';
  `,
}
