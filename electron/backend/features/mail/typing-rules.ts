import type { Session } from '../../../../shared/contract/sessions.ts'
import type { InputPlace } from '../../../../shared/pty-protocol/terminals.ts'

/** How long everything has to be quiet before anything is typed. */
export interface TypingPace {
  /** The agent has been idle for so long. */
  readonly idleMs: number
  /** Nobody has typed for so long. */
  readonly inputMs: number
  /** Nothing was printed for so long. */
  readonly outputMs: number
}

export const usualPace: TypingPace = { idleMs: 2000, inputMs: 8000, outputMs: 500 }

export interface TypingFacts {
  readonly session: Pick<Session, 'lifecycle' | 'runtime' | 'activity' | 'isMailTyped'>
  /** Null when nobody can say where its program reads. */
  readonly place: Pick<InputPlace, 'lastInputAt' | 'lastOutputAt'> | null
  readonly isPromptEmpty: boolean
  readonly now: number
  readonly pace: TypingPace
}

export type TypingVerdict =
  | { readonly kind: 'type' }
  /** With the time at which it is worth another look; null where only news of the session can change it. */
  | {
      readonly kind: 'wait'
      readonly why: 'off' | 'not-running' | 'not-idle' | 'unknown-screen' | 'not-quiet' | 'prompt-not-empty'
      readonly until: number | null
    }

/** A prompt that is not empty may be emptied without any news of it. */
const lookAgainMs = 5000

/**
 * Whether something may be typed into the terminal of an agent now. Only when the agent has said by itself that it is idle,
 * has been so for a while, waits at its own empty prompt, and neither it nor anybody at the keyboard stirs.
 */
export const judgeTyping = ({ session, place, isPromptEmpty, now, pace }: TypingFacts): TypingVerdict => {
  const { activity, runtime, lifecycle } = session
  if (!session.isMailTyped) return { kind: 'wait', why: 'off', until: null }
  if (lifecycle !== 'running' || runtime.kind !== 'alive') return { kind: 'wait', why: 'not-running', until: null }
  // An open ask is needs-you, and what was never heard of is unknown: neither is idle.
  if (activity.kind !== 'idle' || !isEvidence(activity.evidence.source))
    return { kind: 'wait', why: 'not-idle', until: null }
  if (place === null) return { kind: 'wait', why: 'unknown-screen', until: now + lookAgainMs }
  const quietAt = Math.max(
    activity.at + pace.idleMs,
    (place.lastInputAt ?? -Infinity) + pace.inputMs,
    (place.lastOutputAt ?? -Infinity) + pace.outputMs,
  )
  if (quietAt > now) return { kind: 'wait', why: 'not-quiet', until: quietAt }
  if (!isPromptEmpty) return { kind: 'wait', why: 'prompt-not-empty', until: now + lookAgainMs }
  return { kind: 'type' }
}

/** What the agent itself says, and not what we made of its process. */
const isEvidence = (source: Session['activity']['evidence']['source']) =>
  source === 'hook' || source === 'title' || source === 'status-file'

/** The agent took up what was typed since: it is in another state than it was then, by its own word. */
export const hasGoneOn = ({ activity, runtime }: Pick<Session, 'activity' | 'runtime'>, since: number): boolean =>
  runtime.kind === 'alive' &&
  activity.kind !== 'unknown' &&
  isEvidence(activity.evidence.source) &&
  activity.at >= since

/** The end of what was typed stands where the cursor is, however it was broken into lines. */
export const isEchoed = (
  { rows, cursorRow, before }: Pick<InputPlace, 'rows' | 'cursorRow' | 'before'>,
  text: string,
) => {
  const letters = (line: string) => line.replace(/\s/gu, '')
  const end = letters(text).slice(-echoLetters)
  return letters([...rows.slice(Math.max(0, cursorRow - echoRows), cursorRow), before].join('')).endsWith(end)
}

const echoLetters = 24
const echoRows = 3
