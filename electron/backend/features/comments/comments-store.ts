import type { CommentedLines, CommentThread, LineComment } from '../../../../shared/contract/comments.ts'
import type {
  CommentThreadId,
  LineCommentId,
  MessageId,
  ProjectId,
  SessionId,
  ThreadId,
  WorktreeId,
} from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

type ThreadHead = Omit<CommentThread, 'comments'>

interface ThreadRow {
  readonly id: CommentThreadId
  readonly project_id: ProjectId
  readonly worktree_id: WorktreeId
  readonly side: CommentThread['side']
  readonly number: number | null
  readonly resolved_at: number | null
  readonly created_at: number
  readonly rev: number
}

interface CommentRow {
  readonly id: LineCommentId
  readonly thread_id: CommentThreadId
  readonly place: string
  readonly body: string
  readonly suggestion: string | null
  readonly message_id: MessageId | null
  readonly sent_at: number | null
  readonly created_at: number
  readonly edited_at: number | null
}

/** With the comments that are there; those that were deleted are not. */
export const findCommentThread = async (tx: Tx, id: CommentThreadId): Promise<CommentThread | undefined> => {
  const row = await tx.get<ThreadRow>('SELECT * FROM comment_threads WHERE id = ?', id)
  if (!row) return undefined
  const sql = 'SELECT * FROM line_comments WHERE thread_id = ? AND removed_at IS NULL ORDER BY id'
  return threadFrom(row, await tx.all<CommentRow>(sql, id))
}

/** Of a worktree, oldest first; those without a comment are left out. */
export const listCommentThreads = async (tx: Tx, id: WorktreeId): Promise<CommentThread[]> => {
  const rows = await tx.all<ThreadRow>('SELECT * FROM comment_threads WHERE worktree_id = ? ORDER BY id', id)
  const comments = await tx.all<CommentRow>(
    `SELECT c.* FROM line_comments c JOIN comment_threads t ON t.id = c.thread_id
     WHERE t.worktree_id = ? AND c.removed_at IS NULL ORDER BY c.id`,
    id,
  )
  const byThread = Map.groupBy(comments, (row) => row.thread_id)
  return rows.flatMap((row) => {
    const own = byThread.get(row.id)
    return own ? [threadFrom(row, own)] : []
  })
}

export const putCommentThread = async (tx: Tx, thread: ThreadHead): Promise<void> => {
  await tx.run(
    `INSERT INTO comment_threads (id, project_id, worktree_id, side, number, resolved_at, created_at, rev)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET number = excluded.number, resolved_at = excluded.resolved_at, rev = excluded.rev`,
    thread.id,
    thread.projectId,
    thread.worktreeId,
    thread.side,
    thread.number,
    thread.resolvedAt,
    thread.createdAt,
    thread.rev,
  )
}

/** The highest number that a thread of a worktree ever got. */
export const lastThreadNumber = async (tx: Tx, id: WorktreeId): Promise<number> => {
  const sql = 'SELECT max(number) AS last FROM comment_threads WHERE worktree_id = ?'
  return (await tx.get<{ last: number | null }>(sql, id))?.last ?? 0
}

