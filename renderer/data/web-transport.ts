import { RPCLink } from '@orpc/client/websocket'
import type { OpenResult, OpenTransport } from './transport.ts'

interface Page {
  readonly location: Pick<Location, 'origin' | 'host' | 'protocol' | 'hash' | 'pathname' | 'search'>
  readonly history: Pick<History, 'replaceState'>
  readonly fetch: typeof fetch
  readonly WebSocket: typeof WebSocket
}

// A server that accepts and never answers is as good as none; loopback answers in milliseconds.
const openTimeoutMs = 5_000

export interface WebTransport {
  readonly open: OpenTransport
  /** Takes the code of a link that was opened in a page that is there already; false when the address has none. */
  readonly takeLink: () => boolean
}

/**
 * Opens the socket of the web host. A single-use code in the fragment is taken out of the address at once and exchanged
 * for a cookie; every socket then needs a ticket of its own.
 */
export const createWebTransport = (page: Page): WebTransport => {
  let code = takeCode(page)
  const takeLink = () => {
    const found = takeCode(page)
    code = found ?? code
    return found !== null
  }
  const open: OpenTransport = async (signal) => {
    const tried = code
    if (tried !== null) {
      const exchanged = await post(page, '/auth/code', { code: tried }, signal)
      if (exchanged === null) return { kind: 'away', reason: 'Switchyard does not answer.' }
      if (exchanged.status === 429) return { kind: 'away', reason: 'Too many attempts were made. Waiting a moment.' }
      // Spent either way; a refused code may still be beside a good cookie from an earlier visit. Another link may have
      // been opened meanwhile.
      if (code === tried) code = null
    }
    const response = await post(page, '/auth/ticket', {}, signal)
    if (response === null) return { kind: 'away', reason: 'Switchyard does not answer.' }
    if (response.status === 401 || response.status === 403)
      return { kind: 'unauthorised', isLinkRefused: tried !== null }
    if (!response.ok) return { kind: 'away', reason: `Switchyard answered ${response.status}.` }
    const { ticket } = (await response.json()) as { readonly ticket: string }
    return openSocket(page, ticket, signal)
  }
  return { open, takeLink }
}

const takeCode = (page: Page): string | null => {
  const code = new URLSearchParams(page.location.hash.replace(/^#/, '')).get('code')
  if (code === null) return null
  page.history.replaceState(null, '', page.location.pathname + page.location.search)
  return code
}

const post = (page: Page, path: string, body: object, signal: AbortSignal): Promise<Response | null> =>
  page
    .fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(openTimeoutMs)]),
    })
    // `fetch` rejects when nobody listens, and when it was aborted.
    .catch(() => null)

const openSocket = (page: Page, ticket: string, signal: AbortSignal): Promise<OpenResult> =>
  new Promise((resolve) => {
    const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = new page.WebSocket(`${scheme}://${page.location.host}/rpc`, ['switchyard.v1', `ticket.${ticket}`])
    // As a Blob each message would be read asynchronously, and messages could overtake one another.
    socket.binaryType = 'arraybuffer'
    const link = new RPCLink({ websocket: socket })
    const closed = new Promise<void>((settle) => {
      socket.addEventListener('close', () => settle(), { once: true })
    })
    const giveUp = setTimeout(() => socket.close(), openTimeoutMs)
    const abort = () => socket.close()
    signal.addEventListener('abort', abort, { once: true })
    socket.addEventListener(
      'open',
      () => {
        clearTimeout(giveUp)
        resolve({ kind: 'open', transport: { link, closed, close: abort } })
      },
      { once: true },
    )
    void closed.then(() => {
      clearTimeout(giveUp)
      signal.removeEventListener('abort', abort)
      resolve({ kind: 'away', reason: 'The connection was closed.' })
    })
  })
