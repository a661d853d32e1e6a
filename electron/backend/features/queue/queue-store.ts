import type { MergeEntry, MergeQueue } from '../../../../shared/contract/queue-rows.ts'
import type { MergeEntryId, ProjectId } from '../../../../shared/lib/ids.ts'
import type { SqlValue, Tx } from '../../db/tx.ts'

/** A queue is known by its project and the branch it goes into. */
export interface QueueKey {
  readonly projectId: ProjectId
  readonly target: string
}

// prettier-ignore
const columns = [
  'id', 'project_id', 'target', 'session_id', 'worktree_id', 'task_id', 'title', 'branch', 'head', 'moved_to', 'strategy',
  'message', 'position', 'state', 'reason', 'conflicts', 'is_approved', 'is_suspect', 'rounds', 'failed_run', 'candidate', 'merge_id', 'route',
  'by_kind', 'by_id', 'enqueued_at', 'changed_at', 'ended_at', 'rev',
] as const
type Row = Readonly<Record<(typeof columns)[number], string | number | null>>
const fixed = new Set<string>(['id', 'project_id', 'target', 'enqueued_at'])
const changeable = columns.filter((column) => !fixed.has(column))

const select = `SELECT ${columns.join(', ')} FROM merge_entries`
const insert = `INSERT INTO merge_entries (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
const update = `UPDATE merge_entries SET ${changeable.map((column) => `${column} = ?`).join(', ')} WHERE id = ? AND rev = ?`

export const insertEntry = async (tx: Tx, entry: MergeEntry): Promise<void> => {
  const row = rowFrom(entry)
  await tx.run(insert, ...columns.map((column) => row[column]))
}

/** Writes an entry over the row it was made from; false when that row is not there any more. */
export const updateEntry = async (tx: Tx, entry: MergeEntry, from: Pick<MergeEntry, 'rev'>): Promise<boolean> => {
  const row = rowFrom(entry)
  const values: SqlValue[] = changeable.map((column) => row[column])
  return (await tx.run(update, ...values, entry.id, from.rev)).changes === 1
}

export const findEntry = async (tx: Tx, id: MergeEntryId): Promise<MergeEntry | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE id = ?`, id)
  return row && entryFrom(row)
}

/** What has not ended, in the order of the queue, and those that were withdrawn since `since`, which may come back. */
export const listEntriesOf = async (tx: Tx, key: QueueKey, since: number): Promise<MergeEntry[]> => {
  const sql = `${select} WHERE project_id = ? AND target = ? AND (ended_at IS NULL OR (state = 'withdrawn' AND ended_at >= ?))
    ORDER BY position, id`
  return (await tx.all<Row>(sql, key.projectId, key.target, since)).map(entryFrom)
}

/** What a page shows from its start: all that has not ended, and the newest of what ended since. */
export const listShownEntries = async (tx: Tx, since: number, limit: number): Promise<MergeEntry[]> => {
  const open = await tx.all<Row>(`${select} WHERE ended_at IS NULL ORDER BY project_id, target, position, id`)
  const ended = await tx.all<Row>(`${select} WHERE ended_at >= ? ORDER BY ended_at DESC, id DESC LIMIT ?`, since, limit)
  return [...open, ...ended].map(entryFrom)
}

interface QueueRow {
  readonly project_id: ProjectId
  readonly target: string
  readonly batch_size: number
  readonly needs_approval: number
  readonly hold: string | null
  readonly run: string | null
  readonly rev: number
}

export const listQueues = async (tx: Tx): Promise<MergeQueue[]> =>
  (await tx.all<QueueRow>('SELECT * FROM merge_queues ORDER BY project_id, target')).map(queueFrom)

export const findQueue = async (tx: Tx, { projectId, target }: QueueKey): Promise<MergeQueue | undefined> => {
  const sql = 'SELECT * FROM merge_queues WHERE project_id = ? AND target = ?'
  const row = await tx.get<QueueRow>(sql, projectId, target)
  return row && queueFrom(row)
}

