import type { CheckRunId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { ChecksParts } from './checks-parts.ts'
import { isLive, type HowEnded } from './checks-rules.ts'
import { findRun, putRun } from './runs-store.ts'

/** Waits for the end of a run, and brings it about when it is wanted or overdue. Null when the signal aborts first. */
export const followRun = async (
  parts: ChecksParts,
  runId: CheckRunId,
  terminalId: TerminalId,
  signal: AbortSignal,
): Promise<HowEnded | null> => {
  const { database, terminals, log, stopGraceMs } = parts.deps
  const { promise, resolve } = Promise.withResolvers<HowEnded | null>()
  const stop = () => {
    terminals
      .stop(terminalId, stopGraceMs)
      .catch((error: unknown) => log.error({ err: error, run: runId }, 'a check could not be ended'))
  }
  const unlisten = terminals.onNews((news) => {
    if ((news.kind === 'exited' || news.kind === 'lost') && news.terminal.id === terminalId)
      resolve(news.kind === 'lost' ? { kind: 'lost' } : news)
  })
  const removed = (id: TerminalId) => {
    if (id === terminalId) resolve({ kind: 'lost' })
  }
  const close = () => resolve(null)
  const deadline = watchDeadline(parts, runId, stop)
  parts.stops.set(runId, stop)
  parts.removals.add(removed)
  signal.addEventListener('abort', close)
  if (signal.aborted) close()

  // Only now: what ends from here on is told.
  const { record, terminal } = await database.read(async (tx) => ({
    record: await findRun(tx, runId),
    terminal: await terminals.find(tx, terminalId),
  }))
  if (!terminal || terminal.state.kind === 'lost') resolve({ kind: 'lost' })
  else if (terminal.state.kind === 'exited') resolve(terminal.state)
  else if (record?.stopping) stop()
  else deadline.look()

  return promise.finally(() => {
    unlisten()
    deadline.close()
    parts.stops.delete(runId)
    parts.removals.delete(removed)
    signal.removeEventListener('abort', close)
  })
}

const watchDeadline = (parts: ChecksParts, runId: CheckRunId, stop: () => void) => {
  const { log } = parts.deps
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const look = (): void => {
    lookOnce(parts, runId).then(
      (leftMs) => {
        if (isClosed || leftMs === null) return
        if (leftMs <= 0) stop()
        else timer = setTimeout(look, leftMs)
      },
      (error: unknown) => {
        log.error({ err: error, run: runId }, 'the time of a check could not be looked at; it is tried again')
        if (!isClosed) timer = setTimeout(look, 1000)
      },
    )
  }
  return {
    look,
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/** How much time it has left; none when that was just written down, null when it has ended or is being ended. */
const lookOnce = async ({ deps }: ChecksParts, runId: CheckRunId): Promise<number | null> => {
  await deps.lookForSuspend()
  const record = await deps.database.read((tx) => findRun(tx, runId))
  if (!record || record.deadlineAt === null || record.stopping || !isLive(record.run.state)) return null
  const leftMs = record.deadlineAt - deps.clock.now()
  if (leftMs > 0) return leftMs
  const command = { name: 'time-out-check', by: systemIdentity }
  const marked = await deps.runCommand<boolean>(command, async (context) => {
    const current = await findRun(context.tx, runId)
    if (!current || current.stopping || !isLive(current.run.state)) return ok(false)
    await putRun(context.tx, { ...current, stopping: 'timed-out' })
    await context.emit('checkruns.changed', runId, current.run)
    return ok(true)
  })
  return marked.ok && marked.value ? 0 : null
}
