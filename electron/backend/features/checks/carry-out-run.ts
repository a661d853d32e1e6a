import { join } from 'node:path'
import type { CheckRunId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { IntentHandler, IntentOutcome } from '../../kernel/intents.ts'
import type { Terminal } from '../../../../shared/contract/terminals.ts'
import { saveRun, wordsOf, type ChecksParts } from './checks-parts.ts'
import { isLive, type HowEnded } from './checks-rules.ts'
import { endRun } from './end-run.ts'
import { followRun } from './follow-run.ts'
import { findRun, type RunRecord } from './runs-store.ts'
import { seeFolder, seeWorktree, type Sight } from './see-folder.ts'

const closed: IntentOutcome = { kind: 'again', afterMs: 0, problem: 'Switchyard was closed.' }

/** Carries out `check.run`: one run from its turn to its end, however often the app dies meanwhile. */
export const createRunHandler =
  (parts: ChecksParts): IntentHandler =>
  async (intent, signal) => {
    const { runId } = intent.payload as { readonly runId: CheckRunId }
    const record = await parts.deps.database.read((tx) => findRun(tx, runId))
    if (!record || !isLive(record.run.state)) return { kind: 'done' }
    const isRunning = record.run.state.kind === 'running'
    const giveBack = isRunning ? parts.slots.hold(runId) : await parts.slots.take(runId, signal)
    if (giveBack === null) return closed
    return carryOut(parts, runId, signal).finally(giveBack)
  }

const carryOut = async (parts: ChecksParts, runId: CheckRunId, signal: AbortSignal): Promise<IntentOutcome> => {
  const begun = await begin(parts, runId)
  if (!begun.ok) {
    await endRun(parts, runId, { kind: 'not-started', problem: begun.refusal.message })
    return { kind: 'done' }
  }
  if (begun.value === null) return { kind: 'done' }
  const { record, terminalId } = begun.value
  const how = await runToEnd(parts, record, terminalId, signal)
  if (how === null) return closed
  await endRun(parts, runId, how)
  return { kind: 'done' }
}

interface Begun {
  readonly record: RunRecord
  readonly terminalId: TerminalId
}

/**
 * Writes down that it runs, and in which terminal, before anything does: after a crash the same terminal is looked for. Null
 * when it was cancelled while it waited.
 */
const begin = async (parts: ChecksParts, runId: CheckRunId): Promise<Result<Begun | null, 'NOT_STARTED'>> => {
  const { deps } = parts
  const known = await deps.database.read((tx) => findRun(tx, runId))
  if (!known || !isLive(known.run.state)) return ok(null)
  if (known.run.terminalId !== null) return ok({ record: known, terminalId: known.run.terminalId })
  const sight = await look(parts, known)
  if (!sight.ok) return sight
  return deps.runCommand<Begun | null, 'NOT_STARTED'>({ name: 'start-check', by: systemIdentity }, async (context) => {
    const current = await findRun(context.tx, runId)
    if (current?.run.state.kind !== 'queued') return ok(null)
    const terminalId = context.newId('trm')
    const { head, tree, isExact } = sight.value
    const record: RunRecord = {
      ...current,
      deadlineAt: context.now + current.run.timeLimitMs,
      run: { ...current.run, terminalId, head, tree, isExact, startedAt: context.now, state: { kind: 'running' } },
    }
    await saveRun(context, record)
    return ok({ record, terminalId })
  })
}

const unseen: Sight = { head: null, headTree: null, tree: null, isExact: false }

/** What it is going to see. A worktree that git cannot read is no reason not to run; one that is gone is. */
const look = async ({ deps }: ChecksParts, { run, folder }: RunRecord): Promise<Result<Sight, 'NOT_STARTED'>> => {
  if (run.worktreeId !== null) {
    const found = await deps.worktrees.requireFolder(run.worktreeId)
    if (!found.ok) return refuse('NOT_STARTED', found.refusal.message)
    return ok((await seeWorktree(deps, run.worktreeId)) ?? unseen)
  }
  const sight = await seeFolder(deps, folder)
  return sight?.head === run.head && sight.head !== null
    ? ok(sight)
    : refuse('NOT_STARTED', 'The folder did not hold the commit any more when its turn came. Ask for the gates again.')
}

/** Null when the app closes: the run goes on and is followed again at the next start. */
const runToEnd = async (
  parts: ChecksParts,
  record: RunRecord,
  terminalId: TerminalId,
  signal: AbortSignal,
): Promise<HowEnded | null> => {
  const { database, terminals } = parts.deps
  const known = await database.read((tx) => terminals.find(tx, terminalId))
  const isThere = known !== undefined && known.state.kind !== 'starting'
  if (!isThere) {
    const failed = await startProgram(parts, record, terminalId).then(
      () => null,
      (error: unknown) => ({ problem: wordsOf(error) }),
    )
    if (failed) {
      await terminals.remove(terminalId)
      return { kind: 'not-started', problem: `It could not be started: ${failed.problem}` }
    }
  }
  return followRun(parts, record.run.id, terminalId, signal)
}

const startProgram = async ({ deps }: ChecksParts, { run, folder, sessionId }: RunRecord, terminalId: TerminalId) => {
  const { project, worktree } = await deps.database.read(async (tx) => ({
    project: await deps.projects.find(tx, run.projectId),
    worktree: run.worktreeId === null ? undefined : await deps.worktrees.find(tx, run.worktreeId),
  }))
  const env = await deps.agents.environmentForTools({
    SWITCHYARD_TERMINAL: terminalId,
    SWITCHYARD_WORKTREE: folder,
    SWITCHYARD_ROOT: project?.rootPath ?? folder,
    SWITCHYARD_BRANCH: worktree?.branch ?? '',
    SWITCHYARD_CHECK: run.name,
    // Nobody sits before this terminal: a test runner is to end when it is done, and not to page or ask.
    CI: 'true',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
  })
  await deps.terminals.start({
    terminalId,
    projectId: run.projectId,
    sessionId,
    kind: 'check' satisfies Terminal['kind'],
    argv: shellOf(run.command),
    cwd: folder,
    env,
  })
}

/** One shell for everybody: what a project's checks mean must not depend on whose shell runs them. */
const shellOf = (command: string): [string, ...string[]] =>
  process.platform === 'win32'
    ? [join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'cmd.exe'), '/d', '/s', '/c', command]
    : ['/bin/sh', '-c', command]
