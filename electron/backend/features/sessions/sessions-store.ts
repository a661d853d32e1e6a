import type { Session } from '../../../../shared/contract/sessions.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** How far the removal of a session is. */
export type Deletion =
  | { readonly kind: 'under-way'; readonly deleteBranch: boolean }
  | { readonly kind: 'deleted'; readonly rescueRef: string | null; readonly at: number }

/** A session and what nobody outside needs to know of it. */
export interface SessionRecord {
  readonly session: Session
  readonly conversationId: string
  /** Where the agent keeps the conversation, as it said itself. */
  readonly recordPath: string | null
  /** When the conversation got its first prompt; without one there is nothing to lose. */
  readonly promptedAt: number | null
  readonly deletion: Deletion | null
}

// prettier-ignore
const columns = [
  'id', 'project_id', 'title', 'agent_id', 'role', 'model', 'permission_mode', 'prompt', 'worktree_choice', 'worktree_id',
  'terminal_id', 'lifecycle', 'lifecycle_reason', 'preparation', 'runtime', 'activity', 'usage', 'can_resume',
  'is_unread', 'is_pinned', 'position', 'created_at', 'changed_at', 'archived_at', 'rev',
  'conversation_id', 'record_path', 'prompted_at', 'deletion', 'uses_teams', 'is_mail_typed',
] as const
type Row = Readonly<Record<(typeof columns)[number], string | number | null>>

const select = `SELECT ${columns.join(', ')} FROM sessions`

/** Every session that is not deleted. */
export const listSessions = async (tx: Tx): Promise<SessionRecord[]> => {
  const rows = await tx.all<Row>(`${select} ORDER BY project_id, position, id`)
  return rows.map(recordFrom).filter(({ deletion }) => deletion?.kind !== 'deleted')
}

export const findSession = async (tx: Tx, id: SessionId): Promise<SessionRecord | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE id = ?`, id)
  return row && recordFrom(row)
}

export const listPositions = (tx: Tx, projectId: ProjectId): Promise<readonly { id: SessionId; position: number }[]> =>
  tx.all('SELECT id, position FROM sessions WHERE project_id = ? ORDER BY position, id', projectId)

const sql = `INSERT INTO sessions (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${columns
    .slice(1)
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`

export const putSession = async (tx: Tx, record: SessionRecord): Promise<void> => {
  const row = rowFrom(record)
  await tx.run(sql, ...columns.map((column) => row[column]))
}

const rowFrom = ({ session, ...own }: SessionRecord): Row => ({
  id: session.id,
  project_id: session.projectId,
  title: session.title,
  agent_id: session.agentId,
  role: session.role,
  model: session.model,
  permission_mode: session.permissionMode,
  prompt: session.prompt,
  worktree_choice: JSON.stringify(session.worktreeChoice),
  worktree_id: session.worktreeId,
  terminal_id: session.terminalId,
  lifecycle: session.lifecycle,
  lifecycle_reason: session.lifecycleReason,
  preparation: JSON.stringify(session.preparation),
  runtime: JSON.stringify(session.runtime),
  activity: JSON.stringify(session.activity),
  usage: session.usage && JSON.stringify(session.usage),
  can_resume: Number(session.canResume),
  is_unread: Number(session.isUnread),
  is_pinned: Number(session.isPinned),
  position: session.position,
  created_at: session.createdAt,
  changed_at: session.changedAt,
  archived_at: session.archivedAt,
  rev: session.rev,
  conversation_id: own.conversationId,
  record_path: own.recordPath,
  prompted_at: own.promptedAt,
  deletion: own.deletion && JSON.stringify(own.deletion),
  uses_teams: Number(session.usesTeams),
  is_mail_typed: Number(session.isMailTyped),
})

const parse = (value: string | number | null): unknown => (value === null ? null : JSON.parse(String(value)))

const recordFrom = (row: Row): SessionRecord =>
  // The row was written from a typed record, so reading it back as one is what the table is for.
  ({
    session: {
      id: row.id,
      projectId: row.project_id,
      title: row.title,
      agentId: row.agent_id,
      role: row.role,
      model: row.model,
      permissionMode: row.permission_mode,
      usesTeams: row.uses_teams === 1,
      isMailTyped: row.is_mail_typed === 1,
      prompt: row.prompt,
      worktreeChoice: parse(row.worktree_choice),
      worktreeId: row.worktree_id,
      terminalId: row.terminal_id,
      lifecycle: row.lifecycle,
      lifecycleReason: row.lifecycle_reason,
      preparation: parse(row.preparation),
      runtime: parse(row.runtime),
      activity: parse(row.activity),
      usage: parse(row.usage),
      canResume: row.can_resume === 1,
      isUnread: row.is_unread === 1,
      isPinned: row.is_pinned === 1,
      position: row.position,
      createdAt: row.created_at,
      changedAt: row.changed_at,
      archivedAt: row.archived_at,
      rev: row.rev,
    },
    conversationId: row.conversation_id,
    recordPath: row.record_path,
    promptedAt: row.prompted_at,
    deletion: parse(row.deletion),
  }) as SessionRecord

/** Removes what is known of a project's sessions, deleted ones included. */
export const removeSessionsOf = async (tx: Tx, projectId: ProjectId): Promise<readonly SessionId[]> => {
  const rows = await tx.all<{ id: SessionId }>('SELECT id FROM sessions WHERE project_id = ?', projectId)
  await tx.run('DELETE FROM incarnations WHERE session_id IN (SELECT id FROM sessions WHERE project_id = ?)', projectId)
  await tx.run('DELETE FROM sessions WHERE project_id = ?', projectId)
  return rows.map(({ id }) => id)
}
