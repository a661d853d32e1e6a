import type { CheckLine } from '../../../../shared/agent-verbs/gate-verbs.ts'
import type { VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import type { Check, CheckRun } from '../../../../shared/contract/checks.ts'
import type { CheckId, CheckRunId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Speaking, VerbDeps, VerbRunners } from './verb-parts.ts'

export type GateVerbName = Extract<VerbName, `gates.${string}`>

export const gateVerbRunners: VerbRunners<GateVerbName> = {
  'gates.run': async (deps, speaking, { names, seconds }) => {
    const worktreeId = ownWorktree(speaking)
    if (!worktreeId.ok) return worktreeId
    const chosen = await chooseByName(deps, speaking, names)
    if (!chosen.ok) return chosen
    const which = names.length === 0 ? 'all' : chosen.value.map(({ id }) => id)
    const { by, requestId } = speaking
    const started = await deps.checks.run({ worktreeId: worktreeId.value, which, requestId }, by)
    if (!started.ok) return started
    const { runs, seq } = started.value
    const until = AbortSignal.any([speaking.signal, AbortSignal.timeout(seconds * 1000)])
    const ended = await waitForAll(
      deps,
      runs.map(({ id }) => id),
      until,
    )
    const lines = chosen.value.map((check) =>
      lineOf(
        check,
        ended.find(({ checkId }) => checkId === check.id),
      ),
    )
    return ok({ checks: lines, isDone: ended.every(({ endedAt }) => endedAt !== null), seq })
  },
  'gates.status': async (deps, speaking, { names }) => {
    const worktreeId = ownWorktree(speaking)
    if (!worktreeId.ok) return worktreeId
    const chosen = await chooseByName(deps, speaking, names)
    if (!chosen.ok) return chosen
    const gates = await deps.checks.gates(worktreeId.value)
    if (!gates.ok) return gates
    const newest = await newestRuns(deps, worktreeId.value)
    const { kind: state, message } = gates.value
    return ok({ state, message, checks: chosen.value.map((check) => lineOf(check, newest.get(check.id))) })
  },
}

const ownWorktree = ({ session }: Speaking): Result<WorktreeId, 'WORKTREE_MISSING'> =>
  session.worktreeId === null
    ? refuse(
        'WORKTREE_MISSING',
        'Your session has no worktree, so there is nothing to check. Start it again in Switchyard.',
      )
    : ok(session.worktreeId)

const chooseByName = async (
  deps: VerbDeps,
  { projectId }: Speaking,
  names: readonly string[],
): Promise<Result<readonly Check[], 'NOT_FOUND' | 'NO_CHECKS'>> => {
  const all = await deps.database.read((tx) => deps.checks.list(tx, projectId))
  if (all.length === 0)
    return refuse('NO_CHECKS', 'The project has no checks. Only the person defines them: ask for one.')
  const wanted = names.map((name) => name.toLowerCase())
  const missing = names.find((name) => !all.some((check) => check.name.toLowerCase() === name.toLowerCase()))
  if (missing !== undefined)
    return refuse('NOT_FOUND', `There is no check “${missing}”. There are: ${all.map(({ name }) => name).join(', ')}.`)
  return ok(names.length === 0 ? all : all.filter(({ name }) => wanted.includes(name.toLowerCase())))
}

/** Each as it ended, or as it is when the time is over. */
const waitForAll = async (
  deps: VerbDeps,
  ids: readonly CheckRunId[],
  until: AbortSignal,
): Promise<readonly CheckRun[]> => {
  const runs = await Promise.all(ids.map((id) => deps.checks.whenEnded(id, until)))
  return runs.filter((run) => run !== undefined)
}

const newestRuns = async (deps: VerbDeps, worktreeId: WorktreeId): Promise<ReadonlyMap<CheckId, CheckRun>> => {
  const runs = await deps.database.read((tx) => deps.checks.listRunsIn(tx, worktreeId))
  // Newest first: what is put last stays.
  return new Map(runs.toReversed().map((run) => [run.checkId, run]))
}

/** What another command came to says nothing of this one. */
const lineOf = ({ name, command, isGate }: Check, newest: CheckRun | undefined): CheckLine => {
  const run = newest?.command === command ? newest : undefined
  const took = run?.startedAt != null && run.endedAt !== null ? run.endedAt - run.startedAt : null
  return {
    name,
    command,
    isGate,
    state: run?.state.kind ?? 'none',
    exitCode: run?.state.kind === 'failed' ? run.state.code : run?.state.kind === 'passed' ? 0 : null,
    seconds: took === null ? null : Math.round(took / 100) / 10,
    excerpt: run?.excerpt ?? [],
    sawCommit: run?.head ?? null,
    sawUncommitted: run !== undefined && run.head !== null && !run.isExact,
  }
}