/** Writes a queue that is new, or over the row it was made from; false when that one has changed since. */
export const putQueue = async (tx: Tx, queue: MergeQueue): Promise<boolean> => {
  const { changes } = await tx.run(
    `INSERT INTO merge_queues (project_id, target, batch_size, needs_approval, hold, run, rev)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (project_id, target) DO UPDATE SET batch_size = excluded.batch_size,
       needs_approval = excluded.needs_approval, hold = excluded.hold, run = excluded.run, rev = excluded.rev
       WHERE merge_queues.rev = excluded.rev - 1`,
    queue.projectId,
    queue.target,
    queue.batchSize,
    queue.needsApproval ? 1 : 0,
    textOrNull(queue.hold),
    textOrNull(queue.run),
    queue.rev,
  )
  return changes === 1
}

/** Forgets a project's queues; answers its entries. */
export const removeQueuesOf = async (tx: Tx, projectId: ProjectId): Promise<MergeEntry[]> => {
  const entries = await tx.all<Row>(`${select} WHERE project_id = ? ORDER BY id`, projectId)
  await tx.run('DELETE FROM merge_entries WHERE project_id = ?', projectId)
  await tx.run('DELETE FROM merge_queues WHERE project_id = ?', projectId)
  return entries.map(entryFrom)
}

const textOrNull = (value: object | null): string | null => (value === null ? null : JSON.stringify(value))
const read = (text: string | number | null): unknown =>
  typeof text === 'string' ? (JSON.parse(text) as unknown) : null

const queueFrom = (row: QueueRow): MergeQueue => ({
  projectId: row.project_id,
  target: row.target,
  batchSize: row.batch_size,
  needsApproval: row.needs_approval === 1,
  hold: read(row.hold) as MergeQueue['hold'],
  run: read(row.run) as MergeQueue['run'],
  rev: row.rev,
})

const rowFrom = (entry: MergeEntry): Row => ({
  id: entry.id,
  project_id: entry.projectId,
  target: entry.target,
  session_id: entry.sessionId,
  worktree_id: entry.worktreeId,
  task_id: entry.taskId,
  title: entry.title,
  branch: entry.branch,
  head: entry.head,
  moved_to: entry.movedTo,
  strategy: entry.strategy,
  message: entry.message,
  position: entry.position,
  state: entry.state,
  reason: entry.reason,
  conflicts: JSON.stringify(entry.conflicts),
  is_approved: entry.isApproved ? 1 : 0,
  is_suspect: entry.isSuspect ? 1 : 0,
  rounds: entry.rounds,
  failed_run: entry.failedRun,
  candidate: textOrNull(entry.candidate),
  merge_id: entry.mergeId,
  route: textOrNull(entry.route),
  by_kind: entry.by.kind,
  by_id: entry.by.id,
  enqueued_at: entry.enqueuedAt,
  changed_at: entry.changedAt,
  ended_at: entry.endedAt,
  rev: entry.rev,
})

// Written by `rowFrom` alone, whose types are the contract's.
const entryFrom = (row: Row): MergeEntry =>
  ({
    id: row.id,
    projectId: row.project_id,
    target: row.target,
    sessionId: row.session_id,
    worktreeId: row.worktree_id,
    taskId: row.task_id,
    title: row.title,
    branch: row.branch,
    head: row.head,
    movedTo: row.moved_to,
    strategy: row.strategy,
    message: row.message,
    position: row.position,
    state: row.state,
    reason: row.reason,
    conflicts: read(row.conflicts),
    isApproved: row.is_approved === 1,
    isSuspect: row.is_suspect === 1,
    rounds: row.rounds,
    failedRun: row.failed_run,
    candidate: read(row.candidate),
    mergeId: row.merge_id,
    route: read(row.route),
    by: { kind: row.by_kind, id: row.by_id },
    enqueuedAt: row.enqueued_at,
    changedAt: row.changed_at,
    endedAt: row.ended_at,
    rev: row.rev,
  }) as MergeEntry
