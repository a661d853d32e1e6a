import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'

/** One call of a verb: what is asked, not yet known to be well-formed. */
export interface VerbCall {
  readonly name: string
  readonly input: unknown
  /** A repeat with the same one gets the first one's answer; null for a call that is not repeated. */
  readonly requestId: string | null
  /** Aborts when the agent hangs up. */
  readonly signal: AbortSignal
}

export type RunVerb<Speaker> = (speaker: Speaker, call: VerbCall) => Promise<VerbAnswer>
