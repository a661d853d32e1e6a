import type { Runtime } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { changeSession } from './change-session.ts'
import { findIncarnationOfTerminal, putIncarnation, type Incarnation } from './incarnations-store.ts'
import type { SessionsDeps, TerminalNews } from './session-parts.ts'
import type { SessionTokens } from './session-tokens.ts'
import type { SessionWatches } from './session-watches.ts'
import { sessionEnded } from './sessions-rules.ts'
import { findSession } from './sessions-store.ts'

export interface EndParts {
  readonly deps: SessionsDeps
  readonly watches: SessionWatches
  readonly tokens: SessionTokens
}

export type HowEnded =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'lost'; readonly reason: string }

/** Books the end of an agent's terminal. A repeat, and the end of a terminal that is no agent's, change nothing. */
export const bookTerminalEnd = async (parts: EndParts, news: Extract<TerminalNews, { kind: 'exited' | 'lost' }>) => {
  const incarnation = await parts.deps.database.read((tx) => findIncarnationOfTerminal(tx, news.terminal.id))
  if (!incarnation || incarnation.state === 'ended' || incarnation.state === 'lost') return
  await bookEnd(
    parts,
    incarnation,
    news.kind === 'exited'
      ? news
      : {
          kind: 'lost',
          reason: 'Its terminal was lost: the computer restarted, or the process that keeps terminals ended.',
        },
  )
}

/** Books that an incarnation is over, once. */
export const bookEnd = async (parts: EndParts, incarnation: Incarnation, how: HowEnded): Promise<void> => {
  const { deps, watches, tokens } = parts
  const { sessionId } = incarnation
  const isWatched = watches.holderOf(sessionId)?.incarnationId === incarnation.id
  const ended = isWatched ? watches.end(sessionId, 'The agent ended.') : { activity: null, changes: [] }
  tokens.dismiss(incarnation.id)
  await deps.runCommand({ name: 'end-session', by: systemIdentity }, async (context) => {
    const current = await findIncarnationOfTerminal(context.tx, incarnation.terminalId)
    if (!current || current.state === 'ended' || current.state === 'lost') return ok(undefined)
    await putIncarnation(context.tx, {
      ...current,
      state: how.kind === 'exited' ? 'ended' : 'lost',
      endedAt: context.now,
      exitCode: how.kind === 'exited' ? how.code : null,
      exitSignal: how.kind === 'exited' ? how.signal : null,
    })
    for (const change of ended.changes) await deps.asks.record(context, sessionId, change)
    await endRow(deps, context, sessionId, runtimeOf(how, current.wasAsked, context.now))
    return ok(undefined)
  })
  watches.tell(sessionId, ended.changes)
}

const runtimeOf = (how: HowEnded, wasAsked: boolean, at: number): Extract<Runtime, { kind: 'exited' | 'lost' }> =>
  how.kind === 'exited'
    ? { kind: 'exited', code: how.code, signal: how.signal, at, wasAsked }
    : { kind: 'lost', at, reason: how.reason }

const endRow = async (
  deps: SessionsDeps,
  context: CommandContext,
  sessionId: SessionId,
  runtime: Extract<Runtime, { kind: 'exited' | 'lost' }>,
) => {
  const record = await findSession(context.tx, sessionId)
  if (!record) return
  const { canResume } = deps.agents.adapterOf(record.session.agentId)
  await changeSession(context, sessionId, (session, now) => ({
    ...sessionEnded(session, runtime, canResume),
    activity: { kind: 'unknown', reason: null, evidence: { source: 'process', detail: 'The agent ended.' }, at: now },
  }))
}
