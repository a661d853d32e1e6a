import type { Attempt, Holder } from '../../../../shared/contract/task-rows.ts'
import type { AttemptId, IncarnationId, ProjectId, SessionId, TaskId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { SqlValue, Tx } from '../../db/tx.ts'

// prettier-ignore
const columns = [
  'id', 'task_id', 'number', 'epoch', 'session_id', 'incarnation_id', 'process', 'worktree_id', 'state', 'lease_until',
  'last_sign_at', 'hard_deadline', 'warned_at', 'silent_since', 'head_sha', 'outcome', 'rescue_ref', 'created_at',
  'ended_at', 'rev',
] as const
type Column = (typeof columns)[number]
type Row = Readonly<Record<Column, string | number | null>>

const selected = columns.map((column) => `a.${column}`).join(', ')
const select = `SELECT ${selected} FROM attempts a`
const atWork = `a.state IN ('granted', 'running')`
const live = `a.state IN ('granted', 'running', 'submitted')`
/** What is given at the claim and never changes. */
const fixed: readonly Column[] = ['id', 'task_id', 'number', 'epoch', 'created_at']
const changeable = columns.filter((column) => !fixed.includes(column))
const insert = `INSERT INTO attempts (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
const update = `UPDATE attempts SET ${changeable.map((column) => `${column} = ?`).join(', ')}
  WHERE id = ? AND epoch = ? AND state = ? AND rev = ?`

export const insertAttempt = async (tx: Tx, attempt: Attempt): Promise<void> => {
  const row = rowFrom(attempt)
  await tx.run(insert, ...columns.map((column) => row[column]))
}

/** Writes an attempt over the row it was made from; false when that row, its epoch or its state is another by now. */
export const updateAttempt = async (
  tx: Tx,
  attempt: Attempt,
  from: Pick<Attempt, 'state' | 'rev'>,
): Promise<boolean> => {
  const row = rowFrom(attempt)
  const values: SqlValue[] = changeable.map((column) => row[column])
  return (await tx.run(update, ...values, attempt.id, attempt.epoch, from.state, from.rev)).changes === 1
}

/**
 * Moves the times of an attempt that gave a sign of life, and nothing else: no event tells of it, because a sign comes every
 * few seconds for hours. False when it is not at work any more, or in another epoch.
 */
export const touchAttempt = async (
  tx: Tx,
  attempt: Pick<Attempt, 'id' | 'epoch' | 'leaseUntil' | 'lastSignAt'>,
): Promise<boolean> => {
  const { changes } = await tx.run(
    `UPDATE attempts AS a SET lease_until = ?, last_sign_at = ? WHERE id = ? AND epoch = ? AND ${atWork}`,
    attempt.leaseUntil,
    attempt.lastSignAt,
    attempt.id,
    attempt.epoch,
  )
  return changes === 1
}

/** Books that the holder was found dead then. */
export const markDeath = async (tx: Tx, id: AttemptId, diedAt: number): Promise<void> => {
  await tx.run('UPDATE attempts SET died_at = ? WHERE id = ?', diedAt, id)
}

/** Takes a death back of whose holder was heard after all; false when there was none. */
export const takeBackDeath = async (tx: Tx, id: AttemptId): Promise<boolean> =>
  (await tx.run('UPDATE attempts SET died_at = NULL WHERE id = ? AND died_at IS NOT NULL', id)).changes === 1

export const listDeathsSince = async (tx: Tx, since: number): Promise<readonly number[]> => {
  const rows = await tx.all<{ died_at: number }>('SELECT died_at FROM attempts WHERE died_at > ?', since)
  return rows.map((row) => row.died_at)
}

export const findAttempt = async (tx: Tx, id: AttemptId): Promise<Attempt | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE a.id = ?`, id)
  return row && attemptFrom(row)
}

