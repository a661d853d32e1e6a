import type { CheckRun } from '../../../../shared/contract/checks.ts'
import type { CheckRunId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { saveRun, type ChecksParts } from './checks-parts.ts'
import { isLive } from './checks-rules.ts'
import { findRun, type RunRecord } from './runs-store.ts'

/** Wants the end of a run: one that waits has it at once, one that runs by the end of its terminal. */
export const cancelRun = async (
  parts: ChecksParts,
  runId: CheckRunId,
  by: Identity,
): Promise<Result<CheckRun, 'NOT_FOUND'>> => {
  const cancelled = await parts.deps.runCommand<RunRecord, 'NOT_FOUND'>(
    { name: 'cancel-check', by },
    async (context) => {
      const record = await findRun(context.tx, runId)
      if (!record) return refuse('NOT_FOUND', 'This run is not kept any more.')
      if (!isLive(record.run.state)) return ok(record)
      const next: RunRecord =
        record.run.state.kind === 'running'
          ? { ...record, stopping: record.stopping ?? 'cancelled' }
          : { ...record, run: { ...record.run, state: { kind: 'cancelled' }, endedAt: context.now } }
      await saveRun(context, next)
      return ok(next)
    },
  )
  if (!cancelled.ok) return cancelled
  // Whoever follows it ends its terminal; when nobody does yet, that is the first they do.
  if (isLive(cancelled.value.run.state)) parts.stops.get(runId)?.()
  return ok(cancelled.value.run)
}
