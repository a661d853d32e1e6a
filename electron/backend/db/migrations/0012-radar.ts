import type { Migration } from '../migrate.ts'

export const radarMigration: Migration = {
  name: '0012-radar',
  sql: `
    -- Derived from the worktrees and made anew by looking at them; kept so that a start has something to show.
    CREATE TABLE overlaps (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      worktree_a TEXT NOT NULL,
      worktree_b TEXT NOT NULL CHECK (worktree_a < worktree_b),
      path TEXT NOT NULL,
      row TEXT NOT NULL CHECK (json_valid(row)),
      UNIQUE (worktree_a, worktree_b, path)
    ) STRICT;
    CREATE INDEX overlaps_of_the_other ON overlaps (worktree_b);
    CREATE INDEX overlaps_in_project ON overlaps (project_id);
  `,
}
