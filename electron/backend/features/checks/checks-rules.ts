import type { Check, CheckFields, CheckRun, GateState, RunState } from '../../../../shared/contract/checks.ts'
import type { CheckId } from '../../../../shared/lib/ids.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { listNames } from './check-words-rules.ts'

/** More would be no list any more, and each is a process. */
export const mostChecks = 50

export const judgeFields = (
  others: readonly Check[],
  { name }: Pick<CheckFields, 'name'>,
): Result<never, 'NAME_TAKEN' | 'TOO_MANY'> | null => {
  if (others.length >= mostChecks)
    return refuse('TOO_MANY', `A project has at most ${mostChecks} checks. Put some into one script.`)
  // As the index of the database compares names.
  const isTaken = others.some((other) => other.name.toLowerCase() === name.toLowerCase())
  return isTaken ? refuse('NAME_TAKEN', `There is a check “${visibleLine(name)}” already. Choose another name.`) : null
}

/** The places of all, in the order in which one comes before another, or last; only of those whose place changes. */
export const placeBefore = (
  checks: readonly Check[],
  id: CheckId,
  beforeId: CheckId | null,
): readonly { readonly id: CheckId; readonly position: number }[] => {
  const others = checks.filter((check) => check.id !== id)
  const at = beforeId === null ? -1 : others.findIndex((check) => check.id === beforeId)
  const index = at < 0 ? others.length : at
  const position = positionBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null)
  if (position !== null) return [{ id, position }]
  // No number fits between two neighbours any more.
  const order = [
    ...others.slice(0, index).map((check) => check.id),
    id,
    ...others.slice(index).map((check) => check.id),
  ]
  return order.map((each, place) => ({ id: each, position: place }))
}

export const isLive = ({ kind }: RunState): boolean => kind === 'queued' || kind === 'running'

export type HowEnded =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'lost' }
  | { readonly kind: 'not-started'; readonly problem: string }

/** What a run came to. Whose end was wanted neither passed nor failed, whatever its program said last. */
export const outcomeOf = (how: HowEnded, stopping: 'cancelled' | 'timed-out' | null): RunState => {
  if (how.kind === 'not-started') return how
  if (stopping !== null) return { kind: stopping }
  if (how.kind === 'lost') return { kind: 'lost' }
  return how.code === 0 && how.signal === null
    ? { kind: 'passed' }
    : { kind: 'failed', code: how.code, signal: how.signal }
}

/** Which checks a person or an agent meant. `newest` are the newest runs of this worktree, by their check. */
export const chooseChecks = (
  checks: readonly Check[],
  which: 'all' | 'failed' | readonly CheckId[],
  newest: ReadonlyMap<CheckId, CheckRun>,
): Result<readonly Check[], 'NO_CHECKS' | 'NOT_FOUND'> => {
  if (checks.length === 0)
    return refuse('NO_CHECKS', 'This project has no checks yet. Add one in the panel “Checks” of a review.')
  if (which === 'all') return { ok: true, value: checks }
  if (which === 'failed') {
    const again = checks.filter(({ id }) => !['passed', undefined].includes(newest.get(id)?.state.kind))
    return again.length > 0
      ? { ok: true, value: again }
      : refuse('NO_CHECKS', 'No check failed here the last time. Run all of them instead.')
  }
  const chosen = checks.filter(({ id }) => which.includes(id))
  return chosen.length === new Set(which).size
    ? { ok: true, value: chosen }
    : refuse('NOT_FOUND', 'One of these checks is not there any more. Look at the list again.')
}

export interface GateFacts {
  /** Those that are gates, in their order. */
  readonly gates: readonly Check[]
  readonly head: string | null
  /** The files as they are. */
  readonly tree: string
  /** Those of that commit. */
  readonly headTree: string | null
  /** Of this worktree, newest first. */
  readonly runs: readonly CheckRun[]
  /** Passed on these very files in a folder that nobody works in. */
  readonly passedElsewhere: ReadonlyMap<CheckId, CheckRun>
}

type Gate = GateState['gates'][number]

export const gateStateOf = (facts: GateFacts): GateState => {
  const gates = facts.gates.map((check) => gateOf(check, facts))
  const named = (state: Gate['state']) =>
    gates.filter((gate) => gate.state === state).map(({ name }) => visibleLine(name))
  const kind = (['failing', 'running', 'unknown'] as const).find((state) => named(state).length > 0) ?? 'passed'
  return { kind, head: facts.head, tree: facts.tree, gates, message: messageOf(kind, named(kind)) }
}

const gateOf = (check: Check, { headTree, head, runs, passedElsewhere }: GateFacts): Gate => {
  const { id: checkId, name } = check
  const own = runs.filter((run) => run.checkId === checkId && run.command === check.command)
  const asGate = (state: Gate['state'], run: CheckRun | undefined, why: string | null): Gate => ({
    checkId,
    name,
    state,
    runId: run?.id ?? null,
    why,
  })
  const isOfHead = (run: CheckRun) => run.isExact && headTree !== null && run.tree === headTree
  const live = own.find((run) => isLive(run.state))
  if (live && (live.state.kind === 'queued' || isOfHead(live))) return asGate('running', live, null)
  const ended = own.find((run) => isOfHead(run) && run.hasChanged !== true && isVerdict(run.state))
  if (ended) return asGate(ended.state.kind === 'passed' ? 'passed' : 'failing', ended, null)
  const elsewhere = passedElsewhere.get(checkId)
  if (elsewhere) return asGate('passed', elsewhere, null)
  return asGate('unknown', own[0], whyUnknown(own[0], head, headTree))
}

const isVerdict = ({ kind }: RunState) => kind === 'passed' || kind === 'failed' || kind === 'timed-out'

const whyUnknown = (last: CheckRun | undefined, head: string | null, headTree: string | null): string => {
  if (head === null) return 'There is no commit yet. Commit, then run it.'
  if (!last) return 'It was not run here yet.'
  if (isLive(last.state)) return 'It runs on other files than those of this commit. Run it again afterwards.'
  if (!isVerdict(last.state)) return 'It did not come to an end. Run it again.'
  if (last.tree !== headTree && last.isExact) return 'Commits came after it ran last. Run it again.'
  return last.hasChanged === true
    ? 'The files were changed while it ran. Run it again.'
    : 'It ran with work that is not committed. Commit or discard that, then run it again.'
}

const messageOf = (kind: GateState['kind'], names: readonly string[]): string => {
  const them = listNames(names)
  const isOne = names.length === 1
  switch (kind) {
    case 'passed':
      return names.length === 0
        ? 'No check is a gate.'
        : isOne
          ? 'The gate passed.'
          : `All ${names.length} gates passed.`
    case 'failing':
      return `${them} ${isOne ? 'fails' : 'fail'}. Have it mended and run ${isOne ? 'it' : 'them'} again.`
    case 'running':
      return `${them} ${isOne ? 'runs' : 'run'}. Wait for the end.`
    default:
      return `${them} ${isOne ? 'was' : 'were'} not run for this commit. Run ${isOne ? 'it' : 'them'}.`
  }
}
