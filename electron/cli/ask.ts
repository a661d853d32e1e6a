import { randomUUID } from 'node:crypto'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { askDirectly } from './ask-directly.ts'
import { callVerb, type Called, type VerbCall } from './call-verb.ts'
import type { CliWorld } from './cli-world.ts'
import type { Entry } from './entry.ts'

/** How long somebody to answer is waited for: hardly, as long as a restart takes, or as long as work is worth. */
export type Patience = 'none' | 'usual' | 'long'

/** Asks for a verb, wherever it is answered. */
export type Ask = (name: string, input: object, patience: Patience) => Promise<VerbAnswer>

// An app that is upgraded is away for half a minute at most; what a command did for hours is not thrown away sooner.
const longPausesMs = [...Array.from({ length: 4 }, () => 250), ...Array.from({ length: 60 }, () => 2000)]
const pausesOf = { none: [], usual: undefined, long: longPausesMs } as const

/** How often the app is looked for, and how long the line for the database is stood in each time. */
const roundsOf = {
  none: { rounds: 1, turnMs: 3000 },
  usual: { rounds: 2, turnMs: 15_000 },
  long: { rounds: 40, turnMs: 15_000 },
} as const

/** Asks the app; while it does not run, works on the database as it would, under the same request id. */
export const reach = async (world: CliWorld, entry: Entry, call: VerbCall, patience: Patience): Promise<Called> => {
  const { door, dataDir } = entry
  if (dataDir === null) return callVerb(door, call, pausesOf[patience])
  let mayHaveRun = false
  for (let round = 0; round < roundsOf[patience].rounds; round += 1) {
    const called = await callVerb(door, call, [])
    if (called.kind === 'answered') return called
    mayHaveRun ||= called.mayHaveRun
    const answer = await askDirectly(world, { ...entry, dataDir }, call, roundsOf[patience].turnMs)
    if (answer) return { kind: 'answered', answer }
  }
  return { kind: 'away', mayHaveRun }
}

export const createAsk =
  (world: CliWorld, entry: Entry): Ask =>
  async (name, input, patience) => {
    const called = await reach(world, entry, { name, input: { ...input }, requestId: randomUUID() }, patience)
    return called.kind === 'answered' ? called.answer : unrecorded(name)
  }

const unrecorded = (name: string): VerbAnswer => {
  const message = `Switchyard does not answer, so "${name}" was not recorded. Look at the task in the app.`
  return { ok: false, refusal: { code: 'UNAVAILABLE', message } }
}
