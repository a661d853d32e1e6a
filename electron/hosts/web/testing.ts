import { RPCLink } from '@orpc/client/websocket'
import { createORPCClient } from '@orpc/client'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { Right } from '../../../shared/contract/base.ts'
import { createBackend } from '../../backend/create-backend.ts'
import { createWebHost } from './create-web-host.ts'

/** A real web host with a real backend on a folder of its own, for tests. */
export const startTestWebHost = async (options: { readonly now?: () => number } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-web-host-'))
  const rendererDir = join(folder, 'renderer')
  mkdirSync(join(rendererDir, 'assets'), { recursive: true })
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Switchyard</title>')
  writeFileSync(join(rendererDir, 'assets', 'app-1a2b.js'), 'document.title = "ready"')
  const dataDir = join(folder, 'data')
  const backend = await createBackend({
    dataDir,
    version: '0.0.0',
    environment: { PATH: process.env['PATH'], HOME: folder },
    home: folder,
    entries: { ptyHost: join(folder, 'no-pty-host.js'), cli: join(folder, 'no-cli.js'), resources: folder },
    capabilities: { kind: 'web', pickFolder: null, openInEditor: async () => false, quit: () => undefined },
  })
  const host = await createWebHost({ ...backend, dataDir, rendererDir, port: 0, now: options.now ?? Date.now })
  return {
    host,
    router: backend.router,
    dataDir,
    origin: `http://127.0.0.1:${host.port}`,
    close: async () => {
      await host.close()
      await backend.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const post = (origin: string, path: string, body: object, cookie = '') =>
  fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, cookie },
    body: JSON.stringify(body),
  })

export type TestHost = Awaited<ReturnType<typeof startTestWebHost>>

/** Spends a fresh link and answers the cookie, as a Cookie header says it. */
export const signIn = async ({ host, origin }: TestHost, right: Right = 'full'): Promise<string> => {
  const code = new URL(host.newLink(right)).hash.replace('#code=', '')
  const response = await post(origin, '/auth/code', { code })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

export const fetchTicket = async ({ origin }: TestHost, cookie: string): Promise<string> => {
  const response = await post(origin, '/auth/ticket', {}, cookie)
  return ((await response.json()) as { ticket?: string }).ticket ?? ''
}

/** Opens a socket with what a page has. Rejects with the answer's status when it is refused. */
export const openSocket = (
  { host, origin }: TestHost,
  sent: { readonly cookie?: string; readonly ticket?: string; readonly origin?: string; readonly host?: string },
): Promise<WebSocket> => {
  const protocols = ['switchyard.v1', ...(sent.ticket === undefined ? [] : [`ticket.${sent.ticket}`])]
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, protocols, {
    headers: {
      ...(sent.cookie === undefined ? {} : { cookie: sent.cookie }),
      origin: sent.origin ?? origin,
      ...(sent.host === undefined ? {} : { host: sent.host }),
    },
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))))
    socket.on('error', reject)
  })
}

/** Signs in and opens a client of the contract. */
export const connect = async (host: TestHost, right: Right = 'full') => {
  const cookie = await signIn(host, right)
  const socket = await openSocket(host, { cookie, ticket: await fetchTicket(host, cookie) })
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  return { client: createORPCClient<ApiClient>(link), socket, cookie }
}
