import type { CheckRun } from '../../../../shared/contract/checks.ts'
import type { CheckId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { ChecksParts } from './checks-parts.ts'
import { chooseChecks } from './checks-rules.ts'
import { listChecks } from './checks-store.ts'
import { queueRuns, type QueuedRuns } from './queue-runs.ts'
import { listRunsIn } from './runs-store.ts'

export interface StartWish {
  readonly worktreeId: WorktreeId
  readonly which: 'all' | 'failed' | readonly CheckId[]
  readonly requestId?: string | undefined
}

export type StartRefusal = 'NOT_FOUND' | 'WORKTREE_MISSING' | 'NO_CHECKS'

/** Has checks run in a worktree as it is, with work that is not committed. */
export const startChecks = async (
  { deps }: ChecksParts,
  { worktreeId, which, requestId }: StartWish,
  by: Identity,
): Promise<Result<QueuedRuns, StartRefusal>> => {
  const found = await deps.worktrees.requireFolder(worktreeId)
  if (!found.ok) return found
  const worktree = found.value
  const command = { name: 'run-checks', by, ...(requestId === undefined ? {} : { requestId }) }
  return deps.runCommand<QueuedRuns, StartRefusal>(command, async (context) => {
    const { tx } = context
    const newest = newestOf(await listRunsIn(tx, worktreeId))
    const chosen = chooseChecks(await listChecks(tx, worktree.projectId), which, newest)
    if (!chosen.ok) return chosen
    const sessionId = await findSessionOf(deps, tx, worktreeId, by)
    const place = { folder: worktree.path, worktreeId, sessionId, head: null, tree: null }
    return ok(await queueRuns(context, chosen.value, place))
  })
}

/** The newest run of each check, of runs that are newest first. */
export const newestOf = (runs: readonly CheckRun[]): ReadonlyMap<CheckId, CheckRun> => {
  const newest = new Map<CheckId, CheckRun>()
  for (const run of runs) if (!newest.has(run.checkId)) newest.set(run.checkId, run)
  return newest
}

/** Its terminal ends with the session whose worktree it is: a folder that is removed has no program in it any more. */
const findSessionOf = async (
  { sessions }: Pick<ChecksParts['deps'], 'sessions'>,
  tx: Tx,
  worktreeId: WorktreeId,
  by: Identity,
): Promise<SessionId | null> => {
  const own = (await sessions.list(tx)).filter((session) => session.worktreeId === worktreeId)
  const asking = own.find(({ id }) => by.kind === 'session' && id === by.id)
  return (asking ?? own.find(({ lifecycle }) => lifecycle !== 'archived') ?? own[0])?.id ?? null
}
