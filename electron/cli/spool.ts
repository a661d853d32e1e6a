import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { isVerbName, verbs } from '../../shared/agent-verbs/verbs.ts'
import { idempotencyKeySchema } from '../../shared/agent-verbs/verb-answer.ts'
import { answerKeptMs, mostSpooled } from './spool-limits.ts'
import type { Called, VerbCall } from './call-verb.ts'
import { parseJson } from './parse-json.ts'

const spooledSchema = z.object({
  name: z.string().refine((name) => isVerbName(name) && verbs[name].whileAway === 'spools'),
  input: z.record(z.string(), z.unknown()),
  requestId: idempotencyKeySchema,
  at: z.number(),
})
type Spooled = z.infer<typeof spooledSchema>

/** Heartbeats and notes that wait for the app. Each is a file of its own, so that many processes may add at once. */
export interface Spool {
  /** False when it holds as much as it may. */
  add(call: VerbCall): Promise<boolean>
  /**
   * Sends what waits, oldest first, as long as the app answers. Answers in words what was refused and is given up.
   */
  deliver(send: (call: VerbCall) => Promise<Called>): Promise<readonly string[]>
}

/** The spool of one session, below the folder of the file that says where the gateway is. Holds no token. */
export const spoolFolderOf = (gatewayFile: string, session: string): string =>
  join(dirname(gatewayFile), session, 'spool')

export const createSpool = (folder: string, now: () => number): Spool => ({
  add: async (call) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await listWaiting(folder)).length >= mostSpooled) return false
    const at = now()
    // Sorts by time; 13 digits last beyond the year 2200.
    const name = `${String(at).padStart(13, '0')}-${call.requestId.replaceAll(':', '.')}`
    await writeFile(join(folder, `${name}.part`), JSON.stringify({ ...call, at } satisfies Spooled), { mode: 0o600 })
    await rename(join(folder, `${name}.part`), join(folder, `${name}.json`))
    return true
  },
  deliver: async (send) => {
    const givenUp: string[] = []
    for (const name of await listWaiting(folder)) {
      const path = join(folder, name)
      const text = await readFile(path, 'utf8').catch(() => null)
      // Another command of the session has sent it in the meantime.
      if (text === null) continue
      const outcome = await deliverOne(text, now(), send)
      if (outcome.kind === 'away') return givenUp
      if (outcome.kind === 'given-up') givenUp.push(outcome.why)
      await rm(path, { force: true })
    }
    return givenUp
  },
})

type Delivery =
  { readonly kind: 'done' } | { readonly kind: 'away' } | { readonly kind: 'given-up'; readonly why: string }

/** Two processes may send the same one; its request id makes the second harmless. */
const deliverOne = async (text: string, now: number, send: (call: VerbCall) => Promise<Called>): Promise<Delivery> => {
  const parsed = spooledSchema.safeParse(parseJson(text))
  if (!parsed.success) return { kind: 'given-up', why: 'A note kept for later could not be read and was dropped.' }
  const { at, ...call } = parsed.data
  // After that a repeat is not recognised any more.
  if (now - at > answerKeptMs)
    return { kind: 'given-up', why: `A ${call.name} kept for later became too old and was dropped.` }
  const called = await send(call)
  if (called.kind === 'away') return called
  if (called.answer.ok) return { kind: 'done' }
  return { kind: 'given-up', why: `A ${call.name} kept for later was refused: ${called.answer.refusal.message}` }
}

const listWaiting = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
