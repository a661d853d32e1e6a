import type { Task } from '../../../../shared/contract/task-rows.ts'
import type { EndedQuery } from '../../../../shared/contract/tasks.ts'
import type { ProjectId, TaskId } from '../../../../shared/lib/ids.ts'
import type { SqlValue, Tx } from '../../db/tx.ts'
import type { Claimable } from './ready-rules.ts'

/** A page of the listener's start carries every task that is not ended, and so many of the ended ones. */
export const shownEndedTasks = 500

// prettier-ignore
const columns = [
  'id', 'project_id', 'number', 'key', 'title', 'body', 'kind', 'state', 'reason', 'priority', 'labels', 'required_role',
  'allowed_agents', 'declared_paths', 'base_ref', 'defer_until', 'max_attempts', 'failed_attempts', 'retry_at',
  'claim_epoch', 'done_when', 'position', 'created_at', 'changed_at', 'ended_at', 'rev',
] as const
type Column = (typeof columns)[number]
type Row = Readonly<Record<Column, string | number | null>>

const select = `SELECT ${columns.join(', ')} FROM tasks`
/** What is given at the birth of a task and never changes. */
const fixed: readonly Column[] = ['id', 'project_id', 'number', 'key', 'created_at']
const changeable = columns.filter((column) => !fixed.includes(column))
const update = `UPDATE tasks SET ${changeable.map((column) => `${column} = ?`).join(', ')}
  WHERE id = ? AND rev = ? AND claim_epoch = ?`
const insert = `INSERT INTO tasks (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

export const insertTask = async (tx: Tx, task: Task, number: number): Promise<void> => {
  const row = { ...rowFrom(task), number }
  await tx.run(insert, ...columns.map((column) => row[column]))
}

/** Writes a task over the row it was made from; false when that row is not there any more. */
export const updateTask = async (tx: Tx, task: Task, from: Pick<Task, 'rev' | 'claimEpoch'>): Promise<boolean> => {
  const row = { ...rowFrom(task), number: 0 }
  const values: SqlValue[] = changeable.map((column) => row[column])
  return (await tx.run(update, ...values, task.id, from.rev, from.claimEpoch)).changes === 1
}

export const findTask = async (tx: Tx, id: TaskId): Promise<Task | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE id = ?`, id)
  return row && taskFrom(row)
}

