import type { NewSession, Session } from '../../../../shared/contract/sessions.ts'
import type { ProjectId, SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, valueOf, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { createArrangement } from './arrange-sessions.ts'
import { addSession, createSession, planSession, type PlannedSession, type PlanOptions } from './create-session.ts'
import { createDeleteSession, type DeleteResult } from './delete-session.ts'
import { findOwner, type SessionOwner } from './find-owner.ts'
import { findLiveIncarnation } from './incarnations-store.ts'
import { writeGatewayFile } from './gateway-file.ts'
import type { LaunchParts } from './launch-agent.ts'
import { openShell } from './open-shell.ts'
import { createPrepareHandler } from './prepare-session.ts'
import { reconcileSessions, rewriteSettings } from './reconcile-sessions.ts'
import { resumeSession, retrySession } from './resume-session.ts'
import { bookTerminalEnd } from './session-ends.ts'
import { createHookSide, type HookSide } from './session-hooks.ts'
import type { SessionsDeps } from './session-parts.ts'
import { createSessionTokens, findTokenHolder, type TokenHolder } from './session-tokens.ts'
import { createSessionWatches } from './session-watches.ts'
import { createStartHandler } from './start-session.ts'
import { createStartSlots } from './start-slots.ts'
import { createStopHandler, endAgent, stopSession } from './stop-session.ts'
import { livenessOf } from './session-liveness.ts'
import type { Liveness } from './sessions-rules.ts'
import { findSession, listSessions, removeSessionsOf, type SessionRecord } from './sessions-store.ts'

export type { AskChange, OpenAsk } from './activity-rules.ts'
export type { PlannedSession } from './create-session.ts'
export type { AskRecorder, SessionsDeps } from './session-parts.ts'
export type { Liveness } from './sessions-rules.ts'
export type { TokenHolder } from './session-tokens.ts'

export type CreateRefusal =
  | 'AGENT_MISSING'
  | 'PROJECT_UNUSABLE'
  | 'BRANCH_EXISTS'
  | 'BRANCH_IN_USE'
  | 'BAD_BRANCH_NAME'
  | 'BAD_BASE'
  | 'NOT_FOUND'
  | 'INVALID'
type ResumeRefusal = 'CANNOT_RESUME' | 'WORKTREE_MISSING' | 'AGENT_MISSING' | 'ARCHIVED' | 'NOT_FOUND'

export interface SessionsService extends HookSide {
  list(tx: Tx): Promise<Session[]>
  /** One that is not deleted. */
  find(tx: Tx, id: SessionId): Promise<Session | undefined>
  /** The agent's own id of the conversation that its running process began with, also after that was left. */
  firstConversationOf(tx: Tx, id: SessionId): Promise<string | undefined>
  /** Whether its agent lives. */
  livenessOf(tx: Tx, id: SessionId): Promise<Liveness>
  create(input: NewSession, by: Identity): Promise<Result<Session, CreateRefusal>>
  /** Judges a wish, so that another command can write the session down as a part of itself: `plan` before it, `add` in it. */
  plan(input: Omit<NewSession, 'requestId'>, options: PlanOptions): Promise<Result<PlannedSession, CreateRefusal>>
  add(context: CommandContext, planned: PlannedSession): Promise<Result<Session, 'BRANCH_EXISTS'>>
  rename(id: SessionId, title: string, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  pin(id: SessionId, isPinned: boolean, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  setRole(id: SessionId, role: string | null, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  /** Whether mail may be typed at its prompt. */
  setMailTyped(id: SessionId, isMailTyped: boolean, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  move(id: SessionId, beforeId: SessionId | null, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  markSeen(id: SessionId, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  stop(id: SessionId, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  resume(id: SessionId, by: Identity): Promise<Result<Session, ResumeRefusal>>
  retry(id: SessionId, by: Identity): Promise<Result<Session, 'NOT_FAILED' | 'NOT_FOUND'>>
  archive(id: SessionId, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  unarchive(id: SessionId, by: Identity): Promise<Result<Session, 'NOT_FOUND'>>
  delete(id: SessionId, deleteBranch: boolean, by: Identity): Promise<DeleteResult>
  undoDelete(id: SessionId, by: Identity): Promise<Result<Session, 'CANNOT_UNDO' | 'NOT_FOUND'>>
  openShell(id: SessionId): Promise<Result<{ terminalId: TerminalId }, 'WORKTREE_MISSING' | 'NOT_FOUND'>>

  /** Whose token this is, as it was written down; for one who asks while the app is closed. */
  findTokenHolder(tx: Tx, token: string): Promise<TokenHolder | null>
  /** For leases and mail: whose it is and which process speaks for it. Undefined when it is not there any more. */
  findOwner(tx: Tx, id: SessionId): Promise<SessionOwner | undefined>

  /** The gateway listens: agents that run are told where, and starts that waited go on. Null: starts wait until it does. */
  setGatewayUrl(url: string | null): Promise<void>
  /** Brings the rows in line with what runs; after that of the terminals, before intents are carried out. */
  reconcile(): Promise<void>
  /** For the projects: how many sessions of one are running or getting ready, and the end of its rows. */
  countLive(tx: Tx, projectId: ProjectId): Promise<number>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  /** Ends every agent that runs, for "quit and stop all"; waits for their end. */
  stopAll(by: Identity): Promise<void>
  readonly handlers: ReadonlyMap<string, IntentHandler>
  close(): void
}

/**
 * An agent that says nothing keeps its turn this long, and a prompt that it says nothing of counts this long; the largest
 * takes some seconds on a busy machine.
 */
const longestBootMs = 15_000

export const createSessionsService = (
  deps: SessionsDeps & Pick<LaunchParts, 'readProcessStart' | 'bootId'>,
): SessionsService => {
  const tokens = createSessionTokens()
  const watches = createSessionWatches({ ...deps, promptUnheardMs: longestBootMs })
  const slots = createStartSlots(deps.starts)
  let gatewayUrl: string | null = null
  const { readProcessStart, bootId } = deps
  const parts = { deps, tokens, watches, slots, longestBootMs, bootId, readProcessStart, gatewayUrl: () => gatewayUrl }
  const deletion = createDeleteSession(parts)
  const { promise: reconciled, resolve: tellReconciled } = Promise.withResolvers<void>()
  const arrangement = createArrangement(deps)
  const logFailure = (what: string) => (error: unknown) => deps.log.error({ err: error }, what)

  const stopListening = deps.terminals.onNews((news) => {
    if (news.kind === 'title')
      watches.observeTitle(news.terminalId, news.title).catch(logFailure('a title was not taken'))
    else if (news.kind !== 'notification') bookTerminalEnd(parts, news).catch(logFailure('an end was not booked'))
  })
  const sessionOf = (record: SessionRecord | undefined): Result<Session, 'NOT_FOUND'> =>
    record && record.deletion?.kind !== 'deleted'
      ? ok(record.session)
      : refuse('NOT_FOUND', 'This session is not there any more.')
  const stop = async (id: SessionId, to: 'stopped' | 'archived', by: Identity) =>
    sessionOf(valueOf(await stopSession(parts, id, to, by)))

  return {
    ...arrangement,
    list: async (tx) => (await listSessions(tx)).map(({ session }) => session),
    find: async (tx, id) => {
      const record = await findSession(tx, id)
      return record?.deletion?.kind === 'deleted' ? undefined : record?.session
    },
    firstConversationOf: async (tx, id) => (await findLiveIncarnation(tx, id))?.conversationId,
    livenessOf,
    create: (input, by) => createSession(deps, input, by),
    plan: (input, options) => planSession(deps, input, options),
    add: (context, planned) => addSession(deps, context, planned),
    findOwner,
    findTokenHolder,
    stop: (id, by) => stop(id, 'stopped', by),
    archive: (id, by) => stop(id, 'archived', by),
    resume: (id, by) => resumeSession(parts, id, by),
    retry: (id, by) => retrySession(deps, id, by),
    delete: deletion.delete,
    undoDelete: async (id, by) => {
      const undone = await deletion.undo(id, by)
      return undone.ok ? ok(undone.value.session) : undone
    },
    openShell: (id) => openShell(parts, id),
    ...createHookSide(parts, reconciled),
    setGatewayUrl: async (url) => {
      // The file stays as it is: who reads it finds nobody there, or asks again.
      if (url !== null) await writeGatewayFile(deps, url)
      gatewayUrl = url
      if (url === null) return
      await rewriteSettings(parts, url)
    },
    reconcile: () => reconcileSessions(parts).finally(tellReconciled),
    stopAll: async (by) => {
      const all = await deps.database.read(listSessions)
      const running = all.filter(({ session }) => isLive(session)).map(({ session }) => session.id)
      await Promise.all(running.map((id) => stop(id, 'stopped', by)))
      await Promise.all(running.map((id) => endAgent(parts, id)))
    },
    countLive: async (tx, projectId) =>
      (await listSessions(tx)).filter(({ session }) => session.projectId === projectId && isLive(session)).length,
    forgetProject: async ({ tx, emit }, projectId) => {
      for (const id of await removeSessionsOf(tx, projectId)) await emit('sessions.removed', id, { id })
    },
    handlers: new Map<string, IntentHandler>([
      ['session.prepare', createPrepareHandler(deps)],
      ['session.start', createStartHandler(parts)],
      ['session.stop', createStopHandler(parts)],
      ['session.delete', deletion.handler],
    ]),
    close: () => {
      stopListening()
      watches.close()
    },
  }
}

const isLive = ({ runtime, lifecycle }: Session) =>
  runtime.kind === 'alive' || lifecycle === 'planned' || lifecycle === 'preparing'
