import { randomUUID } from 'node:crypto'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { callVerb, type Door } from './call-verb.ts'

/** How long an app that is away is waited for: not at all, as long as a restart takes, or as long as work is worth. */
export type Patience = 'none' | 'usual' | 'long'

/** Asks for a verb, wherever it is answered. */
export type Ask = (name: string, input: object, patience: Patience) => Promise<VerbAnswer>

// An app that is upgraded is away for half a minute at most; what a command did for hours is not thrown away sooner.
const longPausesMs = [...Array.from({ length: 4 }, () => 250), ...Array.from({ length: 60 }, () => 2000)]

/** Asks the app that runs. */
export const askThrough =
  (door: Door): Ask =>
  async (name, input, patience) => {
    const call = { name, input: { ...input }, requestId: randomUUID() }
    const pauses = { none: [], usual: undefined, long: longPausesMs }[patience]
    const called = await callVerb(door, call, pauses)
    return called.kind === 'answered' ? called.answer : unrecorded(name)
  }

export const unrecorded = (name: string): VerbAnswer => {
  const message = `Switchyard does not answer, so "${name}" was not recorded. Look at the task in the app.`
  return { ok: false, refusal: { code: 'UNAVAILABLE', message } }
}
