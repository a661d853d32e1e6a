import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { IntentId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, valueOf, type Result } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { finishIntent } from '../../kernel/intents-store.ts'
import type { IntentHandler, IntentOutcome } from '../../kernel/intents.ts'
import { changeSession } from './change-session.ts'
import {
  findIncarnationOfTerminal,
  findLiveIncarnation,
  putIncarnation,
  type Incarnation,
} from './incarnations-store.ts'
import { launchAgent, type LaunchParts } from './launch-agent.ts'
import type { StartSlots } from './start-slots.ts'
import { sessionStarted, stepFailed, stepRunning } from './sessions-rules.ts'
import { wantStopped } from './stop-session.ts'
import { findSession, type SessionRecord } from './sessions-store.ts'

export interface StartParts extends LaunchParts {
  readonly slots: StartSlots
  /** How long a booting agent keeps its turn when it says nothing. */
  readonly longestBootMs: number
}

/** Until the gateway listens there is nowhere to send hooks to; hosts start it right after the backend. */
const gatewayWaitMs = 100

/** Carries out `session.start`: one agent process for one session, however often it is tried. */
export const createStartHandler =
  (parts: StartParts): IntentHandler =>
  async (intent, signal) => {
    const { deps, slots } = parts
    const sessionId = intent.subject as SessionId
    const record = await deps.database.read((tx) => findSession(tx, sessionId))
    if (!record || record.deletion || record.session.lifecycle !== 'preparing') return { kind: 'done' }
    const gatewayUrl = parts.gatewayUrl()
    if (gatewayUrl === null)
      return { kind: 'again', afterMs: gatewayWaitMs, problem: 'The gateway does not listen yet.' }
    if (slots.isBusy()) await show(parts, sessionId, () => 'Waits for its turn: other agents are starting')
    const giveBack = await slots.take(signal)
    if (!giveBack) return { kind: 'again', afterMs: 0, problem: 'Switchyard was closed.' }
    const outcome = await start(parts, sessionId, intent.id, gatewayUrl).finally(() =>
      giveBackWhenReady(parts, sessionId, giveBack),
    )
    return outcome
  }

const giveBackWhenReady = (parts: StartParts, sessionId: SessionId, giveBack: () => void) => {
  const timer = setTimeout(giveBack, parts.longestBootMs)
  timer.unref()
  void parts.watches.whenReady(sessionId).then(() => {
    clearTimeout(timer)
    giveBack()
  })
}

const start = async (
  parts: StartParts,
  sessionId: SessionId,
  intentId: IntentId,
  gatewayUrl: string,
): Promise<IntentOutcome> => {
  const { deps } = parts
  await show(parts, sessionId, ({ agentId }) => `Starting ${deps.agents.adapterOf(agentId).name}`)
  // It may have been changed or stopped while it waited for its turn, and while that was shown.
  const record = await deps.database.read((tx) => findSession(tx, sessionId))
  if (record?.session.lifecycle !== 'preparing' || record.deletion) return { kind: 'done' }
  // A full disk, a missing right, a program that cannot be run: the person mends it and tries again.
  const started = await startOnce(parts, record, gatewayUrl).catch((error: unknown) =>
    refuse('FAILED', error instanceof Error ? error.message : String(error)),
  )
  if (!started.ok) {
    await fail(parts, sessionId, started.refusal.message)
    return { kind: 'done' }
  }
  if (started.value === null) return { kind: 'done' }
  const { incarnation, pid, processStart } = started.value
  const isAlive = await book(parts, { incarnation, pid, processStart, intentId })
  if (isAlive) await parts.watches.follow(sessionId, pid)
  const previous = record.session.terminalId
  if (previous !== null && previous !== incarnation.terminalId) await deps.terminals.remove(previous)
  return { kind: 'done' }
}

interface Started {
  readonly incarnation: Incarnation
  readonly pid: number
  readonly processStart: string | null
}

/** The running agent: found running where an earlier try got as far, else launched. Null when it was stopped meanwhile. */
const startOnce = async (
  parts: StartParts,
  record: SessionRecord,
  gatewayUrl: string,
): Promise<Result<Started | null, 'FAILED'>> => {
  const { deps } = parts
  const worktree = await findWorktree(parts, record.session)
  if (!worktree.ok) return worktree
  const known = await deps.database.read(async (tx) => {
    const incarnation = await findLiveIncarnation(tx, record.session.id)
    const terminals = await deps.terminals.listOfSession(tx, record.session.id)
    const terminal = terminals.find(({ id }) => id === incarnation?.terminalId)
    return { incarnation, terminal }
  })
  if (known.incarnation && known.terminal?.state.kind === 'alive') {
    const { pid } = known.terminal.state
    const isWatched = parts.watches.holderOf(record.session.id)?.incarnationId === known.incarnation.id
    if (!isWatched) parts.watches.begin(known.incarnation, record)
    parts.tokens.admit(known.incarnation)
    return ok({ incarnation: known.incarnation, pid, processStart: await parts.readProcessStart(pid) })
  }
  return launchAgent(parts, { record, gatewayUrl, worktree: worktree.value, begun: known.incarnation ?? null })
}

/** The worktree as it is on the disk now: one that is gone is never replaced by another folder. */
export const findWorktree = async (
  { deps }: Pick<StartParts, 'deps'>,
  session: Session,
): Promise<Result<Worktree, 'FAILED'>> => {
  if (session.worktreeId === null)
    return refuse('FAILED', 'Its worktree is not in the list any more. Start a new session.')
  const found = await deps.worktrees.requireFolder(session.worktreeId)
  return found.ok ? found : refuse('FAILED', found.refusal.message)
}

/** Writes down that it runs, and that the intent is done, at once. Answers false when it has ended meanwhile. */
const book = async (
  parts: StartParts,
  { incarnation, pid, processStart, intentId }: Started & { intentId: IntentId },
) => {
  const { deps, watches } = parts
  const { sessionId, terminalId } = incarnation
  const result = await deps.runCommand({ name: 'start-session', by: systemIdentity }, async (context) => {
    await finishIntent(context.tx, intentId, context.now)
    const current = await findIncarnationOfTerminal(context.tx, terminalId)
    if (!current || current.state === 'ended' || current.state === 'lost') {
      await changeSession(context, sessionId, (session) => ({ ...session, terminalId }))
      return ok(false)
    }
    await putIncarnation(context.tx, { ...current, state: 'alive', pid, processStart, bootId: parts.bootId })
    const after = await changeSession(context, sessionId, (session, now) => ({
      ...sessionStarted(session, { terminalId, pid, now }),
      activity: watches.activity(sessionId) ?? session.activity,
    }))
    // It was stopped in the very moment of its start.
    if (after?.session.lifecycle !== 'running') await wantStopped(context, sessionId, 'stopped')
    return ok(true)
  })
  return valueOf(result)
}

const show = (parts: StartParts, sessionId: SessionId, detailOf: (session: Session) => string) =>
  parts.deps.runCommand({ name: 'show-start', by: systemIdentity }, async (context) => {
    await changeSession(context, sessionId, (session) => stepRunning(session, 'agent', detailOf(session)))
    return ok(undefined)
  })

const fail = (parts: StartParts, sessionId: SessionId, problem: string) =>
  parts.deps.runCommand({ name: 'fail-session', by: systemIdentity }, async (context) => {
    await changeSession(context, sessionId, (session) => stepFailed(session, 'agent', problem))
    return ok(undefined)
  })
