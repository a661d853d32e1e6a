import { request, type IncomingHttpHeaders } from 'node:http'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import type { PortKeeper } from './port-keeper.ts'
import { startGateway, type Gateway, type GatewayDeps } from './start-gateway.ts'
import type { VerbCall } from './verb-call.ts'

export const token = 'a'.repeat(64)
export const speaker = { sessionId: 'ses_1', incarnationId: 'inc_1' }
export type TestSpeaker = typeof speaker

/** A gateway in front of no backend: what came in is kept, and what it answers is the test's. */
export interface TestGateway {
  readonly gateway: Gateway
  readonly heard: unknown[]
  /** Where agents were told to ask, one after the other. */
  readonly moves: Parameters<GatewayDeps<TestSpeaker>['moved']>[0][]
  readonly calls: (Omit<VerbCall, 'signal'> & { readonly from: unknown })[]
  authenticate: GatewayDeps<TestSpeaker>['authenticate']
  /** Answers the body of the answer. */
  handleHook: (from: TestSpeaker, body: unknown, signal: AbortSignal) => Promise<unknown>
  /** Called when the answer to a hook has left. */
  sent: () => void
  runVerb: (call: VerbCall) => Promise<VerbAnswer>
}

export const startTestGateway = async (
  knownPorts: readonly number[] = [],
  keeper: PortKeeper | null = null,
): Promise<TestGateway> => {
  const heard: unknown[] = []
  const calls: TestGateway['calls'] = []
  const moves: TestGateway['moves'] = []
  const lab: Omit<TestGateway, 'gateway'> = {
    heard,
    calls,
    moves,
    authenticate: (given) => (given === token ? speaker : null),
    handleHook: async (_from, body) => void heard.push(body),
    sent: () => undefined,
    runVerb: async () => ({ ok: true, value: { seq: 7 } }),
  }
  const gateway = await startGateway<TestSpeaker>({
    authenticate: (given, route) => lab.authenticate(given, route),
    handleHook: async (from, body, signal) => ({
      body: await lab.handleHook(from, body, signal),
      sent: () => lab.sent(),
    }),
    runVerb: (from, call) => {
      const { signal: _signal, ...said } = call
      calls.push({ from, ...said })
      return lab.runVerb(call)
    },
    version: '1.2.3',
    log: { warn: () => undefined },
    knownPorts,
    freshPorts: [],
    keeper,
    moved: async (place) => void moves.push(place),
  })
  return Object.assign(lab, { gateway })
}

/** Lets every verb wait until its agent hangs up. */
export const waitForHangUp = (lab: TestGateway) => {
  const [begun, hungUp] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  lab.runVerb = ({ signal }) =>
    new Promise((answer) => {
      signal.addEventListener('abort', () => {
        hungUp.resolve()
        answer({ ok: true, value: {} })
      })
      begun.resolve()
    })
  return { begun: begun.promise, hungUp: hungUp.promise }
}

export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string | undefined>
  readonly body?: string | Buffer
}

export interface Received {
  readonly status: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

/** Sends to a gateway as an agent would; a header of undefined is left out. */
export const sendTo = (
  gateway: Pick<Gateway, 'port'>,
  { method = 'POST', path = '/hook', headers = {}, body = '{}' }: Sent,
) =>
  new Promise<Received>((resolve, reject) => {
    const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }
    const known = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    const sent = request(
      // A connection of its own: one that was kept open may be closed by the other side as it is taken up again.
      { host: '127.0.0.1', port: gateway.port, method, path, headers: known as never, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
