import type { Migration } from '../migrate.ts'

export const commentsMigration: Migration = {
  name: '0021-comments',
  sql: `
    CREATE TABLE comment_threads (
      id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      worktree_id TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('old', 'new')),
      number INTEGER,
      resolved_at INTEGER,
      created_at INTEGER NOT NULL,
      rev INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX comment_threads_of_worktree ON comment_threads (worktree_id, id);
    CREATE INDEX comment_threads_by_project ON comment_threads (project_id);
    CREATE UNIQUE INDEX comment_threads_by_number ON comment_threads (worktree_id, number) WHERE number IS NOT NULL;

    -- The lines as they were when something was said of them, as JSON: they are read with their comment and never searched.
    CREATE TABLE line_comments (
      id TEXT PRIMARY KEY,
      thread_id TEXT NOT NULL REFERENCES comment_threads (id),
      project_id TEXT NOT NULL,
      oid TEXT NOT NULL,
      place TEXT NOT NULL,
      body TEXT NOT NULL,
      suggestion TEXT,
      message_id TEXT,
      sent_at INTEGER,
      created_at INTEGER NOT NULL,
      edited_at INTEGER,
      removed_at INTEGER,
      CHECK ((message_id IS NULL) = (sent_at IS NULL)),
      CHECK (sent_at IS NULL OR removed_at IS NULL)
    ) STRICT;
    CREATE INDEX line_comments_of_thread ON line_comments (thread_id, id);
    CREATE INDEX line_comments_by_project ON line_comments (project_id);
    CREATE INDEX line_comments_removed ON line_comments (removed_at) WHERE removed_at IS NOT NULL;

    -- Which mail thread a review was sent in, and so where its answers come.
    CREATE TABLE sent_reviews (
      mail_thread_id TEXT PRIMARY KEY,
      project_id TEXT NOT NULL,
      worktree_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      sent_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sent_reviews_of_worktree ON sent_reviews (worktree_id, sent_at);
    CREATE INDEX sent_reviews_by_project ON sent_reviews (project_id);

    -- The threads that a review asked about: what is said of the whole is an answer to each of them.
    CREATE TABLE sent_threads (
      mail_thread_id TEXT NOT NULL REFERENCES sent_reviews (mail_thread_id),
      thread_id TEXT NOT NULL REFERENCES comment_threads (id),
      project_id TEXT NOT NULL,
      PRIMARY KEY (mail_thread_id, thread_id)
    ) STRICT;
    CREATE INDEX sent_threads_by_project ON sent_threads (project_id);
  `,
}
