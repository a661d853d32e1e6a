import { statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { storageProblem } from '../../shared/lib/storage-problem.ts'
import type { Direct } from '../backend/open-direct.ts'
import type { VerbCall } from './call-verb.ts'
import type { CliWorld } from './cli-world.ts'
import { gatewayFileOf, type Entry, type Who } from './entry.ts'

/** While a place in line is waited for, others must have their turns. */
const lookEveryMs = 500

/**
 * Answers a verb on the database itself. One turn for each word: between them the app may start, and others may work. Null
 * when no turn was had in time, or when the app began to listen meanwhile: then it is the one to ask.
 */
export const askDirectly = async (
  world: CliWorld,
  { who, dataDir }: Pick<Entry, 'who'> & { readonly dataDir: string },
  call: VerbCall,
  mostMs: number,
): Promise<VerbAnswer | null> => {
  const { version, environment, home, entries } = world
  // The whole backend, which a command that the app answers does without.
  const { withDirect } = await import('../backend/open-direct.ts')
  const { takeTurn } = await import('../hosts/common/take-turn.ts')
  const file = gatewayFileOf(dataDir)
  const before = changedAt(file)
  const take = async () => {
    const options = { dataDir, version, environment, home, entries }
    const work = () => withDirect(options, (direct) => answer(direct, who, call))
    const taken = takeTurn(dataDir, work, mostMs, () => changedAt(file) !== before)
    return taken.then((turn) => turn?.value ?? null, tellTrouble)
  }
  const until = Date.now() + secondsOf(call) * 1000
  for (;;) {
    const answered = await take()
    const isWaiting = call.name === 'lease.wait' && answered?.ok === true && answered.value['ended'] === null
    if (!isWaiting || Date.now() + lookEveryMs > until) return answered
    await delay(lookEveryMs)
  }
}

/** A disk or a database that does not do its work is no bug of the command. */
const tellTrouble = (error: unknown): VerbAnswer => {
  const trouble = storageProblem(error)
  if (trouble === null) throw error
  return refusal('UNAVAILABLE', trouble)
}

const secondsOf = ({ name, input }: VerbCall): number =>
  name === 'lease.wait' ? (typeof input['seconds'] === 'number' ? input['seconds'] : 60) : 0

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

const refusal = (code: string, message: string): VerbAnswer => ({ ok: false, refusal: { code, message } })

const answer = async (direct: Direct, who: Who, { name, input, requestId }: VerbCall): Promise<VerbAnswer> => {
  // Nobody is kept waiting here while the database is held.
  const call = { name, input, requestId, signal: AbortSignal.abort() }
  if (who.kind === 'person') return direct.runPersonVerb(who, call)
  const holder = await direct.findTokenHolder(who.token)
  if (!holder)
    return refusal('UNKNOWN_TOKEN', 'Your session has ended, and its token with it. Start it again in Switchyard.')
  if (name === 'ask-human')
    return refusal(
      'UNAVAILABLE',
      'The person is asked by the app, which does not run. Write to them (mail send person): they find it there.',
    )
  return direct.runVerb(holder, call)
}
