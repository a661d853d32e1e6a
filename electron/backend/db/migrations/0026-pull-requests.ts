import type { Migration } from '../migrate.ts'

export const pullRequestsMigration: Migration = {
  name: '0026-pull-requests',
  sql: `
    -- Pull requests of worktrees as their forge told of them last; the row as the contract has it.
    CREATE TABLE pull_requests (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      worktree_id TEXT NOT NULL,
      row TEXT NOT NULL
    ) STRICT;
    CREATE INDEX pull_requests_by_worktree ON pull_requests (worktree_id);
    -- What was said of them there, and when the agent was given it.
    CREATE TABLE pull_request_comments (
      pull_request_id TEXT NOT NULL,
      key TEXT NOT NULL,
      at INTEGER NOT NULL,
      given_at INTEGER,
      row TEXT NOT NULL,
      PRIMARY KEY (pull_request_id, key)
    ) STRICT, WITHOUT ROWID;
  `,
}
