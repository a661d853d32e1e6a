import type { GuardOutage, Subagent, TouchedFile } from '../../../../shared/contract/agent-hooks.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import {
  dropOldHooks,
  findOutage,
  listOutages,
  listSubagents,
  listTouched,
  removeHooksOf,
} from './agent-hooks-store.ts'
import { createHookAnswers } from './answer-hook.ts'
import type { HooksDeps } from './hook-parts.ts'
import { createHookRecorder } from './record-hooks.ts'
import { countUnjudged } from './count-unjudged.ts'
import { createMailWaker } from './wake-for-mail.ts'

export type { HooksDeps } from './hook-parts.ts'

export interface HookAnswer {
  readonly body: unknown
  /** To be called once the answer has left; null when nothing depends on it. */
  readonly sent: (() => void) | null
}

export interface AgentHooksService {
  /** Takes a hook of an agent: what it says of the agent, and what is to be said to it. */
  handleHook(holder: TokenHolder, body: unknown, signal: AbortSignal): Promise<HookAnswer>
  /** What is wrong with the hooks of a session, in words; null when all is well. */
  findProblem(sessionId: SessionId): Promise<string | null>
  listOutages(tx: Tx): Promise<GuardOutage[]>
  listSubagents(tx: Tx): Promise<Subagent[]>
  listTouched(sessionId: SessionId): Promise<TouchedFile[]>
  dismissOutage(sessionId: SessionId, by: Identity): Promise<void>
  /**
   * Counts edits that agents noted and nobody judged, of sessions that noted nothing for so long. 0 at a start of the app:
   * what was noted before could not be judged by it.
   */
  countUnjudged(quietMs: number): Promise<void>
  /** Brings mail to agents that are idle; for the background loop. */
  wakeIdle(): Promise<void>
  dropOld(tx: Tx, now: number): Promise<void>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  close(): void
}

export const createAgentHooksService = (deps: HooksDeps): AgentHooksService => {
  const recorder = createHookRecorder(deps)
  const answers = createHookAnswers(deps, recorder)
  const waker = createMailWaker(deps)
  const stopListening = deps.onCommit((changes) => {
    answers.follow(changes)
    waker.follow(changes)
  })
  const logFailure = (what: string) => (error: unknown) => deps.log.error({ err: error }, what)

  return {
    handleHook: async (holder, body, signal) => {
      // Every hook is something its agent did.
      Promise.all([deps.leases.noteActivity(holder), deps.tasks.noteActivity(holder)]).catch(
        logFailure('a sign of life was not taken'),
      )
      const hook = await deps.sessions.readGuardHook(holder, body)
      // What it says of the agent's state is written down beside, so that no agent waits for both.
      const observed = deps.asks.handleHook(holder, body, signal)
      // Of an agent whose hooks say no more, each one shows that it went on after what it was told.
      if (hook === null) await deps.mail.noteHook(holder)
      if (hook === null || hook.kind === 'other') return { body: await observed, sent: null }
      const [{ answer, deliveryIds }] = await Promise.all([answers.answer(holder, hook), observed])
      const sent = () =>
        void deps.mail.markInjected(holder, deliveryIds).catch(logFailure('mail was not marked as told'))
      return {
        body: await deps.sessions.writeGuardAnswer(holder, body, answer),
        sent: deliveryIds.length > 0 ? sent : null,
      }
    },
    findProblem: async (sessionId) => {
      const outage = await deps.database.read((tx) => findOutage(tx, sessionId))
      if (!outage || outage.edits === 0) return null
      const edits = outage.edits === 1 ? 'One edit was' : `${outage.edits} edits were`
      return `${edits} not checked against the leases of others; the last one was of ${outage.lastPath}.`
    },
    listOutages,
    listSubagents,
    listTouched: (sessionId) => deps.database.read((tx) => listTouched(tx, sessionId)),
    dismissOutage: recorder.dismissOutage,
    countUnjudged: (quietMs) => countUnjudged(deps, recorder, quietMs),
    wakeIdle: waker.wakeIdle,
    dropOld: dropOldHooks,
    forgetProject: ({ tx }, projectId) => removeHooksOf(tx, projectId),
    close: () => {
      stopListening()
      waker.close()
    },
  }
}
