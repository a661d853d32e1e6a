import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Transport } from './transport.ts'
import { createWebTransport } from './web-transport.ts'

const goodCode = 'a-good-code'
const servers: { close: () => void }[] = []
const transports: Transport[] = []
afterEach(() => {
  for (const transport of transports.splice(0)) transport.close()
  for (const server of servers.splice(0)) server.close()
})

const readBody = async (request: IncomingMessage) => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text) as { readonly code?: string }
}

/** A real server that speaks the three steps: a code for a cookie, a cookie for a ticket, a ticket for a socket. */
const serve = async (answers: { readonly codeStatus?: number; readonly isKnown?: boolean } = {}) => {
  const heard: { path: string; code?: string | undefined; protocols?: string | undefined }[] = []
  let isKnown = answers.isKnown ?? false
  const http: Server = createServer((request, response) => {
    void (async () => {
      const body = await readBody(request)
      heard.push({ path: request.url ?? '', ...('code' in body ? { code: body.code } : {}) })
      if (request.url === '/auth/code') {
        const status = answers.codeStatus ?? (body.code === goodCode ? 204 : 401)
        if (status === 204) isKnown = true
        return response.writeHead(status).end()
      }
      if (!isKnown) return response.writeHead(401, { 'content-type': 'application/json' }).end('{}')
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{"ticket":"t1"}')
    })()
  })
  const sockets = new WebSocketServer({ server: http, path: '/rpc', handleProtocols: () => 'switchyard.v1' })
  sockets.on('connection', (_socket, request) =>
    heard.push({ path: '/rpc', protocols: request.headers['sec-websocket-protocol'] }),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  servers.push({
    close: () => {
      for (const client of sockets.clients) client.terminate()
      http.closeAllConnections()
      http.close()
    },
  })
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`
  return { host, heard, sockets }
}

const pageAt = (host: string, hash: string) => {
  const replaceState = vi.fn()
  return {
    replaceState,
    page: {
      location: { origin: `http://${host}`, host, protocol: 'http:', hash, pathname: '/', search: '?a=1' },
      history: { replaceState },
      fetch: ((path: string, init: RequestInit) => fetch(`http://${host}${path}`, init)) as typeof fetch,
      WebSocket,
    },
  }
}

const signal = () => new AbortController().signal

describe('the web transport', () => {
  it('exchanges the code, takes it out of the address at once, and opens a socket with a ticket', async () => {
    const { host, heard } = await serve()
    const { page, replaceState } = pageAt(host, `#code=${goodCode}`)
    const { open } = createWebTransport(page)
    // Before any answer: the code must not stand in the address, the history or a screenshot.
    expect(replaceState).toHaveBeenCalledWith(null, '', '/?a=1')
    const opened = await open(signal())
    expect(opened.kind).toBe('open')
    if (opened.kind === 'open') transports.push(opened.transport)
    await vi.waitUntil(() => heard.length === 3, { timeout: 30_000 })
    expect(heard).toEqual([
      { path: '/auth/code', code: goodCode },
      { path: '/auth/ticket' },
      { path: '/rpc', protocols: 'switchyard.v1, ticket.t1' },
    ])
  })

  it('goes straight for a ticket when it came without a code, and leaves the address alone', async () => {
    const { host, heard } = await serve({ isKnown: true })
    const { page, replaceState } = pageAt(host, '')
    const opened = await createWebTransport(page).open(signal())
    expect(opened.kind).toBe('open')
    if (opened.kind === 'open') transports.push(opened.transport)
    expect(replaceState).not.toHaveBeenCalled()
    expect(heard[0]).toEqual({ path: '/auth/ticket' })
  })

  it('is unauthorised when neither code nor cookie is good', async () => {
    const { host } = await serve()
    const { open } = createWebTransport(pageAt(host, '#code=spent').page)
    expect(await open(signal())).toEqual({ kind: 'unauthorised', isLinkRefused: true })
    expect(await open(signal())).toEqual({ kind: 'unauthorised', isLinkRefused: false })
  })

  it('still gets in with a good cookie when the code was spent before', async () => {
    const { host } = await serve({ isKnown: true, codeStatus: 401 })
    const opened = await createWebTransport(pageAt(host, '#code=spent').page).open(signal())
    expect(opened.kind).toBe('open')
    if (opened.kind === 'open') transports.push(opened.transport)
  })

  it('takes the link that is opened while the page is there, out of the address at once', async () => {
    const { host } = await serve()
    const { page, replaceState } = pageAt(host, '')
    const transport = createWebTransport(page)
    expect((await transport.open(signal())).kind).toBe('unauthorised')
    expect(transport.takeLink()).toBe(false)
    page.location.hash = `#code=${goodCode}`
    expect(transport.takeLink()).toBe(true)
    expect(replaceState).toHaveBeenCalledWith(null, '', '/?a=1')
    const opened = await transport.open(signal())
    expect(opened.kind).toBe('open')
    if (opened.kind === 'open') transports.push(opened.transport)
  })

  it('keeps a link that is opened while another one is being tried', async () => {
    const { host, heard } = await serve()
    const { page } = pageAt(host, '#code=spent')
    const transport = createWebTransport(page)
    const first = transport.open(signal())
    page.location.hash = `#code=${goodCode}`
    transport.takeLink()
    expect((await first).kind).toBe('unauthorised')
    const opened = await transport.open(signal())
    expect(opened.kind).toBe('open')
    if (opened.kind === 'open') transports.push(opened.transport)
    expect(heard.flatMap(({ code }) => code ?? [])).toEqual(['spent', goodCode])
  })

  it('keeps the code for the next attempt when nobody answered or too many tried', async () => {
    const { host, heard } = await serve({ codeStatus: 429 })
    const { open } = createWebTransport(pageAt(host, `#code=${goodCode}`).page)
    expect((await open(signal())).kind).toBe('away')
    expect((await open(signal())).kind).toBe('away')
    expect(heard.map((request) => request.code)).toEqual([goodCode, goodCode])
  })

  it('is away when nobody listens', async () => {
    const { host } = await serve()
    const { page } = pageAt(host, '')
    for (const server of servers.splice(0)) server.close()
    expect((await createWebTransport(page).open(signal())).kind).toBe('away')
  })

  it('says so when an open socket is closed by the other side', async () => {
    const { host, sockets } = await serve({ isKnown: true })
    const opened = await createWebTransport(pageAt(host, '').page).open(signal())
    if (opened.kind !== 'open') throw new Error('It did not open.')
    for (const client of sockets.clients) client.close()
    await opened.transport.closed
  })
})
