import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import { cancelIntents } from '../../kernel/intents-store.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { changeSession } from './change-session.ts'
import { findLiveIncarnation, putIncarnation } from './incarnations-store.ts'
import { bookEnd, type EndParts } from './session-ends.ts'
import { sessionStopped } from './sessions-rules.ts'
import { findSession, type SessionRecord } from './sessions-store.ts'

/** Wants a session stopped or archived: what was to be started is not, and what runs is ended. */
export const stopSession = (parts: EndParts, id: SessionId, to: 'stopped' | 'archived', by: Identity) =>
  parts.deps.runCommand({ name: to === 'stopped' ? 'stop-session' : 'archive-session', by }, async (context) => {
    const isDeleted = (await findSession(context.tx, id))?.deletion?.kind === 'deleted'
    return ok(isDeleted ? undefined : await wantStopped(context, id, to))
  })

export const wantStopped = async (
  context: CommandContext,
  id: SessionId,
  to: 'stopped' | 'archived',
): Promise<SessionRecord | undefined> => {
  await cancelIntents(context.tx, id, 'session.prepare', context.now)
  await cancelIntents(context.tx, id, 'session.start', context.now)
  const live = await findLiveIncarnation(context.tx, id)
  if (live) {
    await putIncarnation(context.tx, { ...live, wasAsked: true })
    await context.intend({ kind: 'session.stop', subject: id })
  }
  return changeSession(context, id, (session, now) =>
    session.lifecycle === 'archived' ? session : sessionStopped(session, to, now),
  )
}

/** A process that does not die is tried again: it may be waiting for a disk. */
const stopAgainMs = 2000

/** Carries out `session.stop`: ends the agent's processes and books their end. */
export const createStopHandler =
  (parts: EndParts): IntentHandler =>
  async (intent) => {
    const isEnded = await endAgent(parts, intent.subject as SessionId)
    return isEnded
      ? { kind: 'done' }
      : { kind: 'again', afterMs: stopAgainMs, problem: 'Its process could not be ended yet.' }
  }

/**
 * Ends the agent of a session, politely and then by force. When it answers true, nothing of it runs and its end is
 * booked.
 */
export const endAgent = async (parts: EndParts, sessionId: SessionId): Promise<boolean> => {
  const { deps } = parts
  const live = await deps.database.read((tx) => findLiveIncarnation(tx, sessionId))
  if (!live) return true
  await deps.terminals.stop(live.terminalId, deps.stopGraceMs)
  if ((await deps.findLivingProcess(live)) !== null) return false
  // The news of the end may still be on its way. A start that was cut off before it had a terminal has none.
  const terminals = await deps.database.read((tx) => deps.terminals.listOfSession(tx, sessionId))
  const state = terminals.find(({ id }) => id === live.terminalId)?.state
  const end = state?.kind === 'exited' ? { code: state.code, signal: state.signal } : { code: null, signal: null }
  await bookEnd(parts, live, { kind: 'exited', ...end })
  return true
}
