import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { httpStatusOf } from '../../shared/agent-verbs/exit-codes.ts'
import { idempotencyHeader, idempotencyKeySchema } from '../../shared/agent-verbs/verb-answer.ts'
import { storageProblem } from '../../shared/lib/storage-problem.ts'
import { createMcpEndpoint } from './mcp-endpoint.ts'
import { readBody } from './read-body.ts'
import { routeOf, type Route } from './request-rules.ts'
import { callerOf, type RunVerb } from './verb-call.ts'

export interface HookAnswer {
  readonly body: unknown
  /** Called once the whole answer has left; null when nobody wants to know. */
  readonly sent: (() => void) | null
}

/** What the gateway needs of the backend. */
export interface AnswerDeps<Speaker> {
  /** Who a token belongs to; null for a token of nobody, or of one who may not come in by this route. */
  readonly authenticate: (token: string, route: Route['kind']) => Speaker | null | Promise<Speaker | null>
  /**
   * Answers a hook. The promise may stay open until a person answers; the signal aborts when the agent hangs up.
   */
  readonly handleHook: (speaker: Speaker, body: unknown, signal: AbortSignal) => Promise<HookAnswer>
  readonly runVerb: RunVerb<Speaker>
  readonly version: string
  readonly log: { warn(details: object, message: string): void }
}

/** A hook holds file contents; what is longer than this says nothing we need. */
const mostBodyBytes = 1024 * 1024
// Whoever needs longer to say who it is or what it wants is broken, or holds connections on purpose.
const headersTimeoutMs = 5000
const requestTimeoutMs = 20_000
/** A session holds a few connections at a time; a hundred of them fit well. */
const mostConnections = 1000

/**
 * Makes servers that answer agents: hooks, verbs, and MCP. Each answers for one port, by which those who ask it must call it.
 */
export const createGatewayServers = <Speaker>(deps: AnswerDeps<Speaker>) => {
  const parts = { deps, mcp: createMcpEndpoint(deps) }
  return (port: () => number): Server => createGatewayServer(parts, port)
}

const createGatewayServer = <Speaker>(parts: Parts<Speaker>, port: () => number): Server => {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    (request, response) => {
      handle(parts, port(), request, response).catch((error: unknown) => {
        parts.deps.log.warn({ err: error, url: request.url }, 'what an agent asked could not be answered')
        const trouble = storageProblem(error)
        if (trouble === null)
          reply(response, 500, problem('INTERNAL', 'This is a bug in Switchyard. Its log says more.'))
        else reply(response, 503, problem('UNAVAILABLE', trouble))
      })
    },
  )
  server.maxConnections = mostConnections
  // Expected: half a request, no HTTP at all. Node's own answer is a 400 and the end of the connection.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
  return server
}

interface Parts<Speaker> {
  readonly deps: AnswerDeps<Speaker>
  readonly mcp: ReturnType<typeof createMcpEndpoint<Speaker>>
}

const handle = async <Speaker>(
  parts: Parts<Speaker>,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const routed = routeOf({ method: request.method, url: request.url, headers: request.headers, port })
  if (routed.kind === 'refused') return reply(response, routed.status, problem(routed.code, routed.message))
  const token = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
  const speaker = token === undefined ? null : await parts.deps.authenticate(token, routed.route.kind)
  if (!speaker)
    return reply(response, 401, problem('UNKNOWN_TOKEN', 'This token is of no session that runs. Ask from inside one.'))

  const body = await readBody(request, mostBodyBytes)
  if (body.kind === 'malformed' || body.kind === 'too-long') await tellMistake(parts, speaker, routed.route, request)
  switch (body.kind) {
    case 'cut-off':
      return
    case 'malformed':
      return reply(response, 400, problem('MALFORMED', 'This is no JSON. Send an object in JSON. Nothing was changed.'))
    case 'too-long':
      // From a known agent's hook: an error would be shown in its conversation each time it writes a large file. What the
      // hook would have told shows in the agent's other signs.
      return routed.route.kind === 'hook'
        ? reply(response, 200, {})
        : reply(response, 413, problem('TOO_LONG', 'Send at most 1 MiB; put the rest in a file. Nothing was changed.'))
    case 'json':
      return answerRoute(parts, { speaker, route: routed.route, body: body.value }, request, response)
  }
}

/** Asked all the same, with what no verb takes, so that it is kept who tried. */
const tellMistake = async <Speaker>(
  { deps }: Pick<Parts<Speaker>, 'deps'>,
  speaker: Speaker,
  route: Route,
  { headers }: IncomingMessage,
) => {
  if (route.kind !== 'verb') return
  const call = { name: route.name, input: 'nothing that can be read', requestId: null, caller: callerOf(headers) }
  await deps.runVerb(speaker, { ...call, signal: AbortSignal.abort() })
}

interface Asked<Speaker> {
  readonly speaker: Speaker
  readonly route: Route
  readonly body: unknown
}

const answerRoute = async <Speaker>(
  { deps, mcp }: Parts<Speaker>,
  { speaker, route, body }: Asked<Speaker>,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const hangUp = new AbortController()
  // Every answer's connection closes once; aborting one that was answered would make an error for nobody.
  response.on('close', () => response.writableFinished || hangUp.abort())
  switch (route.kind) {
    case 'hook':
      return replyToHook(response, await deps.handleHook(speaker, body, hangUp.signal))
    case 'mcp': {
      const asked = { speaker, body, signal: hangUp.signal }
      const answer = await mcp.answerCall(asked, request.headers)
      return answer ? reply(response, 200, answer) : mcp.handle(asked, request, response)
    }
    case 'verb': {
      const key = request.headers[idempotencyHeader]
      const requestId = idempotencyKeySchema.optional().safeParse(key)
      if (!requestId.success) {
        await tellMistake({ deps }, speaker, route, request)
        return reply(response, 422, problem('INVALID', badKey))
      }
      const call = {
        name: route.name,
        input: body,
        requestId: requestId.data ?? null,
        caller: callerOf(request.headers),
        signal: hangUp.signal,
      }
      const answer = await deps.runVerb(speaker, call)
      return reply(response, answer.ok ? 200 : httpStatusOf(answer.refusal.code), answer)
    }
  }
}

const badKey = 'An idempotency key has 8 to 64 letters, digits or _ : . - Send another one. Nothing was changed.'

const replyToHook = (response: ServerResponse, { body, sent }: HookAnswer) => {
  // An agent that hung up has not got it.
  if (sent) response.on('finish', sent)
  reply(response, 200, body ?? {})
}

/** Said of everything that does not come as far as a verb, in the same shape as a verb's refusal. */
const problem = (code: string, message: string) => ({ ok: false, error: code, refusal: { code, message } })

const reply = (response: ServerResponse, status: number, body: unknown) => {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 200 ? {} : { connection: 'close' }),
    ...(status === 405 ? { allow: 'POST' } : {}),
  })
  response.end(text)
}
