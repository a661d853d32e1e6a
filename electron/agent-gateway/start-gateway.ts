import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from './read-body.ts'
import { refusalOf } from './request-rules.ts'

/** What the gateway needs of the backend. */
export interface GatewayDeps<Speaker> {
  /** The session and its start that a token belongs to; null for a token of nobody. */
  readonly authenticate: (token: string) => Speaker | null | Promise<Speaker | null>
  /**
   * Answers a hook. The promise may stay open until a person answers; the signal aborts when the agent hangs up.
   */
  readonly handleHook: (speaker: Speaker, body: unknown, signal: AbortSignal) => Promise<unknown>
  readonly log: { warn(details: object, message: string): void }
  /** The port of last time, so that the settings of running agents still fit. */
  readonly preferredPort: number | null
}

export interface Gateway {
  readonly port: number
  readonly url: string
  /** Ends every open request and stops listening. */
  close(): Promise<void>
}

/** A hook holds file contents; what is longer than this says nothing we need. */
const mostBodyBytes = 1024 * 1024
// Whoever needs longer to say who it is or what it wants is broken, or holds connections on purpose.
const headersTimeoutMs = 5000
const requestTimeoutMs = 20_000
/** A session holds a few connections at a time; a hundred of them fit well. */
const mostConnections = 1000

/** Listens on loopback for what agents have to say. Only POST /hook exists. */
export const startGateway = async <Speaker>(deps: GatewayDeps<Speaker>): Promise<Gateway> => {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    (request, response) => {
      handle(deps, portOf(server), request, response).catch((error: unknown) => {
        deps.log.warn({ err: error }, 'a hook could not be handled')
        reply(response, 500, { error: 'INTERNAL' })
      })
    },
  )
  server.maxConnections = mostConnections
  // Expected: half a request, no HTTP at all. Node's own answer is a 400 and the end of the connection.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
  const port = (await listen(server, deps.preferredPort ?? 0)) ?? (await listen(server, 0))
  if (port === null) throw new Error('No port on 127.0.0.1 is free.')
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const handle = async <Speaker>(
  deps: GatewayDeps<Speaker>,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const refusal = refusalOf({ method: request.method, url: request.url, headers: request.headers, port })
  if (refusal) return reply(response, refusal.status, { error: refusal.code })
  const token = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
  const speaker = token === undefined ? null : await deps.authenticate(token)
  if (!speaker) return reply(response, 401, { error: 'UNKNOWN_TOKEN' })

  const body = await readBody(request, mostBodyBytes)
  switch (body.kind) {
    case 'cut-off':
      return
    case 'malformed':
      return reply(response, 400, { error: 'MALFORMED' })
    case 'too-long':
      // From a known agent: an error would be shown in its conversation each time it writes a large file. What the hook
      // would have told shows in the agent's other signs.
      return reply(response, 200, {})
    case 'json': {
      const hangUp = new AbortController()
      response.on('close', () => hangUp.abort())
      return reply(response, 200, (await deps.handleHook(speaker, body.value, hangUp.signal)) ?? {})
    }
  }
}

const reply = (response: ServerResponse, status: number, body: unknown) => {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 200 ? {} : { connection: 'close' }),
  })
  response.end(text)
}

/** The port that was got; null when it is taken. */
const listen = (server: Server, port: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error)
    server.once('error', onError)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', onError)
      resolve(portOf(server))
    })
  })

const portOf = (server: Server) => (server.address() as AddressInfo).port
