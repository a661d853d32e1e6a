import type { Checkpoint, Comment } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId, CheckpointId, CommentId, ProjectId, TaskId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** What is written beside a task and never changed: checkpoints of its attempts, and comments. */

interface CheckpointRow {
  readonly id: CheckpointId
  readonly task_id: TaskId
  readonly attempt_id: AttemptId
  readonly summary: string
  readonly next_steps: string
  readonly head_sha: string | null
  readonly at: number
}

interface CommentRow {
  readonly id: CommentId
  readonly task_id: TaskId
  readonly by_kind: Comment['by']['kind']
  readonly by_id: string
  readonly body: string
  readonly at: number
}

export const insertCheckpoint = async (tx: Tx, checkpoint: Checkpoint): Promise<void> => {
  await tx.run(
    `INSERT INTO checkpoints (id, task_id, attempt_id, summary, next_steps, head_sha, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    checkpoint.id,
    checkpoint.taskId,
    checkpoint.attemptId,
    checkpoint.summary,
    checkpoint.nextSteps,
    checkpoint.headSha,
    checkpoint.at,
  )
}

/** Newest first. */
export const listCheckpoints = async (tx: Tx, taskId: TaskId): Promise<Checkpoint[]> =>
  (await tx.all<CheckpointRow>('SELECT * FROM checkpoints WHERE task_id = ? ORDER BY id DESC', taskId)).map(
    checkpointFrom,
  )

export const findLastCheckpoint = async (tx: Tx, taskId: TaskId): Promise<Checkpoint | undefined> => {
  const row = await tx.get<CheckpointRow>(
    'SELECT * FROM checkpoints WHERE task_id = ? ORDER BY id DESC LIMIT 1',
    taskId,
  )
  return row && checkpointFrom(row)
}

const checkpointFrom = (row: CheckpointRow): Checkpoint => ({
  id: row.id,
  taskId: row.task_id,
  attemptId: row.attempt_id,
  summary: row.summary,
  nextSteps: row.next_steps,
  headSha: row.head_sha,
  at: row.at,
})

export const insertComment = async (tx: Tx, comment: Comment): Promise<void> => {
  await tx.run(
    'INSERT INTO task_comments (id, task_id, by_kind, by_id, body, at) VALUES (?, ?, ?, ?, ?, ?)',
    comment.id,
    comment.taskId,
    comment.by.kind,
    comment.by.id,
    comment.body,
    comment.at,
  )
}

/** Oldest first. */
export const listComments = async (tx: Tx, taskId: TaskId): Promise<Comment[]> => {
  const rows = await tx.all<CommentRow>('SELECT * FROM task_comments WHERE task_id = ? ORDER BY id', taskId)
  return rows.map((row) => ({
    id: row.id,
    taskId: row.task_id,
    by: { kind: row.by_kind, id: row.by_id },
    body: row.body,
    at: row.at,
  }))
}

export const removeNotesOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  const own = 'task_id IN (SELECT id FROM tasks WHERE project_id = ?)'
  await tx.run(`DELETE FROM checkpoints WHERE ${own}`, projectId)
  await tx.run(`DELETE FROM task_comments WHERE ${own}`, projectId)
}
