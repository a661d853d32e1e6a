import { getRequestListener } from '@hono/node-server'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Backend } from '../../backend/create-backend.ts'
import type { Right } from '../../../shared/contract/base.ts'
import { openAccessTokens, type Access } from './access-tokens.ts'
import { createHttpApp } from './http-app.ts'
import { createOneTimeSecrets } from './one-time-secrets.ts'
import { createRateLimit } from './rate-limit.ts'
import { hostsOfPort, judgeRequest, type Judgement } from './request-rules.ts'
import { securityHeaders } from '../common/security-headers.ts'
import { createSocketServer, refuseUpgrade } from './socket-server.ts'
import { readStaticTable } from '../common/static-table.ts'

const minuteMs = 60_000
/** The link is for the next minute: it may end up in a terminal's scroll-back or a shell's history. */
const codeLifetimeMs = minuteMs
const ticketLifetimeMs = 15_000
// A person with a dozen windows that all reload stays far below these; a page that hammers does not.
const mostUpgradesPerMinute = 120
const mostAttemptsPerMinute = 30

// A request comes from this machine and takes milliseconds. Who dribbles one is only holding a connection.
const headersTimeoutMs = 10_000
const requestTimeoutMs = 15_000
const keepAliveTimeoutMs = 5_000
const mostConnections = 500
const mostHeaderBytes = 16 * 1024

export interface WebHostDeps {
  readonly router: Backend['router']
  readonly log: Backend['log']
  readonly dataDir: string
  /** The built page. */
  readonly rendererDir: string
  /** 0 for any free one, null for the usual one or any when that is taken. */
  readonly port: number | null
  readonly now: () => number
}

export interface WebHost {
  readonly port: number
  /** A link that lets one browser in, once, within a minute. */
  newLink(right: Right): string
  close(): Promise<void>
}

/** Where people find Switchyard when they name no port; 7420 is registered for nothing in wide use. */
const usualPort = 7420

/** Serves the page and its sockets on this machine alone. Rejects when the port cannot be used. */
export const createWebHost = async (deps: WebHostDeps): Promise<WebHost> => {
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: mostHeaderBytes,
    connectionsCheckingInterval: 1000,
  })
  server.maxConnections = mostConnections
  const port = await listenOn(server, deps.port)
  // Browsers may ask for `localhost` at ::1 first. Where there is no IPv6 they fall back by themselves.
  const second = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs })
  const hasSecond = await listen(second, port, '::1').then(
    () => true,
    () => false,
  )
  const allowedHosts = hostsOfPort(port)

  const codes = createOneTimeSecrets<Right>({ lifetimeMs: codeLifetimeMs, most: 20, now: deps.now })
  const tickets = createOneTimeSecrets<Access>({ lifetimeMs: ticketLifetimeMs, most: 200, now: deps.now })
  const tokens = openAccessTokens(deps)
  // Cookies do not know ports: two data folders on two ports must not overwrite each other's.
  const cookieName = `switchyard-${port}`
  const app = createHttpApp({
    files: readStaticTable(deps.rendererDir),
    codes,
    tickets,
    tokens,
    cookieName,
    allowAttempt: createRateLimit({ most: mostAttemptsPerMinute, windowMs: minuteMs, now: deps.now }),
  })
  const sockets = createSocketServer({
    ...deps,
    tickets,
    tokens,
    cookieName,
    allowUpgrade: createRateLimit({ most: mostUpgradesPerMinute, windowMs: minuteMs, now: deps.now }),
  })
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  for (const one of hasSecond ? [server, second] : [server]) {
    one.on('request', guarded(allowedHosts, answer))
    one.on('upgrade', guardedUpgrade(allowedHosts, sockets.upgrade))
  }

  return {
    port,
    newLink: (right) => `http://127.0.0.1:${port}/#code=${codes.issue(right)}`,
    close: async () => {
      sockets.close()
      await Promise.all([closeServer(server), hasSecond ? closeServer(second) : undefined])
    },
  }
}

/** Judges every request before anything else sees it, and puts the headers on every answer, refusals included. */
const guarded =
  (allowedHosts: readonly string[], answer: (request: IncomingMessage, response: ServerResponse) => unknown) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const judgement = judge(request, allowedHosts, false)
    const headers = securityHeaders(judgement.ok ? `ws://${judgement.host}` : null)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (judgement.ok) {
      answer(request, response)
      return
    }
    response.writeHead(judgement.status, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify({ code: judgement.code }))
  }

const guardedUpgrade =
  (allowedHosts: readonly string[], upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void) =>
  (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const judgement = judge(request, allowedHosts, true)
    if (judgement.ok) upgrade(request, socket, head)
    else refuseUpgrade(socket, judgement.status, judgement.code)
  }

const judge = (request: IncomingMessage, allowedHosts: readonly string[], isUpgrade: boolean): Judgement =>
  judgeRequest(
    {
      method: request.method ?? '',
      hosts: request.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'host'),
      origin: request.headers.origin,
      fetchSite: header(request, 'sec-fetch-site'),
      fetchMode: header(request, 'sec-fetch-mode'),
      isUpgrade,
    },
    allowedHosts,
  )

const header = (request: IncomingMessage, name: string) => request.headers[name]?.toString()

const listenOn = async (server: Server, port: number | null): Promise<number> => {
  if (port !== null) return listen(server, port, '127.0.0.1')
  return listen(server, usualPort, '127.0.0.1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return listen(server, 0, '127.0.0.1')
    throw error
  })
}

const listen = (server: Server, port: number, address: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
