import type { Check, CheckRun } from '../../../../shared/contract/checks.ts'
import type { CheckId, CheckRunId, ProjectId, SessionId, TerminalId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

/** A run and what nobody outside needs to know of it. */
export interface RunRecord {
  readonly run: CheckRun
  readonly folder: string
  /** Its terminal ends with this session; null where no session works in the folder. */
  readonly sessionId: SessionId | null
  /** When its time is over; null before it began. */
  readonly deadlineAt: number | null
  /** Somebody wants its end, which is not there yet. */
  readonly stopping: 'cancelled' | 'timed-out' | null
}

// prettier-ignore
const columns = [
  'id', 'check_id', 'project_id', 'worktree_id', 'session_id', 'folder', 'name', 'command', 'time_limit_ms', 'head', 'tree',
  'is_exact', 'has_changed', 'terminal_id', 'kind', 'state', 'stopping', 'excerpt', 'expected_ms', 'queued_at',
  'started_at', 'deadline_at', 'ended_at',
] as const
type Row = Readonly<Record<(typeof columns)[number], string | number | null>>

const select = `SELECT ${columns.join(', ')} FROM check_runs`
const isLive = `kind IN ('queued', 'running')`

const put = `INSERT INTO check_runs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${columns
    .slice(1)
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`

export const putRun = async (tx: Tx, record: RunRecord): Promise<void> => {
  const row = rowFrom(record)
  await tx.run(put, ...columns.map((column) => row[column]))
}

export const findRun = async (tx: Tx, id: CheckRunId): Promise<RunRecord | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE id = ?`, id)
  return row && recordFrom(row)
}

/** Those that have not ended, oldest first. */
export const listLiveRuns = async (tx: Tx): Promise<RunRecord[]> =>
  (await tx.all<Row>(`${select} WHERE ${isLive} ORDER BY id`)).map(recordFrom)

/** Of each check in each worktree the newest, and all that have not ended; oldest first. */
export const listShownRuns = async (tx: Tx): Promise<CheckRun[]> => {
  const newest = 'SELECT max(id) FROM check_runs GROUP BY check_id, worktree_id'
  const rows = await tx.all<Row>(`${select} WHERE ${isLive} OR id IN (${newest}) ORDER BY id`)
  return rows.map((row) => recordFrom(row).run)
}

/** Of one worktree, newest first. */
export const listRunsIn = async (tx: Tx, worktreeId: WorktreeId): Promise<CheckRun[]> =>
  (await tx.all<Row>(`${select} WHERE worktree_id = ? ORDER BY id DESC`, worktreeId)).map((row) => recordFrom(row).run)

/** Runs of one check in one worktree, or in folders of the merge queue when it is null; newest first. */
export const listRunsOf = async (tx: Tx, checkId: CheckId, worktreeId: WorktreeId | null): Promise<RunRecord[]> =>
  (await tx.all<Row>(`${select} WHERE check_id = ? AND worktree_id IS ? ORDER BY id DESC`, checkId, worktreeId)).map(
    recordFrom,
  )

/** The newest run of this very command that passed on exactly these files, in a folder that nobody works in. */
const findPassed = async (
  tx: Tx,
  { id, command }: { readonly id: CheckId; readonly command: string },
  tree: string,
): Promise<CheckRun | undefined> => {
  const row = await tx.get<Row>(
    `${select} WHERE check_id = ? AND tree = ? AND command = ? AND kind = 'passed' AND is_exact = 1
       AND has_changed IS NOT 1 AND worktree_id IS NULL ORDER BY id DESC LIMIT 1`,
    id,
    tree,
    command,
  )
  return row && recordFrom(row).run
}

export const findPassedOf = async (
  tx: Tx,
  gates: readonly Pick<Check, 'id' | 'command'>[],
  tree: string,
): Promise<ReadonlyMap<CheckId, CheckRun>> => {
  const passed = new Map<CheckId, CheckRun>()
  for (const gate of gates) {
    const run = await findPassed(tx, gate, tree)
    if (run) passed.set(gate.id, run)
  }
  return passed
}

/** How long the check took the last time it passed; null when it never did. */
export const findUsualMs = async (tx: Tx, checkId: CheckId, command: string): Promise<number | null> => {
  const sql = `SELECT ended_at - started_at AS ms FROM check_runs
    WHERE check_id = ? AND command = ? AND kind = 'passed' ORDER BY id DESC LIMIT 1`
  return (await tx.get<{ ms: number }>(sql, checkId, command))?.ms ?? null
}

export const listTerminalsOfRuns = async (tx: Tx): Promise<ReadonlySet<TerminalId>> => {
  const rows = await tx.all<{ id: TerminalId }>(
    'SELECT terminal_id AS id FROM check_runs WHERE terminal_id IS NOT NULL',
  )
  return new Set(rows.map(({ id }) => id))
}

export const findRunOfTerminal = async (tx: Tx, id: TerminalId): Promise<RunRecord | undefined> => {
  const row = await tx.get<Row>(`${select} WHERE terminal_id = ?`, id)
  return row && recordFrom(row)
}

export const putOutput = async (tx: Tx, id: CheckRunId, output: RunOutput): Promise<void> => {
  await tx.run(
    'INSERT OR REPLACE INTO check_outputs (run_id, text, is_cut) VALUES (?, ?, ?)',
    id,
    output.text,
    Number(output.isCut),
  )
}

export interface RunOutput {
  readonly text: string
  readonly isCut: boolean
}

export const findOutput = async (tx: Tx, id: CheckRunId): Promise<RunOutput | undefined> => {
  const row = await tx.get<{ text: string; is_cut: number }>(
    'SELECT text, is_cut FROM check_outputs WHERE run_id = ?',
    id,
  )
  return row && { text: row.text, isCut: row.is_cut === 1 }
}

export const removeRuns = async (tx: Tx, ids: readonly CheckRunId[]): Promise<void> => {
  for (const id of ids) {
    await tx.run('DELETE FROM check_outputs WHERE run_id = ?', id)
    await tx.run('DELETE FROM check_runs WHERE id = ?', id)
  }
}

export const removeRunsOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM check_outputs WHERE run_id IN (SELECT id FROM check_runs WHERE project_id = ?)', projectId)
  await tx.run('DELETE FROM check_runs WHERE project_id = ?', projectId)
}

/** Moves every deadline later, by the time in which nothing could run. */
export const moveDeadlines = async (tx: Tx, byMs: number): Promise<void> => {
  await tx.run(`UPDATE check_runs SET deadline_at = deadline_at + ? WHERE ${isLive}`, byMs)
}

const rowFrom = ({ run, folder, sessionId, deadlineAt, stopping }: RunRecord): Row => ({
  id: run.id,
  check_id: run.checkId,
  project_id: run.projectId,
  worktree_id: run.worktreeId,
  session_id: sessionId,
  folder,
  name: run.name,
  command: run.command,
  time_limit_ms: run.timeLimitMs,
  head: run.head,
  tree: run.tree,
  is_exact: Number(run.isExact),
  has_changed: run.hasChanged === null ? null : Number(run.hasChanged),
  terminal_id: run.terminalId,
  kind: run.state.kind,
  state: JSON.stringify(run.state),
  stopping,
  excerpt: JSON.stringify(run.excerpt),
  expected_ms: run.expectedMs,
  queued_at: run.queuedAt,
  started_at: run.startedAt,
  deadline_at: deadlineAt,
  ended_at: run.endedAt,
})

const recordFrom = (row: Row): RunRecord => ({
  run: {
    id: row.id as CheckRunId,
    checkId: row.check_id as CheckId,
    projectId: row.project_id as ProjectId,
    worktreeId: row.worktree_id as WorktreeId | null,
    name: row.name as string,
    command: row.command as string,
    timeLimitMs: row.time_limit_ms as number,
    head: row.head as string | null,
    tree: row.tree as string | null,
    isExact: row.is_exact === 1,
    hasChanged: row.has_changed === null ? null : row.has_changed === 1,
    terminalId: row.terminal_id as TerminalId | null,
    state: JSON.parse(row.state as string) as CheckRun['state'],
    excerpt: JSON.parse(row.excerpt as string) as string[],
    expectedMs: row.expected_ms as number | null,
    queuedAt: row.queued_at as number,
    startedAt: row.started_at as number | null,
    endedAt: row.ended_at as number | null,
  },
  folder: row.folder as string,
  sessionId: row.session_id as SessionId | null,
  deadlineAt: row.deadline_at as number | null,
  stopping: row.stopping as RunRecord['stopping'],
})
