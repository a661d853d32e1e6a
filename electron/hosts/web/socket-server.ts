import { RPCHandler } from '@orpc/server/websocket'
import { parse as parseCookies } from 'hono/utils/cookie'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Backend, Log } from '../../backend/create-backend.ts'
import type { Access, AccessTokens } from './access-tokens.ts'
import { accessOf } from './http-app.ts'
import { startHeartbeat } from './heartbeat.ts'
import type { OneTimeSecrets } from './one-time-secrets.ts'

export const socketPath = '/rpc'
/** The name of what is spoken on the socket. The ticket travels beside it, where no log of addresses sees it. */
export const protocolName = 'switchyard.v1'
const ticketPrefix = 'ticket.'

const mostMessageBytes = 1024 * 1024
// A page that stops reading while terminals go on would fill our memory. It is dropped and comes back with a snapshot.
const mostUnsentBytes = 64 * 1024 * 1024
const heartbeatMs = 20_000

export interface SocketServerDeps {
  readonly router: Backend['router']
  readonly log: Log
  readonly tickets: OneTimeSecrets<Access>
  readonly tokens: AccessTokens
  readonly cookieName: string
  /** Counts an upgrade and says whether it is allowed. */
  readonly allowUpgrade: () => boolean
}

export interface SocketServer {
  /** Takes over a connection whose host and origin were judged already. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** Sockets for pages: each needs a cookie and a ticket that was fetched with that cookie a moment ago. */
export const createSocketServer = (deps: SocketServerDeps): SocketServer => {
  const server = new WebSocketServer({
    noServer: true,
    // Loopback is faster than any compression, and a compressed message is as large as it says only once it is unpacked.
    perMessageDeflate: false,
    maxPayload: mostMessageBytes,
    handleProtocols: (offered) => (offered.has(protocolName) ? protocolName : false),
  })
  const handler = new RPCHandler(deps.router)
  const heartbeat = startHeartbeat(server.clients, heartbeatMs)

  return {
    upgrade: (request, socket, head) => {
      if (!deps.allowUpgrade()) return refuseUpgrade(socket, 429, 'TOO_MANY_UPGRADES')
      if (request.url !== socketPath) return refuseUpgrade(socket, 404, 'NOT_FOUND')
      const cookie = parseCookies(request.headers.cookie ?? '')[deps.cookieName]
      const holder = accessOf(cookie, deps.tokens)
      if (holder === undefined) return refuseUpgrade(socket, 401, 'NOT_SIGNED_IN')
      const granted = deps.tickets.redeem(ticketOf(request) ?? '')
      if (granted?.id !== holder.id) return refuseUpgrade(socket, 401, 'NO_TICKET')
      server.handleUpgrade(request, socket, head, (opened) => {
        heartbeat.watch(opened)
        serve(opened, holder, handler, deps.log)
      })
    },
    close: () => {
      heartbeat.stop()
      for (const socket of server.clients) socket.close(1001, 'Switchyard is closing.')
      // Whoever does not say goodbye within a second is cut off.
      setTimeout(() => server.clients.forEach((socket) => socket.terminate()), 1000).unref()
      server.close()
    },
  }
}

type Handler = RPCHandler<{ identity: { kind: 'person'; id: string; right: Access['right'] } }>

const serve = (socket: WebSocket, holder: Access, handler: Handler, log: Log) => {
  const context = { identity: { kind: 'person' as const, id: holder.id, right: holder.right } }
  const peer = {
    addEventListener: socket.addEventListener.bind(socket),
    send: (message: Parameters<WebSocket['send']>[0]) => {
      if (socket.bufferedAmount > mostUnsentBytes) socket.terminate()
      else socket.send(message)
    },
  } as Pick<globalThis.WebSocket, 'addEventListener' | 'send'>

  socket.on('message', (data, isBinary) => {
    // What cannot be understood ends the connection with a code, and nothing else: the page connects again.
    handler
      .message(peer, isBinary ? toArrayBuffer(data) : toBuffer(data).toString('utf8'), { context })
      .catch((error: unknown) => {
        log.warn({ reason: String(error).slice(0, 200) }, 'a malformed message arrived')
        socket.close(1007, 'MALFORMED')
      })
  })
  socket.on('close', () => handler.close(peer))
  // Too long a message, a bad frame: `ws` has sent the code already and closes.
  socket.on('error', () => undefined)
}

const toBuffer = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data

/** A copy of exactly these bytes: small ones lie in a buffer that is shared with others. */
const toArrayBuffer = (data: RawData): ArrayBuffer => new Uint8Array(toBuffer(data)).buffer

const ticketOf = (request: IncomingMessage): string | undefined =>
  request.headers['sec-websocket-protocol']
    ?.split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith(ticketPrefix))
    ?.slice(ticketPrefix.length, 200)

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
}

/** Answers an upgrade that is not wanted, and closes. */
export const refuseUpgrade = (socket: Duplex, status: number, code: string): void => {
  const body = JSON.stringify({ code })
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  )
}
