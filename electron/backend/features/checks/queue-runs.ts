import type { Check, CheckRun } from '../../../../shared/contract/checks.ts'
import type { SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { saveRun, subjectOf } from './checks-parts.ts'
import { findUsualMs, listLiveRuns, type RunRecord } from './runs-store.ts'

export interface RunPlace {
  readonly folder: string
  readonly worktreeId: WorktreeId | null
  readonly sessionId: SessionId | null
  /** Where they are known before: those of a folder that holds one commit. */
  readonly head: string | null
  readonly tree: string | null
}

export interface QueuedRuns {
  readonly runs: readonly CheckRun[]
  /** The number of the last event; 0 when nothing was asked for. */
  readonly seq: number
}

/** Has checks run in a folder, in their order. One that runs or waits there already, on the same files, is the run. */
export const queueRuns = async (
  context: CommandContext,
  checks: readonly Check[],
  place: RunPlace,
): Promise<QueuedRuns> => {
  const live = await listLiveRuns(context.tx)
  const runs: CheckRun[] = []
  let seq = 0
  for (const check of checks) {
    const known = live.find((record) => isSame(record, check, place))
    if (known) {
      runs.push(known.run)
      continue
    }
    const record = await newRun(context, check, place)
    seq = await saveRun(context, record)
    await context.intend({ kind: 'check.run', subject: subjectOf(place.folder), payload: { runId: record.run.id } })
    runs.push(record.run)
  }
  const [first] = runs
  // That it was asked for is a fact, also where everything runs already.
  if (seq === 0 && first) seq = await context.emit('checkruns.changed', first.id, first)
  return { runs, seq }
}

const isSame = ({ run, folder, stopping }: RunRecord, check: Check, place: RunPlace): boolean =>
  run.checkId === check.id &&
  run.command === check.command &&
  folder === place.folder &&
  stopping === null &&
  run.worktreeId === place.worktreeId &&
  (place.worktreeId !== null || run.tree === place.tree)

const newRun = async ({ tx, now, newId }: CommandContext, check: Check, place: RunPlace): Promise<RunRecord> => ({
  folder: place.folder,
  sessionId: place.sessionId,
  deadlineAt: null,
  stopping: null,
  run: {
    id: newId('run'),
    checkId: check.id,
    projectId: check.projectId,
    worktreeId: place.worktreeId,
    name: check.name,
    command: check.command,
    timeLimitMs: check.timeLimitMs,
    head: place.head,
    tree: place.tree,
    isExact: false,
    hasChanged: null,
    terminalId: null,
    state: { kind: 'queued' },
    excerpt: [],
    expectedMs: await findUsualMs(tx, check.id, check.command),
    queuedAt: now,
    startedAt: null,
    endedAt: null,
  },
})
