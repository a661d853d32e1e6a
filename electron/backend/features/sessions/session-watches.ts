import type { Activity } from '../../../../shared/contract/sessions.ts'
import type { AskId, SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { AgentAdapter } from '../../adapters/agents/agent-adapter.ts'
import type { HookReading, UsageFact } from '../../adapters/agents/observation-rules.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { activityOf, newWatch, observe, type AskChange, type Observation, type Watch } from './activity-rules.ts'
import { changeRecord } from './change-session.ts'
import type { Incarnation } from './incarnations-store.ts'
import type { SessionsDeps } from './session-parts.ts'
import type { TokenHolder } from './session-tokens.ts'
import { isNews } from './sessions-rules.ts'
import type { SessionRecord } from './sessions-store.ts'

/** An agent that runs, and what is known of it. Kept in memory: the rows hold what follows from it. */
interface Live {
  readonly incarnation: Incarnation
  readonly adapter: AgentAdapter
  watch: Watch
  conversationId: string
  recordPath: string | null
  isPrompted: boolean
  usage: UsageFact | null
  /** Of the terminal's own process; null until it is known. */
  pid: number | null
  stopStatus: () => void
  tellReady: () => void
  /** Runs while the prompt of the start is all there is to go by. */
  promptTimer: NodeJS.Timeout | null
}

export type AskListener = (sessionId: SessionId, changes: readonly AskChange[]) => void

export interface SessionWatches {
  /** Begins to listen to an incarnation, with what is known of it already. */
  begin(incarnation: Incarnation, record: SessionRecord, watch?: Watch): void
  /** Follows the agent's own status file, once its process is known. */
  follow(sessionId: SessionId, pid: number): Promise<void>
  /** Takes something that was heard; answers what became of the session's asks, after it is written down. */
  observe(holder: TokenHolder, observation: Observation, reading?: HookReading): Promise<readonly AskChange[]>
  observeTitle(terminalId: TerminalId, title: string): Promise<void>
  /** Ends the listening; answers what its asks became, for the transaction of the end. */
  end(sessionId: SessionId, why: string): { readonly activity: Activity; readonly changes: readonly AskChange[] }
  /** Tells the listeners of changes that were written elsewhere. */
  tell: AskListener
  activity(sessionId: SessionId): Activity | null
  isAskOpen(sessionId: SessionId, askId: AskId): boolean
  holderOf(sessionId: SessionId): TokenHolder | null
  /** Puts a text before an agent that is idle; false when it is not, or takes none. */
  wake(holder: TokenHolder, readText: () => Promise<string | null>): Promise<boolean>
  /** Settles when the agent first says what it does, or ends. */
  whenReady(sessionId: SessionId): Promise<void>
  onAskChanges(listener: AskListener): () => void
  close(): void
}

export const createSessionWatches = (
  deps: SessionsDeps & {
    /** How long the prompt of its start says that an agent works. */
    readonly promptUnheardMs: number
  },
): SessionWatches => {
  const lives = new Map<SessionId, Live & { readonly ready: Promise<void> }>()
  const listeners = new Set<AskListener>()
  const tell: AskListener = (sessionId, changes) => {
    if (changes.length > 0) for (const listener of listeners) listener(sessionId, changes)
  }

  const take = async (holder: TokenHolder, observation: Observation, reading?: HookReading) => {
    const live = lives.get(holder.sessionId)
    // The token of an earlier start says nothing of this one.
    if (!live || live.incarnation.id !== holder.incarnationId) return []
    const before = activityOf(live.watch)
    const observed = observe(live.watch, observation, deps.clock.now(), () => deps.newId('ask'))
    live.watch = observed.watch
    if (live.watch.base.kind !== 'unknown' || live.watch.asks.length > 0) live.tellReady()
    awaitPrompt(live, holder)
    const isHeard = hear(live, observation, reading)
    const after = activityOf(live.watch)
    if (!isHeard && observed.changes.length === 0 && after.kind === before.kind && after.at === before.at) return []
    await write(deps, live, { before, after, changes: observed.changes })
    tell(holder.sessionId, observed.changes)
    return observed.changes
  }

  const awaitPrompt = (live: Live, holder: TokenHolder) => {
    const isAwaited = live.watch.isPromptGiven && live.watch.base.kind === 'working'
    if (!isAwaited) stopAwaiting(live)
    else
      live.promptTimer ??= setTimeout(() => {
        take(holder, { kind: 'prompt-unheard' }).catch((error: unknown) =>
          deps.log.error({ err: error, session: holder.sessionId }, 'a missing prompt could not be written down'),
        )
      }, deps.promptUnheardMs)
  }

  return {
    begin: (incarnation, record, watch) => {
      const before = lives.get(incarnation.sessionId)
      if (before) letGo(before)
      const isPromptGiven = record.session.prompt !== null && record.promptedAt === null
      const { promise, resolve } = Promise.withResolvers<void>()
      lives.set(incarnation.sessionId, {
        incarnation,
        adapter: deps.agents.adapterOf(record.session.agentId),
        watch: watch ?? newWatch(deps.clock.now(), isPromptGiven),
        conversationId: record.conversationId,
        recordPath: record.recordPath,
        isPrompted: record.promptedAt !== null,
        usage: record.session.usage,
        pid: null,
        stopStatus: () => undefined,
        ready: promise,
        tellReady: resolve,
        promptTimer: null,
      })
    },
    follow: async (sessionId, pid) => {
      const live = lives.get(sessionId)
      if (live) live.pid = pid
      if (!live?.adapter.watchStatus) return
      const holder = { sessionId, incarnationId: live.incarnation.id }
      const environment = await deps.agents.environmentFor(live.adapter.id, {})
      if (lives.get(sessionId) !== live) return
      live.stopStatus()
      live.stopStatus = live.adapter.watchStatus({
        pid,
        conversationId: () => live.conversationId,
        environment,
        now: () => deps.clock.now(),
        onReading: (status) => {
          const conversation = { id: status.conversationId, recordPath: null }
          const reading: HookReading = { fact: { kind: 'other' }, evidence: 'status file', conversation, usage: null }
          take(holder, { kind: 'status', reading: status }, reading).catch((error: unknown) =>
            deps.log.error({ err: error, session: sessionId }, 'a status could not be written down'),
          )
        },
      })
    },
    observe: take,
    observeTitle: async (terminalId, title) => {
      const live = [...lives.values()].find(({ incarnation }) => incarnation.terminalId === terminalId)
      const reading = live?.adapter.readTitle?.(title)
      if (!live || !reading) return
      const { sessionId, id } = live.incarnation
      await take({ sessionId, incarnationId: id }, { kind: 'title', reading })
    },
    end: (sessionId, why) => {
      const live = lives.get(sessionId)
      if (live) letGo(live)
      live?.tellReady()
      lives.delete(sessionId)
      const at = deps.clock.now()
      const ended = observe(live?.watch ?? newWatch(at), { kind: 'process-ended', why }, at, () => deps.newId('ask'))
      return { activity: activityOf(ended.watch), changes: ended.changes }
    },
    tell,
    activity: (sessionId) => {
      const live = lives.get(sessionId)
      return live ? activityOf(live.watch) : null
    },
    isAskOpen: (sessionId, askId) => lives.get(sessionId)?.watch.asks.some((ask) => ask.id === askId) ?? false,
    holderOf: (sessionId) => {
      const live = lives.get(sessionId)
      return live ? { sessionId, incarnationId: live.incarnation.id } : null
    },
    wake: async ({ sessionId, incarnationId }, readText) => {
      const live = lives.get(sessionId)
      return live?.incarnation.id === incarnationId && wakeLive(deps, live, readText)
    },
    whenReady: (sessionId) => lives.get(sessionId)?.ready ?? Promise.resolve(),
    onAskChanges: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => {
      for (const live of lives.values()) letGo(live)
      lives.clear()
    },
  }
}

const stopAwaiting = (live: Live) => {
  if (live.promptTimer) clearTimeout(live.promptTimer)
  live.promptTimer = null
}

const letGo = (live: Live) => {
  live.stopStatus()
  stopAwaiting(live)
}

const wakeLive = async (deps: SessionsDeps, live: Live, readText: () => Promise<string | null>): Promise<boolean> => {
  const { adapter, pid, conversationId, watch } = live
  if (activityOf(watch).kind !== 'idle' || pid === null || !adapter.wake) return false
  return adapter.wake({ pid, conversationId, environment: await deps.agents.environmentFor(adapter.id, {}), readText })
}

/** Notes what was heard beside the state; answers whether anything of it is new. */
const hear = (live: Live, observation: Observation, reading: HookReading | undefined): boolean => {
  let isNew = false
  const { conversation, usage } = reading ?? { conversation: null, usage: null }
  if (conversation && conversation.id !== live.conversationId) {
    // After /clear the agent is in another conversation, which has no prompt yet.
    live.conversationId = conversation.id
    live.recordPath = conversation.recordPath
    live.isPrompted = false
    isNew = true
  } else if (conversation?.recordPath && conversation.recordPath !== live.recordPath) {
    live.recordPath = conversation.recordPath
    isNew = true
  }
  if (observation.kind === 'hook' && observation.fact.kind === 'turn-began' && !live.isPrompted) {
    live.isPrompted = true
    isNew = true
  }
  if (usage && !isSameUsage(usage, live.usage)) {
    live.usage = usage
    isNew = true
  }
  return isNew
}

const isSameUsage = (a: UsageFact, b: UsageFact | null) =>
  a.contextPercent === b?.contextPercent && a.costUsd === b.costUsd && a.model === b.model

const write = async (
  deps: SessionsDeps,
  live: Live,
  { before, after, changes }: { before: Activity; after: Activity; changes: readonly AskChange[] },
) => {
  const { sessionId } = live.incarnation
  const { conversationId, recordPath, isPrompted, usage } = live
  await deps.runCommand({ name: 'observe-session', by: systemIdentity }, async (context) => {
    for (const change of changes) await deps.asks.record(context, sessionId, change)
    await changeRecord(context, sessionId, (record, now) => ({
      ...record,
      conversationId,
      recordPath,
      promptedAt: isPrompted ? (record.promptedAt ?? now) : null,
      session: {
        ...record.session,
        activity: after,
        usage:
          usage && record.session.usage && isSameUsage(usage, record.session.usage)
            ? record.session.usage
            : usage && { ...usage, at: now },
        isUnread: record.session.isUnread || isNews(before, after),
      },
    }))
    return ok(undefined)
  })
}
