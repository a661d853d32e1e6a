import type { IncomingHttpHeaders } from 'node:http'
import { folderHeader, processHeader } from '../../shared/agent-verbs/command-door.ts'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'

/** Nothing of it is known to be true. */
export interface Caller {
  readonly folder: string
  readonly pid: number
}

/** One call of a verb: what is asked, not yet known to be well-formed. */
export interface VerbCall {
  readonly name: string
  readonly input: unknown
  /** A repeat with the same one gets the first one's answer; null for a call that is not repeated. */
  readonly requestId: string | null
  /** Which folder and process a command of the person says it is asked from; null when it says nothing. */
  readonly caller: Caller | null
  /** Aborts when the agent hangs up. */
  readonly signal: AbortSignal
}

/** What a command says of itself; null of anybody else. */
export const callerOf = (headers: IncomingHttpHeaders): Caller | null => {
  const [folder, pid] = [headers[folderHeader], headers[processHeader]]
  if (typeof folder !== 'string' || typeof pid !== 'string') return null
  return { folder: Buffer.from(folder, 'base64url').toString('utf8'), pid: Number(pid) }
}

export type RunVerb<Speaker> = (speaker: Speaker, call: VerbCall) => Promise<VerbAnswer>
