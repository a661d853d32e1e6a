import type { Check, CheckProposal, CheckRun, GateState } from '../../../../shared/contract/checks.ts'
import type { CheckId, CheckRunId, ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { SuspendListener } from '../../kernel/suspend-watch.ts'
import { cancelRun } from './cancel-run.ts'
import { createRunHandler } from './carry-out-run.ts'
import { createParts, type ChecksDeps, type ChecksParts } from './checks-parts.ts'
import { listAllChecks, listChecks, removeChecksOf } from './checks-store.ts'
import { createDefineChecks, type DefineChecks } from './define-checks.ts'
import { dropRunsIn, dropRunsOf } from './drop-runs.ts'
import { cancelGates, runGates, waitForRun, type GateResult, type GatesWish } from './run-gates.ts'
import { readGates } from './read-gates.ts'
import { readProposals } from './read-proposals.ts'
import {
  findOutput,
  findRun,
  listLiveRuns,
  listRunsIn,
  listRunsOf,
  listShownRuns,
  listTerminalsOfRuns,
  moveDeadlines,
  type RunOutput,
} from './runs-store.ts'
import { startChecks, type StartRefusal, type StartWish } from './start-checks.ts'
import type { QueuedRuns } from './queue-runs.ts'

export type { ChecksDeps } from './checks-parts.ts'
export type { GateResult, GatesProgress, GatesWish } from './run-gates.ts'

export interface ChecksService extends DefineChecks {
  /** Of a project, in the order in which they run. */
  list(tx: Tx, projectId: ProjectId): Promise<Check[]>
  /** Of all projects, and the runs that a page shows. */
  listShown(tx: Tx): Promise<{ checks: Check[]; checkRuns: CheckRun[] }>
  proposals(projectId: ProjectId): Promise<Result<CheckProposal[], 'NOT_FOUND' | 'PROJECT_UNUSABLE'>>
  /** Runs checks in a worktree as it is. */
  run(wish: StartWish, by: Identity): Promise<Result<QueuedRuns, StartRefusal>>
  cancel(id: CheckRunId, by: Identity): Promise<Result<CheckRun, 'NOT_FOUND'>>
  findRun(tx: Tx, id: CheckRunId): Promise<CheckRun | undefined>
  /** Of a worktree, newest first. */
  listRunsIn(tx: Tx, id: WorktreeId): Promise<CheckRun[]>
  /** As it ended; as it is when the signal aborts first. Undefined when it is not kept any more. */
  whenEnded(id: CheckRunId, signal: AbortSignal): Promise<CheckRun | undefined>
  output(id: CheckRunId): Promise<Result<RunOutput, 'NOT_FOUND'>>
  history(id: CheckId, worktreeId: WorktreeId): Promise<CheckRun[]>
  /** Whether the commit that a worktree has checked out may be merged, as far as the gates are asked. */
  gates(id: WorktreeId): Promise<Result<GateState, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>>
  /** For the merge queue: the gates on one commit, in a folder that holds it. */
  runGates(wish: GatesWish): Promise<Result<readonly GateResult[], 'WRONG_COMMIT' | 'CANCELLED'>>
  /** Ends what runs in a folder of the merge queue, and waits until nothing of it is left there. */
  cancelGates(folder: string, by: Identity): Promise<void>
  /** How many run or wait in a project: their terminals are somebody's work too. */
  countLive(tx: Tx, projectId: ProjectId): Promise<number>
  /** Finds again what ran before; after the terminals, before intents are carried out. */
  reconcile(): Promise<void>
  readonly handlers: ReadonlyMap<string, IntentHandler>
  readonly creditSuspend: SuspendListener
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  close(): Promise<void>
}

/** The project's own commands, run in its worktrees, and what their results say of a commit. */
export const createChecksService = (deps: ChecksDeps): ChecksService => {
  const parts = createParts(deps)
  const { read } = deps.database
  let dropping: Promise<void> = Promise.resolve()
  const stopListening = deps.onCommit((changes) => {
    parts.follow(changes)
    dropping = dropping.then(() => dropRunsIn(parts, changes))
  })
  return {
    ...createDefineChecks(deps),
    list: listChecks,
    listShown: async (tx) => ({ checks: await listAllChecks(tx), checkRuns: await listShownRuns(tx) }),
    proposals: (projectId) => readProposals(deps, projectId),
    run: (wish, by) => startChecks(parts, wish, by),
    cancel: (id, by) => cancelRun(parts, id, by),
    findRun: async (tx, id) => (await findRun(tx, id))?.run,
    listRunsIn,
    whenEnded: async (id, signal) =>
      (await waitForRun(parts, id, signal)) ?? read(async (tx) => (await findRun(tx, id))?.run),
    output: async (id) => {
      const found = await read((tx) => findOutput(tx, id))
      return found ? ok(found) : refuse('NOT_FOUND', 'Nothing is kept of what this run printed.')
    },
    history: async (id, worktreeId) => (await read((tx) => listRunsOf(tx, id, worktreeId))).map(({ run }) => run),
    gates: (id) => readGates(deps, id),
    runGates: (wish) => runGates(parts, wish),
    cancelGates: (folder, by) => cancelGates(parts, folder, by),
    countLive: async (tx, projectId) =>
      (await listLiveRuns(tx)).filter(({ run }) => run.projectId === projectId).length,
    reconcile: () => reconcile(parts),
    handlers: new Map([['check.run', createRunHandler(parts)]]),
    creditSuspend: ({ tx }, gapMs) => moveDeadlines(tx, gapMs),
    forgetProject: async (context, projectId) => {
      await dropRunsOf(context, projectId)
      await removeChecksOf(context.tx, projectId)
    },
    close: async () => {
      stopListening()
      await dropping
    },
  }
}

/** What runs keeps its turn from before, and a terminal that no run names is nobody's. */
const reconcile = async ({ deps, slots }: ChecksParts): Promise<void> => {
  const { live, named, terminals } = await deps.database.read(async (tx) => ({
    live: await listLiveRuns(tx),
    named: await listTerminalsOfRuns(tx),
    terminals: await deps.terminals.list(tx),
  }))
  for (const { run } of live) if (run.state.kind === 'running') slots.hold(run.id)
  for (const { id, kind } of terminals) if (kind === 'check' && !named.has(id)) await deps.terminals.remove(id)
}
