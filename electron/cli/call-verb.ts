import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { awayHeader } from '../../shared/agent-verbs/command-door.ts'
import { idempotencyHeader, verbAnswerSchema, type VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { parseJson } from './parse-json.ts'

export interface VerbCall {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  readonly requestId: string
}

/** `mayHaveRun`: the call was on its way when the connection ended. */
export type Called =
  { readonly kind: 'answered'; readonly answer: VerbAnswer } | { readonly kind: 'away'; readonly mayHaveRun: boolean }

export interface Door {
  /** Read again at each try: an app that starts again may listen elsewhere. */
  readonly findUrl: () => string | null
  /** The person's own is another one then. */
  readonly findToken: () => string | null
  /** What is told besides. */
  readonly headers: Readonly<Record<string, string>>
}

/** Verbs that wait are told how long in seconds; every other one answers in a moment. */
const answerMs = 30_000
// An app that restarts is back in a second or two. The first pauses are short, for one that only dropped a connection.
const pausesMs = [50, 200, 500, 1000]

/** Asks the app. A call whose connection broke is repeated under the same request id, which makes that harmless. */
export const callVerb = async (door: Door, call: VerbCall, pauses: readonly number[] = pausesMs): Promise<Called> => {
  let mayHaveRun = false
  for (const pauseMs of [0, ...pauses]) {
    // Many workers that lost the same app must not come back in the same moment.
    if (pauseMs > 0) await delay(pauseMs * (0.5 + Math.random()))
    const [url, token] = [door.findUrl(), door.findToken()]
    const isThere = url !== null && token !== null
    const sent = isThere ? await send(url, { ...door.headers, authorization: `Bearer ${token}` }, call) : nobody
    if (sent.kind === 'answered') return sent
    mayHaveRun ||= sent.mayHaveRun
  }
  return { kind: 'away', mayHaveRun }
}

const nobody = { kind: 'away', mayHaveRun: false } as const

const send = (url: string, who: Door['headers'], { name, input, requestId }: VerbCall): Promise<Called> =>
  new Promise((resolve) => {
    const body = Buffer.from(JSON.stringify(input))
    const waitMs = typeof input['seconds'] === 'number' ? input['seconds'] * 1000 : 0
    const headers = {
      ...who,
      'content-type': 'application/json',
      'content-length': body.length,
      [idempotencyHeader]: requestId,
    }
    let isConnected = false
    const away = () => resolve({ kind: 'away', mayHaveRun: isConnected })
    const options = { method: 'POST', headers, timeout: answerMs + waitMs, agent: false }
    const sent = request(`${url}/verb/${name}`, options, (response) => {
      if (response.headers[awayHeader] !== undefined) {
        response.resume()
        return resolve(nobody)
      }
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', away)
      response.on('end', () =>
        resolve({ kind: 'answered', answer: answerOf(response.statusCode ?? 0, Buffer.concat(chunks).toString()) }),
      )
    })
    sent.on('socket', (socket) => socket.once('connect', () => (isConnected = true)))
    sent.on('timeout', () => sent.destroy())
    sent.on('error', away)
    sent.end(body)
  })

const answerOf = (status: number, text: string): VerbAnswer => {
  const parsed = verbAnswerSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  if (status === 401) {
    const message =
      'Your session is not known to the app: its token has ended. Start the session again in Switchyard and run the command there.'
    return { ok: false, refusal: { code: 'UNKNOWN_TOKEN', message } }
  }
  const message = `The app answered ${status} and nothing that can be read. It may be of another version: restart it.`
  return { ok: false, refusal: { code: 'INTERNAL', message } }
}
