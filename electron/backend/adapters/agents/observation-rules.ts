import type { AskDetail } from '../../../../shared/contract/asks.ts'

/** Who inside the session: its main agent (`main`), or one of its subagents by id. */
export type Worker = string
export const mainWorker: Worker = 'main'
/** Asks the person by a verb of ours: what else the agent does says nothing of whether that was answered. */
export const verbWorker: Worker = 'verb'

/** One call of a tool, as the agent told it. `print` tells calls with different input apart. */
export interface ToolCall {
  readonly worker: Worker
  readonly toolUseId: string | null
  readonly toolName: string
  readonly print: string
}

/** What an agent said of itself by a hook, in the words of no particular agent. */
export type HookFact =
  | { readonly kind: 'session-started'; readonly how: 'started' | 'resumed' | 'cleared' | 'compacted' }
  | { readonly kind: 'turn-began' }
  | { readonly kind: 'tool-began'; readonly call: ToolCall }
  | { readonly kind: 'tool-ended'; readonly call: ToolCall }
  /** All tool calls of one step are over, so no ask of this worker is open any more. */
  | { readonly kind: 'step-ended'; readonly worker: Worker }
  | { readonly kind: 'asked'; readonly call: ToolCall; readonly detail: AskDetail; readonly canAnswerHere: boolean }
  | { readonly kind: 'ask-answered' }
  | { readonly kind: 'busy' }
  /** With `othersWork`, its subagents go on, and it will take their results up. */
  | { readonly kind: 'turn-ended'; readonly othersWork: boolean }
  | { readonly kind: 'session-ended' }
  /** Heard, and it says nothing about the state. */
  | { readonly kind: 'other' }

export interface UsageFact {
  readonly contextPercent: number | null
  readonly costUsd: number | null
  readonly model: string | null
}

export interface HookReading {
  readonly fact: HookFact
  /** In words: "PermissionRequest: Bash". */
  readonly evidence: string
  /** The agent's conversation now, when the hook names it. */
  readonly conversation: { readonly id: string; readonly recordPath: string | null } | null
  readonly usage: UsageFact | null
}

/** A short text that is equal for equal values, whatever the order of their keys. */
export const printOf = (value: unknown): string => {
  const text = canonical(value)
  // cyrb53: 53 bits are plenty to tell the few calls of one step apart, and need no Node.
  let h1 = 0xdeadbeef
  let h2 = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    h1 = Math.imul(h1 ^ unit, 2654435761)
    h2 = Math.imul(h2 ^ unit, 1597334677)
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909)
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909)
  return (4294967296 * (2097151 & h2) + (h1 >>> 0)).toString(36)
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? 'undefined'