export const addLineComment = async (
  tx: Tx,
  comment: LineComment,
  { id: threadId, projectId }: Pick<CommentThread, 'id' | 'projectId'>,
): Promise<void> => {
  await tx.run(
    `INSERT INTO line_comments (id, thread_id, project_id, oid, place, body, suggestion, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    comment.id,
    threadId,
    projectId,
    comment.at.oid,
    JSON.stringify(comment.at),
    comment.body,
    comment.suggestion,
    comment.createdAt,
  )
}

export interface FoundComment {
  readonly threadId: CommentThreadId
  readonly isSent: boolean
  readonly isRemoved: boolean
}

export const findLineComment = async (tx: Tx, id: LineCommentId): Promise<FoundComment | undefined> => {
  const row = await tx.get<{ thread_id: CommentThreadId; sent_at: number | null; removed_at: number | null }>(
    'SELECT thread_id, sent_at, removed_at FROM line_comments WHERE id = ?',
    id,
  )
  return row && { threadId: row.thread_id, isSent: row.sent_at !== null, isRemoved: row.removed_at !== null }
}

export const rewriteDraft = async (
  tx: Tx,
  id: LineCommentId,
  { body, suggestion, editedAt }: Pick<LineComment, 'body' | 'suggestion' | 'editedAt'>,
): Promise<void> => {
  const sql = 'UPDATE line_comments SET body = ?, suggestion = ?, edited_at = ? WHERE id = ? AND sent_at IS NULL'
  await tx.run(sql, body, suggestion, editedAt, id)
}

/** Takes a draft away, or puts it back with null. */
export const removeDraft = async (tx: Tx, id: LineCommentId, removedAt: number | null): Promise<void> => {
  await tx.run('UPDATE line_comments SET removed_at = ? WHERE id = ? AND sent_at IS NULL', removedAt, id)
}

export const markSent = async (
  tx: Tx,
  id: LineCommentId,
  { messageId, at }: NonNullable<LineComment['sent']>,
): Promise<void> => {
  await tx.run(
    'UPDATE line_comments SET message_id = ?, sent_at = ? WHERE id = ? AND sent_at IS NULL',
    messageId,
    at,
    id,
  )
}

export interface SentReviewRow {
  readonly mailThreadId: ThreadId
  readonly projectId: ProjectId
  readonly worktreeId: WorktreeId
  readonly sessionId: SessionId
  readonly sentAt: number
}

export const addSentReview = async (
  tx: Tx,
  review: SentReviewRow,
  threadIds: readonly CommentThreadId[],
): Promise<void> => {
  const { mailThreadId, projectId, worktreeId, sessionId, sentAt } = review
  await tx.run(
    'INSERT INTO sent_reviews (mail_thread_id, project_id, worktree_id, session_id, sent_at) VALUES (?, ?, ?, ?, ?)',
    mailThreadId,
    projectId,
    worktreeId,
    sessionId,
    sentAt,
  )
  for (const id of threadIds)
    await tx.run(
      'INSERT INTO sent_threads (mail_thread_id, thread_id, project_id) VALUES (?, ?, ?)',
      mailThreadId,
      id,
      projectId,
    )
}

/** The newest reviews that were sent of a worktree, each with the threads that it asked about. */
export const listSentReviews = async (
  tx: Tx,
  id: WorktreeId,
  limit: number,
): Promise<{ readonly mailThreadId: ThreadId; readonly threadIds: readonly CommentThreadId[] }[]> => {
  const rows = await tx.all<{ mail_thread_id: ThreadId }>(
    'SELECT mail_thread_id FROM sent_reviews WHERE worktree_id = ? ORDER BY sent_at DESC, mail_thread_id DESC LIMIT ?',
    id,
    limit,
  )
  const reviews = []
  for (const { mail_thread_id: mailThreadId } of rows) {
    const sql = 'SELECT thread_id FROM sent_threads WHERE mail_thread_id = ? ORDER BY thread_id'
    const threads = await tx.all<{ thread_id: CommentThreadId }>(sql, mailThreadId)
    reviews.push({ mailThreadId, threadIds: threads.map(({ thread_id: threadId }) => threadId) })
  }
  return reviews
}

/** Versions of files that comments were written on. */
export const listCommentedOids = async (tx: Tx, projectId: ProjectId): Promise<string[]> => {
  const sql = 'SELECT DISTINCT oid FROM line_comments WHERE project_id = ?'
  return (await tx.all<{ oid: string }>(sql, projectId)).map(({ oid }) => oid)
}

/** Drafts that were deleted before a time, and threads that nothing is left of. */
export const purgeRemoved = async (tx: Tx, before: number, limit: number): Promise<void> => {
  const rows = await tx.all<{ id: LineCommentId; thread_id: CommentThreadId }>(
    'SELECT id, thread_id FROM line_comments WHERE removed_at < ? LIMIT ?',
    before,
    limit,
  )
  for (const { id, thread_id: threadId } of rows) {
    await tx.run('DELETE FROM line_comments WHERE id = ?', id)
    await tx.run(
      `DELETE FROM comment_threads WHERE id = ? AND NOT EXISTS (SELECT 1 FROM line_comments WHERE thread_id = ?)`,
      threadId,
      threadId,
    )
  }
}

/** Answers the threads that went. */
export const removeCommentsIn = async (tx: Tx, projectId: ProjectId): Promise<CommentThreadId[]> => {
  const rows = await tx.all<{ id: CommentThreadId }>('SELECT id FROM comment_threads WHERE project_id = ?', projectId)
  for (const table of ['sent_threads', 'sent_reviews', 'line_comments', 'comment_threads'])
    await tx.run(`DELETE FROM ${table} WHERE project_id = ?`, projectId)
  return rows.map(({ id }) => id)
}

const threadFrom = (row: ThreadRow, comments: readonly CommentRow[]): CommentThread => ({
  id: row.id,
  projectId: row.project_id,
  worktreeId: row.worktree_id,
  side: row.side,
  number: row.number,
  comments: comments.map(commentFrom),
  resolvedAt: row.resolved_at,
  createdAt: row.created_at,
  rev: row.rev,
})

const commentFrom = (row: CommentRow): LineComment => ({
  id: row.id,
  at: JSON.parse(row.place) as CommentedLines,
  body: row.body,
  suggestion: row.suggestion,
  sent: row.message_id === null || row.sent_at === null ? null : { messageId: row.message_id, at: row.sent_at },
  createdAt: row.created_at,
  editedAt: row.edited_at,
})
