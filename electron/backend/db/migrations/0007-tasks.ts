import type { Migration } from '../migrate.ts'

export const tasksMigration: Migration = {
  name: '0007-tasks',
  sql: `
    -- approved and merging are there for the states between review and done.
    CREATE TABLE tasks (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      key TEXT NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      kind TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'claimed', 'in_progress', 'in_review', 'changes_requested',
        'approved', 'merging', 'blocked', 'deferred', 'done', 'failed', 'cancelled')),
      reason TEXT,
      priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 4),
      labels TEXT NOT NULL,
      required_role TEXT,
      allowed_agents TEXT NOT NULL,
      declared_paths TEXT NOT NULL,
      base_ref TEXT,
      defer_until INTEGER CHECK (defer_until IS NULL OR state = 'deferred'),
      max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
      failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
      retry_at INTEGER CHECK (retry_at IS NULL OR state = 'open'),
      claim_epoch INTEGER NOT NULL CHECK (claim_epoch >= 0),
      done_when TEXT NOT NULL CHECK (done_when IN ('completed', 'merged')),
      position REAL NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'failed', 'cancelled'))),
      rev INTEGER NOT NULL,
      UNIQUE (project_id, number)
    ) STRICT;
    CREATE INDEX tasks_live ON tasks (project_id, state) WHERE ended_at IS NULL;
    CREATE INDEX tasks_ended ON tasks (ended_at) WHERE ended_at IS NOT NULL;
    CREATE TRIGGER tasks_epoch_never_falls BEFORE UPDATE ON tasks WHEN NEW.claim_epoch < OLD.claim_epoch
      BEGIN SELECT RAISE(ABORT, 'an epoch never falls'); END;
    CREATE TRIGGER tasks_ends_are_sticky BEFORE UPDATE ON tasks
      WHEN OLD.ended_at IS NOT NULL AND NEW.state <> OLD.state AND NEW.claim_epoch = OLD.claim_epoch
      BEGIN SELECT RAISE(ABORT, 'an ended task is only reopened, with a new epoch'); END;

    CREATE TABLE task_deps (
      task_id TEXT NOT NULL REFERENCES tasks (id),
      depends_on_id TEXT NOT NULL REFERENCES tasks (id) CHECK (depends_on_id <> task_id),
      kind TEXT NOT NULL CHECK (kind IN ('blocks', 'parent', 'on_failure', 'any_of', 'related', 'discovered_from')),
      satisfied_on TEXT NOT NULL CHECK (satisfied_on IN ('completed', 'merged')),
      created_at INTEGER NOT NULL,
      PRIMARY KEY (task_id, depends_on_id, kind)
    ) STRICT;
    CREATE INDEX task_deps_other_way ON task_deps (depends_on_id);
    CREATE UNIQUE INDEX task_deps_one_parent ON task_deps (task_id) WHERE kind = 'parent';

    CREATE TABLE attempts (
      id TEXT PRIMARY KEY,
      task_id TEXT NOT NULL REFERENCES tasks (id),
      number INTEGER NOT NULL CHECK (number > 0),
      epoch INTEGER NOT NULL CHECK (epoch > 0),
      session_id TEXT,
      incarnation_id TEXT CHECK ((incarnation_id IS NULL) = (session_id IS NULL)),
      process TEXT CHECK ((process IS NULL) <> (session_id IS NULL)),
      worktree_id TEXT,
      state TEXT NOT NULL CHECK (state IN ('granted', 'running', 'submitted', 'accepted', 'released', 'failed', 'expired',
        'superseded', 'cancelled')),
      lease_until INTEGER NOT NULL,
      last_sign_at INTEGER NOT NULL,
      hard_deadline INTEGER NOT NULL,
      warned_at INTEGER,
      silent_since INTEGER,
      head_sha TEXT,
      outcome TEXT,
      rescue_ref TEXT,
      created_at INTEGER NOT NULL,
      ended_at INTEGER CHECK ((ended_at IS NULL) = (state IN ('granted', 'running', 'submitted'))),
      -- Found dead then; counts towards the pause of dispatch.
      died_at INTEGER,
      rev INTEGER NOT NULL,
      UNIQUE (task_id, epoch),
      UNIQUE (task_id, number)
    ) STRICT;
    CREATE UNIQUE INDEX attempts_one_live ON attempts (task_id) WHERE state IN ('granted', 'running', 'submitted');
    CREATE INDEX attempts_at_work ON attempts (session_id) WHERE state IN ('granted', 'running');
    CREATE INDEX attempts_deaths ON attempts (died_at) WHERE died_at IS NOT NULL;

    CREATE TABLE checkpoints (
      id TEXT PRIMARY KEY,
      task_id TEXT NOT NULL REFERENCES tasks (id),
      attempt_id TEXT NOT NULL REFERENCES attempts (id),
      summary TEXT NOT NULL,
      next_steps TEXT NOT NULL,
      head_sha TEXT,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX checkpoints_by_task ON checkpoints (task_id, id);
    CREATE INDEX checkpoints_by_attempt ON checkpoints (attempt_id);
    CREATE TRIGGER checkpoints_are_never_changed BEFORE UPDATE ON checkpoints
      BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END;

    CREATE TABLE task_comments (
      id TEXT PRIMARY KEY,
      task_id TEXT NOT NULL REFERENCES tasks (id),
      by_kind TEXT NOT NULL CHECK (by_kind IN ('person', 'session', 'system')),
      by_id TEXT NOT NULL,
      body TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX task_comments_by_task ON task_comments (task_id, id);

    CREATE TABLE dispatch (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      paused_at INTEGER,
      reason TEXT CHECK ((reason IS NULL) = (paused_at IS NULL)),
      -- Deaths before this were answered for by a person.
      resumed_at INTEGER NOT NULL,
      rev INTEGER NOT NULL
    ) STRICT;
    INSERT INTO dispatch (id, paused_at, reason, resumed_at, rev) VALUES (1, NULL, NULL, 0, 0);
  `,
}
