import type { AgentId } from '../../../shared/contract/agents.ts'
import type { Ask } from '../../../shared/contract/asks.ts'
import { badgeOf } from '../../../shared/contract/session-badge.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { AskId, SessionId } from '../../../shared/lib/ids.ts'

export type NeedsYouEntry =
  | {
      readonly kind: 'ask'
      readonly key: string
      readonly askId: AskId
      readonly sessionId: SessionId
      readonly since: number
    }
  | {
      readonly kind: 'session'
      readonly key: string
      readonly why: 'waits' | 'failed' | 'unknown'
      readonly sessionId: SessionId
      readonly since: number
    }

export interface NeedsYouGroups {
  /** An agent stands still until a person answers. */
  readonly blocking: readonly NeedsYouEntry[]
  /** Worth a look: something failed, or an agent gave no sign for a while. */
  readonly canWait: readonly NeedsYouEntry[]
}

// A hook-driven agent says something every few seconds while it works; two silent minutes are worth a look.
export const silenceMs = 120_000

interface Rows {
  readonly sessions: Iterable<Session>
  readonly asks: Iterable<Ask>
  /** Agents whose state is learnt by hooks: only of these does silence mean anything. */
  readonly talkative: ReadonlySet<AgentId>
}

/** Who needs the person and why, oldest first. */
export const needsYouGroups = (rows: Rows, now: number): NeedsYouGroups => {
  const sessions = [...rows.sessions].filter((session) => session.lifecycle !== 'archived')
  const listed = new Set(sessions.map((session) => session.id))
  const asks = [...rows.asks].filter((ask) => ask.state.kind === 'open' && listed.has(ask.sessionId))
  const asking = new Set(asks.map((ask) => ask.sessionId))
  const blocking: NeedsYouEntry[] = asks.map((ask) => ({
    kind: 'ask',
    key: ask.id,
    askId: ask.id,
    sessionId: ask.sessionId,
    since: ask.openedAt,
  }))
  const canWait: NeedsYouEntry[] = []
  for (const session of sessions) {
    if (asking.has(session.id)) continue
    const entry = entryOf(session, rows.talkative, now)
    if (entry?.why === 'waits') blocking.push(entry)
    else if (entry !== null) canWait.push(entry)
  }
  return { blocking: blocking.sort(oldestFirst), canWait: canWait.sort(oldestFirst) }
}

const entryOf = (session: Session, talkative: ReadonlySet<AgentId>, now: number) => {
  const base = { kind: 'session', key: session.id, sessionId: session.id } as const
  const badge = badgeOf(session)
  if (badge.kind === 'needs-you') return { ...base, why: 'waits', since: session.activity.at } as const
  if (badge.kind === 'failed') return { ...base, why: 'failed', since: session.changedAt } as const
  const isSilent = badge.kind === 'unknown' && talkative.has(session.agentId) && now - session.activity.at >= silenceMs
  return isSilent ? ({ ...base, why: 'unknown', since: session.activity.at } as const) : null
}

const oldestFirst = (a: NeedsYouEntry, b: NeedsYouEntry) => a.since - b.since || (a.key < b.key ? -1 : 1)

/** The entry after the one with this key, round to the first; null when there is none. */
export const nextEntry = (entries: readonly NeedsYouEntry[], key: string | null): NeedsYouEntry | null => {
  const at = entries.findIndex((entry) => entry.key === key)
  return entries[(at + 1) % entries.length] ?? null
}

/** As `nextEntry`, from the session that is looked at. */
export const nextSessionEntry = (
  entries: readonly NeedsYouEntry[],
  sessionId: SessionId | null,
): NeedsYouEntry | null => nextEntry(entries, entries.find((entry) => entry.sessionId === sessionId)?.key ?? null)
