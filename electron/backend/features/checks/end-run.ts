import type { CheckRunId, TerminalId, WorktreeId, CheckId } from '../../../../shared/lib/ids.ts'
import { mostRunsKept } from '../../../../shared/contract/checks.ts'
import { ok, valueOf } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { excerptOf, tailOf } from './check-words-rules.ts'
import { saveRun, type ChecksParts } from './checks-parts.ts'
import { isLive, outcomeOf, type HowEnded } from './checks-rules.ts'
import { findRun, listRunsOf, putOutput, putRun, removeRuns, type RunRecord } from './runs-store.ts'
import { seeFolder, seeWorktree } from './see-folder.ts'

/** Books how a run ended, with the end of what it printed, and lets go of what is not kept any more. A repeat changes nothing. */
export const endRun = async (parts: ChecksParts, runId: CheckRunId, how: HowEnded): Promise<void> => {
  const { deps } = parts
  const record = await deps.database.read((tx) => findRun(tx, runId))
  if (!record || !isLive(record.run.state)) return
  const { terminalId } = record.run
  if (terminalId !== null && how.kind !== 'not-started') await endLeftovers(parts, terminalId)
  const output = tailOf(terminalId === null || how.kind === 'not-started' ? '' : await deps.terminals.text(terminalId))
  const hasChanged = record.run.startedAt === null ? null : await looksOtherwise(parts, record)
  const dropped = await deps.runCommand<TerminalId[]>({ name: 'end-check', by: systemIdentity }, async (context) => {
    const current = await findRun(context.tx, runId)
    if (!current || !isLive(current.run.state)) return ok([])
    const state = outcomeOf(how, current.stopping)
    const excerpt = state.kind === 'failed' || state.kind === 'timed-out' ? excerptOf(output.text) : []
    const hasTerminal = how.kind !== 'not-started'
    await saveRun(context, {
      ...current,
      run: {
        ...current.run,
        state,
        excerpt,
        hasChanged,
        endedAt: context.now,
        terminalId: hasTerminal ? current.run.terminalId : null,
      },
    })
    if (hasTerminal) await putOutput(context.tx, runId, output)
    return ok(await letGo(context, current.run.checkId, current.run.worktreeId))
  })
  for (const id of valueOf(dropped)) await deps.terminals.remove(id)
}

/** What a program leaves running would keep the folder from being removed, and nobody would end it. */
const endLeftovers = ({ deps }: ChecksParts, id: TerminalId): Promise<void> =>
  deps.terminals
    .stop(id, deps.stopGraceMs)
    .catch((error: unknown) => deps.log.error({ err: error, terminal: id }, 'what a check left running was not ended'))

/** Whether the files are others than when it began; null where that is not known. */
const looksOtherwise = async ({ deps }: ChecksParts, { run, folder }: RunRecord): Promise<boolean | null> => {
  if (run.worktreeId === null) {
    const sight = await seeFolder(deps, folder)
    return sight === null || sight.head !== run.head
  }
  const sight = await seeWorktree(deps, run.worktreeId)
  if (sight === null || run.tree === null) return null
  return sight.tree !== run.tree || sight.head !== run.head
}

/** Keeps the newest runs of a check, and the screen of the very newest. Answers the terminals to be removed. */
const letGo = async (
  context: CommandContext,
  checkId: CheckId,
  worktreeId: WorktreeId | null,
): Promise<TerminalId[]> => {
  const { tx, emit } = context
  const ended = (await listRunsOf(tx, checkId, worktreeId)).filter(({ run }) => !isLive(run.state))
  const dropped: TerminalId[] = []
  for (const record of ended.slice(1)) {
    if (record.run.terminalId === null) continue
    dropped.push(record.run.terminalId)
    await putRun(tx, { ...record, run: { ...record.run, terminalId: null } })
  }
  const old = ended.slice(mostRunsKept).map(({ run }) => run.id)
  if (old.length > 0) {
    await removeRuns(tx, old)
    await emit('checkruns.removed', checkId, { ids: old })
  }
  return dropped
}
