import type { PullRequest, RemoteComment } from '../../../../shared/contract/remote.ts'
import type { ProjectId, PullRequestId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface PullRequestRow {
  readonly row: string
}

interface CommentRow extends PullRequestRow {
  readonly given_at: number | null
}

const pullRequestFrom = ({ row }: PullRequestRow): PullRequest => JSON.parse(row) as PullRequest

/** Of all projects, the oldest first. */
export const listPullRequests = async (tx: Tx): Promise<PullRequest[]> =>
  (await tx.all<PullRequestRow>('SELECT row FROM pull_requests ORDER BY id')).map(pullRequestFrom)

export const findPullRequest = async (tx: Tx, id: PullRequestId): Promise<PullRequest | undefined> => {
  const row = await tx.get<PullRequestRow>('SELECT row FROM pull_requests WHERE id = ?', id)
  return row && pullRequestFrom(row)
}

/** The one that was made last of a worktree. */
export const findPullRequestOf = async (tx: Tx, id: WorktreeId): Promise<PullRequest | undefined> => {
  const sql = 'SELECT row FROM pull_requests WHERE worktree_id = ? ORDER BY id DESC LIMIT 1'
  const row = await tx.get<PullRequestRow>(sql, id)
  return row && pullRequestFrom(row)
}

export const putPullRequest = async (tx: Tx, pull: PullRequest): Promise<void> => {
  await tx.run(
    `INSERT INTO pull_requests (id, project_id, worktree_id, row) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET row = excluded.row`,
    pull.id,
    pull.projectId,
    pull.worktreeId,
    JSON.stringify(pull),
  )
}

/** The oldest first. */
export const listRemoteComments = async (tx: Tx, id: PullRequestId): Promise<RemoteComment[]> => {
  const sql = 'SELECT row, given_at FROM pull_request_comments WHERE pull_request_id = ? ORDER BY at, key'
  const rows = await tx.all<CommentRow>(sql, id)
  return rows.map(({ row, given_at }) => ({
    ...(JSON.parse(row) as Omit<RemoteComment, 'givenAt'>),
    givenAt: given_at,
  }))
}

/** What is not there any more goes; what the agent was given stays known as that. */
export const replaceRemoteComments = async (
  tx: Tx,
  id: PullRequestId,
  comments: readonly Omit<RemoteComment, 'givenAt'>[],
): Promise<void> => {
  const keys = JSON.stringify(comments.map(({ key }) => key))
  await tx.run(
    'DELETE FROM pull_request_comments WHERE pull_request_id = ? AND key NOT IN (SELECT value FROM json_each(?))',
    id,
    keys,
  )
  for (const comment of comments)
    await tx.run(
      `INSERT INTO pull_request_comments (pull_request_id, key, at, given_at, row) VALUES (?, ?, ?, NULL, ?)
       ON CONFLICT (pull_request_id, key) DO UPDATE SET at = excluded.at, row = excluded.row`,
      id,
      comment.key,
      comment.at,
      JSON.stringify(comment),
    )
}

export const markGiven = async (tx: Tx, id: PullRequestId, key: string, at: number): Promise<void> => {
  await tx.run('UPDATE pull_request_comments SET given_at = ? WHERE pull_request_id = ? AND key = ?', at, id, key)
}

export const removePullRequestsOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run(
    'DELETE FROM pull_request_comments WHERE pull_request_id IN (SELECT id FROM pull_requests WHERE project_id = ?)',
    projectId,
  )
  await tx.run('DELETE FROM pull_requests WHERE project_id = ?', projectId)
}
