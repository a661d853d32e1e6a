import type { Answer, AskDetail } from '../../../../shared/contract/asks.ts'
import type { AskId, SessionId } from '../../../../shared/lib/ids.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import type { AgentAdapter } from '../../adapters/agents/agent-adapter.ts'
import type { GuardAnswer, GuardHook } from '../../adapters/agents/guard-hook-rules.ts'
import type { HookReading } from '../../adapters/agents/observation-rules.ts'
import type { AskChange } from './activity-rules.ts'
import type { EndParts } from './session-ends.ts'
import type { TokenHolder } from './session-tokens.ts'
import type { AskListener } from './session-watches.ts'
import { findSession } from './sessions-store.ts'

export interface AskedHook {
  readonly body: unknown
  readonly detail: AskDetail
  readonly answer: Answer
}

/** What comes in by hooks, and what goes back. */
export interface HookSide {
  /** The session a token speaks for; null for a token of nobody. Waits until the agents of last time were found again. */
  authenticate(token: string): Promise<TokenHolder | null>
  /** What a hook of this speaker says. */
  readHook(holder: TokenHolder, body: unknown): Promise<HookReading | null>
  /** The answer to a hook that is held open, in the agent's own words. */
  answerHook(holder: TokenHolder, asked: AskedHook): Promise<Result<unknown, 'INVALID' | 'ONLY_IN_TERMINAL'>>
  /** Takes a hook; answers what became of the session's asks. */
  observeHook(holder: TokenHolder, reading: HookReading): Promise<readonly AskChange[]>
  /** The person answered in the app. False when the ask was over already. */
  observeAnswer(sessionId: SessionId, askId: AskId, answer: string): Promise<boolean>
  /** The agent no longer waits for an answer of ours. */
  observeHangUp(holder: TokenHolder, askId: AskId): Promise<void>
  isAskOpen(sessionId: SessionId, askId: AskId): boolean
  /** What a hook means for the work beside others; null of an agent whose hooks say nothing of it. */
  readGuardHook(holder: TokenHolder, body: unknown): Promise<GuardHook | null>
  /** What is said to such a hook, in the agent's own words. */
  writeGuardAnswer(holder: TokenHolder, body: unknown, answer: GuardAnswer): Promise<object>
  /** Puts a text before the session's agent while it is idle; asked for it once the agent can take it. */
  wake(holder: TokenHolder, readText: () => Promise<string | null>): Promise<boolean>
  onAskChanges(listener: AskListener): () => void
}

const mostKnown = 1000

export const createHookSide = ({ deps, tokens, watches }: EndParts, reconciled: Promise<void>): HookSide => {
  /** A session keeps its agent for life, and each of its hooks asks three times. */
  const known = new Map<SessionId, AgentAdapter>()
  const adapterOf = async (sessionId: SessionId): Promise<AgentAdapter | null> => {
    const remembered = known.get(sessionId)
    if (remembered) return remembered
    const record = await deps.database.read((tx) => findSession(tx, sessionId))
    if (!record) return null
    const adapter = deps.agents.adapterOf(record.session.agentId)
    if (known.size >= mostKnown) known.clear()
    known.set(sessionId, adapter)
    return adapter
  }
  return {
    authenticate: async (token) => {
      await reconciled
      return tokens.holderOf(token)
    },
    readHook: async ({ sessionId }, body) => (await adapterOf(sessionId))?.readHook?.(body) ?? null,
    answerHook: async ({ sessionId }, { body, detail, answer }) =>
      (await adapterOf(sessionId))?.answerHook?.(body, detail, answer) ??
      refuse('ONLY_IN_TERMINAL', 'The agent takes this answer only in its terminal.'),
    observeHook: (holder, reading) =>
      watches.observe(holder, { kind: 'hook', fact: reading.fact, evidence: reading.evidence }, reading),
    observeAnswer: async (sessionId, askId, answer) => {
      const holder = watches.holderOf(sessionId)
      const changes = holder ? await watches.observe(holder, { kind: 'answered', askId, answer }) : []
      return changes.length > 0
    },
    observeHangUp: async (holder, askId) => void (await watches.observe(holder, { kind: 'no-longer-held', askId })),
    isAskOpen: watches.isAskOpen,
    readGuardHook: async ({ sessionId }, body) => (await adapterOf(sessionId))?.readGuardHook?.(body) ?? null,
    writeGuardAnswer: async ({ sessionId }, body, answer) =>
      (await adapterOf(sessionId))?.writeGuardAnswer?.(body, answer) ?? {},
    wake: watches.wake,
    onAskChanges: watches.onAskChanges,
  }
}
