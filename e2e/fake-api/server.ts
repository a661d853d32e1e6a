import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  findPlace,
  kindOf,
  smallestValue,
  toldIn,
  toolResultsOf,
  workingDirectoryOf,
  type MessagesRequest,
  type RequestKind,
} from './conversation.ts'
import { scripts, type Step } from './scripts.ts'
import { newId, sendStep } from './stream.ts'

export interface SeenRequest {
  readonly kind: RequestKind
  readonly session: string
  readonly cwd: string
  readonly script: string | null
  readonly step: number
  readonly messages: number
  /** The texts of the tool results it brought. */
  readonly results: readonly string[]
  /** All that the model is told: the system's text, and every message that is not its own. */
  readonly told: string
}

export interface FakeApi {
  readonly url: string
  /** Every request of an agent so far, in the order of arrival. */
  readonly requests: readonly SeenRequest[]
  /** The gates at which answers are waiting. */
  waiting(): readonly string[]
  /** Lets everything through that waits at the gate now, and everything that comes later. */
  release(gate: string): void
  close(): Promise<void>
}

/**
 * A scripted stand-in for the model's API on this machine. A directive in the prompt picks the script; see scripts.ts.
 * Prompts without one, and scripts that are over, get a short answer.
 */
export const startFakeApi = async (): Promise<FakeApi> => {
  const requests: SeenRequest[] = []
  const gates = createGates()
  const server = createServer((request, response) => {
    void answer(request, response, requests, gates.pass)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    waiting: gates.waiting,
    release: gates.open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const createGates = () => {
  const opened = new Set<string>()
  const waiting = new Map<string, Set<() => void>>()
  return {
    waiting: () => [...waiting.keys()],
    open: (gate: string) => {
      opened.add(gate)
      for (const resolve of waiting.get(gate) ?? []) resolve()
      waiting.delete(gate)
    },
    pass: (gate: string, response: ServerResponse) =>
      new Promise<void>((resolve) => {
        if (opened.has(gate) || response.destroyed) return resolve()
        const here = waiting.get(gate) ?? new Set()
        waiting.set(gate, here.add(resolve))
        // Who asked may be gone before the gate opens.
        response.once('close', () => {
          here.delete(resolve)
          if (here.size === 0 && waiting.get(gate) === here) waiting.delete(gate)
          resolve()
        })
      }),
  }
}

type PassGate = (gate: string, response: ServerResponse) => Promise<void>

const answer = async (request: IncomingMessage, response: ServerResponse, requests: SeenRequest[], pass: PassGate) => {
  const body = await readBody(request)
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  const json = (status: number, value: object) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req') })
      .end(JSON.stringify(value))
  if (path === '/v1/messages' && request.method === 'POST') {
    await answerMessages(JSON.parse(body) as MessagesRequest, request, response, { requests, pass })
  } else if (path === '/v1/messages/count_tokens') {
    json(200, { input_tokens: Math.ceil(body.length / 4) })
  } else if (path === '/v1/models') {
    json(200, { data: [], has_more: false, first_id: null, last_id: null })
  } else if (path === '/') {
    // The CLI asks whether anybody is there.
    response.writeHead(200).end()
  } else {
    json(404, { type: 'error', error: { type: 'not_found_error', message: 'Not found' } })
  }
}

const answerMessages = async (
  asked: MessagesRequest,
  request: IncomingMessage,
  response: ServerResponse,
  deps: { readonly requests: SeenRequest[]; readonly pass: PassGate },
) => {
  const place = findPlace(asked.messages)
  const kind = kindOf(asked)
  const cwd = workingDirectoryOf(asked)
  deps.requests.push({
    kind,
    session: request.headers['x-claude-code-session-id']?.toString() ?? '',
    cwd,
    script: place?.script ?? null,
    step: place?.step ?? 0,
    messages: asked.messages.length,
    results: toolResultsOf(asked).map((result) => result.text),
    told: toldIn(asked),
  })
  const step = kind === 'main' ? stepOf(asked, cwd) : sideStep(kind, asked)
  if (step.gate) await deps.pass(step.gate, response)
  if (!response.destroyed) await sendStep(response, asked, step, (gate) => deps.pass(gate, response))
}

const over: Step = { text: 'Done.' }

const stepOf = (asked: MessagesRequest, cwd: string): Step => {
  const place = findPlace(asked.messages)
  if (place === null) return over
  const script = scripts[place.script]
  if (script === undefined) return { text: `There is no script named "${place.script}".` }
  return script[place.step]?.({ cwd, args: place.args, results: toolResultsOf(asked) }) ?? over
}

/** The CLI's own small requests must not use up a step of the script. */
const sideStep = (kind: Exclude<RequestKind, 'main'>, asked: MessagesRequest): Step => {
  if (kind === 'structured') return { text: JSON.stringify(smallestValue(asked.output_config?.format?.schema)) }
  return { text: kind === 'compact' ? '<summary>A scripted summary.</summary>' : 'ok' }
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
