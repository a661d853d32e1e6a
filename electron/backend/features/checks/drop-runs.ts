import type { Change } from '../../../../shared/contract/changes.ts'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, valueOf } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { cancelRun } from './cancel-run.ts'
import type { ChecksParts } from './checks-parts.ts'
import { isLive } from './checks-rules.ts'
import { listRunsIn, removeRuns, removeRunsOf } from './runs-store.ts'

/** Drops the runs of worktrees that were deleted, with their screens: made again, such a worktree is looked at anew. */
export const dropRunsIn = async (parts: ChecksParts, changes: readonly Change[]): Promise<void> => {
  for (const { topic, payload } of changes)
    if (topic === 'worktrees.changed' && payload.state.kind === 'deleted')
      await dropOf(parts, payload.id).catch((error: unknown) =>
        parts.deps.log.error({ err: error, worktree: payload.id }, 'runs of a deleted worktree were not dropped'),
      )
}

const dropOf = async (parts: ChecksParts, worktreeId: WorktreeId): Promise<void> => {
  const { deps } = parts
  for (const run of await deps.database.read((tx) => listRunsIn(tx, worktreeId)))
    if (isLive(run.state)) await cancelRun(parts, run.id, systemIdentity)
  const dropped = await deps.runCommand({ name: 'drop-check-runs', by: systemIdentity }, async ({ tx, emit }) => {
    const ended = (await listRunsIn(tx, worktreeId)).filter(({ state }) => !isLive(state))
    if (ended.length === 0) return ok([])
    await removeRuns(
      tx,
      ended.map(({ id }) => id),
    )
    await emit('checkruns.removed', worktreeId, { ids: ended.map(({ id }) => id) })
    return ok(ended.flatMap(({ terminalId }) => terminalId ?? []))
  })
  for (const id of valueOf(dropped)) await deps.terminals.remove(id)
}

/** Of a project that is forgotten. Its terminals are forgotten with it. */
export const dropRunsOf = ({ tx }: Pick<CommandContext, 'tx'>, projectId: ProjectId): Promise<void> =>
  removeRunsOf(tx, projectId)
