import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ChildProcess } from 'node:child_process'
import { WebSocket } from 'ws'
import type { ApiClient } from '../../shared/contract/api.ts'

/** A connection to a web host as a page has it. */
export interface PageClient {
  readonly client: ApiClient
  readonly socket: WebSocket
  readonly cookie: { readonly name: string; readonly value: string }
}

/** The link a web host prints once it listens. */
export const whenListening = (host: ChildProcess): Promise<URL> =>
  new Promise((resolve, reject) => {
    host.once('exit', (code) => reject(new Error(`The host ended with ${code} before it listened.`)))
    host.stdout?.on('data', (chunk: Buffer) => {
      const url = /http:\S+/.exec(chunk.toString())?.[0]
      if (url) resolve(new URL(url))
    })
  })

/** As the page does it: the code for a cookie, the cookie for a ticket, the ticket for a socket. */
export const connectPage = async (link: URL): Promise<PageClient> => {
  const headers = { origin: link.origin, 'content-type': 'application/json' }
  const code = link.hash.slice('#code='.length)
  const entered = await fetch(new URL('/auth/code', link), { method: 'POST', headers, body: JSON.stringify({ code }) })
  const pair = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const equals = pair.indexOf('=')
  const cookie = { name: pair.slice(0, equals), value: pair.slice(equals + 1) }
  return { ...(await connectAgain(link.origin, cookie)), cookie }
}

/** One more page in a browser that was let in before. */
export const connectAgain = async (
  origin: string,
  { name, value }: PageClient['cookie'],
): Promise<Pick<PageClient, 'client' | 'socket'>> => {
  const headers = { origin, cookie: `${name}=${value}` }
  const options = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
  const answered = await fetch(new URL('/auth/ticket', origin), options)
  const { ticket } = (await answered.json()) as { ticket: string }
  const address = new URL('/rpc', origin.replace('http', 'ws'))
  const socket = new WebSocket(address, ['switchyard.v1', `ticket.${ticket}`], { headers })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  // The link uses only what browsers' sockets and this one have in common; their typings differ in the rest.
  const pageSocket: unknown = socket
  const client: ApiClient = createORPCClient(new RPCLink({ websocket: pageSocket as globalThis.WebSocket }))
  return { client, socket }
}
