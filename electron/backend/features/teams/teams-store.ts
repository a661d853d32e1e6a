import type { Teammate, TeamMessage, TeamTask } from '../../../../shared/contract/teams.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface Owned {
  readonly session_id: SessionId
  readonly project_id: ProjectId
}
type TeammateRow = Owned & {
  readonly name: string
  readonly type: string
  readonly model: string | null
  readonly state: Teammate['state']
  readonly since: number
  readonly joined_at: number
}
type TaskRow = Owned & {
  readonly id: string
  readonly subject: string
  readonly state: TeamTask['state']
  readonly owner: string | null
  readonly blocked_by: string
  readonly changed_at: number
}

const ownerOf = (row: Owned) => ({ sessionId: row.session_id, projectId: row.project_id })
const teammateFrom = (row: TeammateRow): Teammate => ({
  ...ownerOf(row),
  name: row.name,
  type: row.type,
  model: row.model,
  state: row.state,
  since: row.since,
  joinedAt: row.joined_at,
})
const taskFrom = (row: TaskRow): TeamTask => ({
  ...ownerOf(row),
  id: row.id,
  subject: row.subject,
  state: row.state,
  owner: row.owner,
  blockedBy: JSON.parse(row.blocked_by) as string[],
  changedAt: row.changed_at,
})

/** Those that have not ended, of all sessions, in the order in which they joined. */
export const listTeammates = async (tx: Tx): Promise<Teammate[]> =>
  (await tx.all<TeammateRow>(`SELECT * FROM teammates WHERE state <> 'ended' ORDER BY joined_at, name`)).map(
    teammateFrom,
  )

export const listTeammatesOf = async (tx: Tx, sessionId: SessionId): Promise<Teammate[]> =>
  (await tx.all<TeammateRow>('SELECT * FROM teammates WHERE session_id = ?', sessionId)).map(teammateFrom)

export const putTeammate = async (tx: Tx, teammate: Teammate): Promise<void> => {
  await tx.run(
    `INSERT INTO teammates (session_id, project_id, name, type, model, state, since, joined_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (session_id, name) DO UPDATE SET type = excluded.type, model = excluded.model, state = excluded.state,
       since = excluded.since, joined_at = excluded.joined_at`,
    teammate.sessionId,
    teammate.projectId,
    teammate.name,
    teammate.type,
    teammate.model,
    teammate.state,
    teammate.since,
    teammate.joinedAt,
  )
}

/** Those of all teams that have not been deleted, changed last first. */
export const listTeamTasks = async (tx: Tx): Promise<TeamTask[]> => {
  const sql = `SELECT * FROM team_tasks WHERE state <> 'deleted' ORDER BY changed_at DESC, session_id, id LIMIT 2000`
  return (await tx.all<TaskRow>(sql)).map(taskFrom)
}

export const listTeamTasksOf = async (tx: Tx, sessionId: SessionId): Promise<TeamTask[]> =>
  (await tx.all<TaskRow>('SELECT * FROM team_tasks WHERE session_id = ?', sessionId)).map(taskFrom)

export const putTeamTask = async (tx: Tx, task: TeamTask): Promise<void> => {
  await tx.run(
    `INSERT INTO team_tasks (session_id, project_id, id, subject, state, owner, blocked_by, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (session_id, id) DO UPDATE SET subject = excluded.subject, state = excluded.state, owner = excluded.owner,
       blocked_by = excluded.blocked_by, changed_at = excluded.changed_at`,
    task.sessionId,
    task.projectId,
    task.id,
    task.subject,
    task.state,
    task.owner,
    JSON.stringify(task.blockedBy),
    task.changedAt,
  )
}

/** Answers whether it was not known before. */
export const addTeamMessage = async (tx: Tx, message: TeamMessage, seenAt: number): Promise<boolean> => {
  const added = await tx.run(
    `INSERT INTO team_messages (session_id, project_id, id, sender, recipient, text, sent_at, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session_id, id) DO NOTHING`,
    message.sessionId,
    message.projectId,
    message.id,
    message.from,
    message.to,
    message.text,
    message.sentAt,
    seenAt,
  )
  return added.changes > 0
}

/** A month: longer than a session's work is looked at. */
export const keptMs = 30 * 24 * 60 * 60 * 1000

export const dropOldTeams = async (tx: Tx, now: number): Promise<void> => {
  await tx.run(`DELETE FROM teammates WHERE state = 'ended' AND since < ?`, now - keptMs)
  await tx.run('DELETE FROM team_tasks WHERE changed_at < ?', now - keptMs)
  await tx.run('DELETE FROM team_messages WHERE seen_at < ?', now - keptMs)
}

export const removeTeamsOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  for (const table of ['teammates', 'team_tasks', 'team_messages'])
    await tx.run(`DELETE FROM ${table} WHERE project_id = ?`, projectId)
}