export const findLiveAttempt = async (tx: Tx, taskId: TaskId): Promise<Attempt | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE a.task_id = ? AND ${live}`, taskId)
  return row && attemptFrom(row)
}

/** Newest first. */
export const listAttempts = async (tx: Tx, taskId: TaskId): Promise<Attempt[]> =>
  (await tx.all<Row>(`${select} WHERE a.task_id = ? ORDER BY a.number DESC`, taskId)).map(attemptFrom)

/** Of all tasks that are not ended. */
export const listShownAttempts = async (tx: Tx): Promise<Attempt[]> => {
  // Each by its task: what is sorted is little, and what would be read in order is every attempt there ever was.
  const sql = `SELECT ${selected} FROM tasks t CROSS JOIN attempts a ON a.task_id = t.id WHERE t.ended_at IS NULL
    ORDER BY a.id`
  return (await tx.all<Row>(sql)).map(attemptFrom)
}

/** Attempts whose holders are expected to be at work, oldest first. */
export const listAttemptsAtWork = async (tx: Tx): Promise<Attempt[]> =>
  (await tx.all<Row>(`${select} WHERE ${atWork} ORDER BY a.id`)).map(attemptFrom)

export const listAttemptsOfSession = async (tx: Tx, sessionId: SessionId): Promise<Attempt[]> =>
  (await tx.all<Row>(`${select} WHERE a.session_id = ? AND ${atWork} ORDER BY a.id`, sessionId)).map(attemptFrom)

/** At work or in review, oldest first. */
export const listLiveAttemptsOfSession = async (tx: Tx, sessionId: SessionId): Promise<Attempt[]> =>
  (await tx.all<Row>(`${select} WHERE a.session_id = ? AND ${live} ORDER BY a.id`, sessionId)).map(attemptFrom)

const isOfProcess = `a.session_id IS NULL AND json_extract(a.process, '$.pid') = ?
  AND json_extract(a.process, '$.startTime') = ? AND json_extract(a.process, '$.bootId') = ?`

const ofHolder = (holder: Holder): readonly [where: string, ...values: SqlValue[]] =>
  holder.kind === 'session'
    ? ['a.session_id = ?', holder.sessionId]
    : [isOfProcess, holder.pid, holder.startTime, holder.bootId]

/** What was submitted from a worktree and waits for its review, oldest first. */
export const listSubmittedIn = async (tx: Tx, worktreeId: WorktreeId): Promise<Attempt[]> =>
  (await tx.all<Row>(`${select} WHERE a.worktree_id = ? AND a.state = 'submitted' ORDER BY a.id`, worktreeId)).map(
    attemptFrom,
  )

/** A shell works in several projects, one after the other: what it holds in one is not meant in another. */
const inProject = 'EXISTS (SELECT 1 FROM tasks t WHERE t.id = a.task_id AND t.project_id = ?)'

/** At work or in review in a project, oldest first. */
export const listLiveAttemptsOfHolder = async (tx: Tx, projectId: ProjectId, holder: Holder): Promise<Attempt[]> => {
  const [where, ...values] = ofHolder(holder)
  const sql = `${select} WHERE ${where} AND ${live} AND ${inProject} ORDER BY a.id`
  return (await tx.all<Row>(sql, ...values, projectId)).map(attemptFrom)
}

/** The newest attempt of a holder at a task, or at any of a project where none is named, whatever became of it. */
export const findLastAttemptOfHolder = async (
  tx: Tx,
  holder: Holder,
  at: { readonly projectId: ProjectId; readonly taskId: TaskId | null },
): Promise<Attempt | undefined> => {
  const [where, ...values] = ofHolder(holder)
  const sql = `${select} WHERE ${where} AND coalesce(a.task_id = ?, 1) AND ${inProject} ORDER BY a.id DESC LIMIT 1`
  const row = await tx.get<Row>(sql, ...values, at.taskId, at.projectId)
  return row && attemptFrom(row)
}

/** At work or in review. */
export const hasLiveAttempt = async (tx: Tx, sessionId: SessionId): Promise<boolean> =>
  (await tx.get(`SELECT 1 FROM attempts a WHERE a.session_id = ? AND ${live}`, sessionId)) !== undefined

/** The newest ref under which earlier attempts at a task left their work; null where none did. */
export const findRescueRefBefore = async (
  tx: Tx,
  { taskId, number }: Pick<Attempt, 'taskId' | 'number'>,
): Promise<string | null> => {
  const sql = `SELECT rescue_ref AS ref FROM attempts
    WHERE task_id = ? AND number < ? AND rescue_ref IS NOT NULL ORDER BY number DESC LIMIT 1`
  return (await tx.get<{ ref: string }>(sql, taskId, number))?.ref ?? null
}

export const nextAttemptNumber = async (tx: Tx, taskId: TaskId): Promise<number> => {
  const row = await tx.get<{ last: number | null }>(
    'SELECT max(number) AS last FROM attempts WHERE task_id = ?',
    taskId,
  )
  return (row?.last ?? 0) + 1
}

export const removeAttemptsOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM attempts WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?)', projectId)
}

type StoredProcess = Omit<Extract<Holder, { kind: 'process' }>, 'kind'>

const holderColumns = (holder: Holder): Pick<Row, 'session_id' | 'incarnation_id' | 'process'> => {
  if (holder.kind === 'session')
    return { session_id: holder.sessionId, incarnation_id: holder.incarnationId, process: null }
  const { kind: _kind, ...process } = holder
  return { session_id: null, incarnation_id: null, process: JSON.stringify(process) }
}

const rowFrom = (attempt: Attempt): Row => ({
  ...holderColumns(attempt.holder),
  id: attempt.id,
  task_id: attempt.taskId,
  number: attempt.number,
  epoch: attempt.epoch,
  worktree_id: attempt.worktreeId,
  state: attempt.state,
  lease_until: attempt.leaseUntil,
  last_sign_at: attempt.lastSignAt,
  hard_deadline: attempt.hardDeadline,
  warned_at: attempt.warnedAt,
  silent_since: attempt.silentSince,
  head_sha: attempt.headSha,
  outcome: attempt.outcome,
  rescue_ref: attempt.rescueRef,
  created_at: attempt.createdAt,
  ended_at: attempt.endedAt,
  rev: attempt.rev,
})

const holderFrom = (row: Row): Holder =>
  row.process === null
    ? { kind: 'session', sessionId: row.session_id as SessionId, incarnationId: row.incarnation_id as IncarnationId }
    : { kind: 'process', ...(JSON.parse(String(row.process)) as StoredProcess) }

const attemptFrom = (row: Row): Attempt =>
  // The row was written from a typed attempt, so reading it back as one is what the table is for.
  ({
    id: row.id,
    taskId: row.task_id,
    number: row.number,
    epoch: row.epoch,
    holder: holderFrom(row),
    worktreeId: row.worktree_id,
    state: row.state,
    leaseUntil: row.lease_until,
    lastSignAt: row.last_sign_at,
    hardDeadline: row.hard_deadline,
    warnedAt: row.warned_at,
    silentSince: row.silent_since,
    headSha: row.head_sha,
    outcome: row.outcome,
    rescueRef: row.rescue_ref,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    rev: row.rev,
  }) as Attempt