/** By what people call it, in one project. */
export const findTaskByKey = async (tx: Tx, projectId: ProjectId, key: string): Promise<Task | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE project_id = ? AND key = ?`, projectId, key)
  return row && taskFrom(row)
}

/** Every task that is not ended, and the newest of those that are. */
export const listShownTasks = async (tx: Tx): Promise<Task[]> => {
  const live = await tx.all<Row>(`${select} WHERE ended_at IS NULL ORDER BY project_id, position, id`)
  const ended = await tx.all<Row>(
    `${select} WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT ?`,
    shownEndedTasks,
  )
  return [...live, ...ended].map(taskFrom)
}

/** Ended tasks of a project, newest end first, from one on. */
export const listEndedTasks = async (tx: Tx, { projectId, before, limit }: EndedQuery): Promise<Task[]> => {
  const [endedAt, id] = before ? [before.endedAt, before.taskId] : [Number.MAX_SAFE_INTEGER, '']
  const rows = await tx.all<Row>(
    `${select} WHERE project_id = ? AND ended_at IS NOT NULL AND (ended_at < ? OR (ended_at = ? AND id < ?))
     ORDER BY ended_at DESC, id DESC LIMIT ?`,
    projectId,
    endedAt,
    endedAt,
    id,
    limit,
  )
  return rows.map(taskFrom)
}

interface CandidateRow {
  readonly id: TaskId
  readonly key: string
  readonly priority: number
  readonly position: number
  readonly failed_attempts: number
  readonly max_attempts: number
  readonly retry_at: number | null
  readonly required_role: string | null
  readonly allowed_agents: string
}

/** An open task, as far as it decides whether it is handed out, and its place in the order of that. */
export type Candidate = Claimable & Pick<Task, 'priority' | 'position'>

/** So many candidates are looked at together: at first few, since the one that is ready is mostly among them. */
const firstPage = 4
const candidatePage = 100

/**
 * Open tasks of a project in the order in which they are handed out: urgency, then the board; from one on. Only what
 * decides is read, all of it from one index: texts may be long, and a claim is made while every other command waits.
 */
const listCandidates = async (tx: Tx, projectId: ProjectId, after: Candidate | null): Promise<Candidate[]> => {
  const rows = await tx.all<CandidateRow>(
    `SELECT id, key, priority, position, failed_attempts, max_attempts, retry_at, required_role, allowed_agents FROM tasks
     WHERE project_id = ? AND state = 'open' AND (priority, position, id) > (?, ?, ?)
     ORDER BY priority, position, id LIMIT ?`,
    projectId,
    after?.priority ?? -1,
    after?.position ?? 0,
    after?.id ?? '',
    after ? candidatePage : firstPage,
  )
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    priority: row.priority,
    position: row.position,
    state: 'open',
    reason: null,
    failedAttempts: row.failed_attempts,
    maxAttempts: row.max_attempts,
    retryAt: row.retry_at,
    requiredRole: row.required_role,
    allowedAgents: JSON.parse(row.allowed_agents) as Claimable['allowedAgents'],
  }))
}

/** The same, page by page. */
export async function* pagesOfCandidates(tx: Tx, projectId: ProjectId): AsyncGenerator<readonly Candidate[]> {
  let page = await listCandidates(tx, projectId, null)
  for (; page.length > 0; page = await listCandidates(tx, projectId, page.at(-1) ?? null)) yield page
}

/** Deferred tasks whose day has come. */
export const listDueTasks = async (tx: Tx, now: number): Promise<Task[]> => {
  const rows = await tx.all<Row>(
    `${select} WHERE state = 'deferred' AND ended_at IS NULL AND defer_until <= ? ORDER BY id`,
    now,
  )
  return rows.map(taskFrom)
}

/** Of the tasks of a project that are on the board, in its order. */
export const listPositions = (tx: Tx, projectId: ProjectId): Promise<readonly { id: TaskId; position: number }[]> =>
  tx.all('SELECT id, position FROM tasks WHERE project_id = ? AND ended_at IS NULL ORDER BY position, id', projectId)

/** The number and key that were given last in a project. */
export const findLastKey = (tx: Tx, projectId: ProjectId): Promise<{ number: number; key: string } | undefined> =>
  tx.get('SELECT number, key FROM tasks WHERE project_id = ? ORDER BY number DESC LIMIT 1', projectId)

/** One key of every project that has tasks. */
export const listFirstKeys = async (tx: Tx): Promise<readonly string[]> =>
  (await tx.all<{ key: string }>('SELECT key FROM tasks WHERE number = 1')).map(({ key }) => key)

export const removeTasksOf = async (tx: Tx, projectId: ProjectId): Promise<readonly TaskId[]> => {
  const rows = await tx.all<{ id: TaskId }>('SELECT id FROM tasks WHERE project_id = ?', projectId)
  await tx.run('DELETE FROM tasks WHERE project_id = ?', projectId)
  return rows.map(({ id }) => id)
}

const rowFrom = (task: Task): Omit<Row, 'number'> => ({
  id: task.id,
  project_id: task.projectId,
  key: task.key,
  title: task.title,
  body: task.body,
  kind: task.kind,
  state: task.state,
  reason: task.reason,
  priority: task.priority,
  labels: JSON.stringify(task.labels),
  required_role: task.requiredRole,
  allowed_agents: JSON.stringify(task.allowedAgents),
  declared_paths: JSON.stringify(task.declaredPaths),
  base_ref: task.baseRef,
  defer_until: task.deferUntil,
  max_attempts: task.maxAttempts,
  failed_attempts: task.failedAttempts,
  retry_at: task.retryAt,
  claim_epoch: task.claimEpoch,
  done_when: task.doneWhen,
  position: task.position,
  created_at: task.createdAt,
  changed_at: task.changedAt,
  ended_at: task.endedAt,
  rev: task.rev,
})

const taskFrom = (row: Row): Task =>
  // The row was written from a typed task, so reading it back as one is what the table is for.
  ({
    id: row.id,
    projectId: row.project_id,
    key: row.key,
    title: row.title,
    body: row.body,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    priority: row.priority,
    labels: JSON.parse(String(row.labels)) as unknown,
    requiredRole: row.required_role,
    allowedAgents: JSON.parse(String(row.allowed_agents)) as unknown,
    declaredPaths: JSON.parse(String(row.declared_paths)) as unknown,
    baseRef: row.base_ref,
    deferUntil: row.defer_until,
    maxAttempts: row.max_attempts,
    failedAttempts: row.failed_attempts,
    retryAt: row.retry_at,
    claimEpoch: row.claim_epoch,
    doneWhen: row.done_when,
    position: row.position,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    endedAt: row.ended_at,
    rev: row.rev,
  }) as Task
