import type { Check, CheckRun } from '../../../../shared/contract/checks.ts'
import type { CheckId, CheckRunId, ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, valueOf, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { cancelRun } from './cancel-run.ts'
import type { ChecksParts } from './checks-parts.ts'
import { isLive } from './checks-rules.ts'
import { listChecks } from './checks-store.ts'
import { queueRuns } from './queue-runs.ts'
import { findPassedOf, findRun, listLiveRuns } from './runs-store.ts'
import { seeFolder } from './see-folder.ts'

export interface GatesWish {
  readonly projectId: ProjectId
  /** It holds exactly that commit and nobody works in it; it stays so until the answer. */
  readonly folder: string
  readonly commit: string
  readonly tree: string
  /** Ends the waiting alone: the runs go on, and the same wish finds them again. `cancelGates` ends them. */
  readonly signal: AbortSignal
  readonly by: Identity
  /** After each gate that is done, and once at the beginning. */
  readonly onProgress?: ((progress: GatesProgress) => void) | undefined
}

export interface GatesProgress {
  readonly done: number
  readonly of: number
}

export interface GateResult {
  readonly checkId: CheckId
  readonly name: string
  readonly isPassed: boolean
  /** It passed on the same files before and was not run again. */
  readonly isReused: boolean
  /** As it ended. */
  readonly run: CheckRun
}

type GatesRefusal = 'WRONG_COMMIT' | 'CANCELLED'

/** Runs the project's gates on one commit, in their order; what passed on the same files before is not run again. */
export const runGates = async (
  parts: ChecksParts,
  wish: GatesWish,
): Promise<Result<readonly GateResult[], GatesRefusal>> => {
  const { deps } = parts
  const { projectId, folder, commit, tree, signal, by } = wish
  const gates = (await deps.database.read((tx) => listChecks(tx, projectId))).filter(({ isGate }) => isGate)
  const known = await deps.database.read((tx) => findPassedOf(tx, gates, tree))
  const ready = known.size === gates.length ? ok(undefined) : await prepareFolder(parts, wish)
  if (!ready.ok) return ready
  const place = { folder, worktreeId: null, sessionId: null, head: commit, tree }
  const command = { name: 'run-gates', by }
  const queued = await deps.runCommand(command, async (context) => {
    // Again: one that was under way may have passed meanwhile.
    const passed = await findPassedOf(context.tx, gates, tree)
    const missing = gates.filter(({ id }) => !passed.has(id))
    return ok({ passed, started: (await queueRuns(context, missing, place)).runs })
  })
  const { passed, started } = valueOf(queued)
  const results: GateResult[] = []
  for (const gate of gates) {
    wish.onProgress?.({ done: results.length, of: gates.length })
    const before = passed.get(gate.id)
    const begun = started.find(({ checkId }) => checkId === gate.id)
    const run = before ?? (begun && (await waitForRun(parts, begun.id, signal)))
    if (!run) return cancelled()
    results.push(resultOf(gate, run, before !== undefined))
  }
  wish.onProgress?.({ done: results.length, of: gates.length })
  return ok(results)
}

const cancelled = (): Result<never, 'CANCELLED'> =>
  refuse('CANCELLED', 'The gates were not waited for. Ask for them again; what passed is not run twice.')

const resultOf = ({ id, name }: Check, run: CheckRun, isReused: boolean): GateResult => ({
  checkId: id,
  name,
  isPassed: run.state.kind === 'passed' && run.hasChanged !== true,
  isReused,
  run,
})

/** Ends what still runs there on another commit, and sees that the folder is what it is said to be. */
const prepareFolder = async (
  parts: ChecksParts,
  { folder, commit, tree, by }: GatesWish,
): Promise<Result<undefined, 'WRONG_COMMIT'>> => {
  const live = (await parts.deps.database.read(listLiveRuns)).filter((record) => record.folder === folder)
  await endAll(
    parts,
    live.filter(({ run }) => run.tree !== tree).map(({ run }) => run.id),
    by,
  )
  // Gates that run there already may have left files beside those of the commit.
  const isUnderWay = live.some(({ run }) => run.tree === tree && run.state.kind === 'running')
  const sight = await seeFolder(parts.deps, folder)
  const isRight = sight?.head === commit && sight.headTree === tree && (sight.isExact || isUnderWay)
  return isRight
    ? ok(undefined)
    : refuse('WRONG_COMMIT', 'The folder does not hold exactly that commit. Check it out there anew and try again.')
}

/** The run as it ended; undefined when it is not kept any more, or nobody waits. */
export const waitForRun = async (
  parts: ChecksParts,
  id: CheckRunId,
  signal: AbortSignal,
): Promise<CheckRun | undefined> => {
  const giveUp = new AbortController()
  const ended = parts.whenEnded(id, AbortSignal.any([signal, giveUp.signal]))
  const read = () => parts.deps.database.read(async (tx) => (await findRun(tx, id))?.run)
  const now = await read()
  // It may have ended before anybody listened.
  if (now && isLive(now.state)) await ended
  giveUp.abort()
  const then = await read()
  return then && !isLive(then.state) ? then : undefined
}

const forever = new AbortController().signal

const endAll = async (parts: ChecksParts, ids: readonly CheckRunId[], by: Identity): Promise<void> => {
  for (const id of ids) await cancelRun(parts, id, by)
  for (const id of ids) await waitForRun(parts, id, forever)
}

/** Ends every run in a folder of the merge queue and waits until nothing of them is left. */
export const cancelGates = async (parts: ChecksParts, folder: string, by: Identity): Promise<void> => {
  const live = await parts.deps.database.read(listLiveRuns)
  const there = live.filter((record) => record.folder === folder && record.run.worktreeId === null)
  await endAll(
    parts,
    there.map(({ run }) => run.id),
    by,
  )
}
