import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, request, type IncomingMessage, type Server as HttpServer } from 'node:http'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeptPorts, type KeptPorts } from './kept-ports.ts'

const secret = 'Bearer 0123456789abcdef'
let folder: string
let ports: KeptPorts
let port: number
const opened: (HttpServer | Server)[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-ports-'))
  ports = createKeptPorts()
  port = await keep(0, 'nobody.sock')
})
afterEach(async () => {
  ports.close()
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

const keep = async (wanted: number, socket: string): Promise<number> => {
  const kept = await ports.keep(wanted, join(folder, socket))
  return kept.ok ? kept.value.port : 0
}

/** An app that listens on its private socket. */
const openApp = async (socket: string, answer: Parameters<typeof createHttpServer>[1]) => {
  const server = createHttpServer(answer)
  opened.push(server)
  await once(server.listen(join(folder, socket)), 'listening')
  return server
}

/** Sends it through the kept port, as an agent would. */
const post = (path: string, body = '{}') =>
  new Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }>((resolve, reject) => {
    const headers = { authorization: secret, 'content-type': 'application/json' }
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path, headers, agent: false }, (response) => {
      text(response).then(
        (all) => resolve({ status: response.statusCode ?? 0, text: all, headers: response.headers }),
        reject,
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })

/** All that comes back for these bytes, until the connection ends. */
const sendRaw = (bytes: string, { thenEnds = false } = {}) => {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  socket.write(bytes)
  if (thenEnds) socket.end()
  return text(socket).finally(() => socket.destroy())
}

const listenAs = (other: Server, wanted: number) =>
  new Promise<string>((resolve) => {
    opened.push(other)
    other.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    other.listen({ host: '127.0.0.1', port: wanted, exclusive: true }, () => resolve('listens'))
  })

describe('a kept port', () => {
  it('is nobody else’s, whether the app is there or not, until the end', async () => {
    expect(await listenAs(createServer(), port)).toBe('EADDRINUSE')
    await openApp('app.sock', (_request, response) => response.end('app'))
    expect(await keep(port, 'app.sock')).toBe(port)
    expect(await listenAs(createServer(), port)).toBe('EADDRINUSE')
    ports.forgetApp()
    expect(await listenAs(createServer(), port)).toBe('EADDRINUSE')
    ports.close()
    expect(await listenAs(createServer(), port)).toBe('listens')
  })

  it('is refused while another program has it, and kept as soon as that is gone', async () => {
    const other = createServer()
    expect(await listenAs(other, 0)).toBe('listens')
    const taken = (other.address() as { port: number }).port
    expect(await ports.keep(taken, 'x')).toMatchObject({ ok: false, refusal: { code: 'port-taken' } })
    await new Promise((resolve) => other.close(resolve))
    expect(await keep(taken, 'x')).toBe(taken)
  })

  it('asked for twice in one moment is kept once', async () => {
    ports.close()
    expect(await Promise.all([keep(port, 'one'), keep(port, 'two')])).toEqual([port, port])
  })
})

describe('while the app is there', () => {
  it('requests of any size reach it and are answered, over one connection or many', async () => {
    await openApp('app.sock', (asked, response) => {
      void text(asked).then((body) => response.end(`${asked.headers.authorization} ${asked.url} ${body}`))
    })
    await keep(port, 'app.sock')
    const large = 'x'.repeat(5_000_000)
    const answers = await Promise.all(['{}', large, 'y'].map((body, index) => post(`/verb/n${index}`, body)))
    expect(answers.map(({ text: all }) => all)).toEqual([
      `${secret} /verb/n0 {}`,
      `${secret} /verb/n1 ${large}`,
      `${secret} /verb/n2 y`,
    ])
    const twice = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    expect((await sendRaw(twice)).match(/undefined \/[ab]/g)).toEqual(['undefined /a', 'undefined /b'])
  })

  it('an answer arrives whole at an agent that reads slowly, also after the app has ended the connection', async () => {
    const large = 'z'.repeat(8_000_000)
    await openApp('app.sock', (_asked, response) => response.setHeader('connection', 'close').end(large))
    await keep(port, 'app.sock')
    const socket = connect({ host: '127.0.0.1', port })
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'connect')
    // The first bytes are there, and as many as the system keeps; the rest waits for its reader.
    await once(socket, 'readable')
    expect((await text(socket)).endsWith(large)).toBe(true)
  })

  it('an agent that hangs up is heard to hang up', async () => {
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>()
    const { promise: left, resolve: tellLeft } = Promise.withResolvers<void>()
    await openApp('app.sock', (_request, response) => {
      response.on('close', tellLeft)
      tellAsked()
    })
    await keep(port, 'app.sock')
    const socket = connect({ host: '127.0.0.1', port })
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked
    socket.destroy()
    await left
  })

  it('an app that dies ends the requests that it had begun, and the next one is told that it is away', async () => {
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>()
    const app = await openApp('app.sock', () => tellAsked())
    await keep(port, 'app.sock')
    const held = post('/hook').then(
      () => 'answered',
      (error: NodeJS.ErrnoException) => error.code,
    )
    await asked
    app.close()
    app.closeAllConnections()
    expect(await held).toBe('ECONNRESET')
    // Its socket is gone, and nobody has said yet that it is.
    expect((await post('/verb/brief')).headers['switchyard-away']).toBe('1')
  })
})

describe('while the app is away', () => {
  it('a hook is answered at once, with nothing decided, and says by whom', async () => {
    const answer = await post('/hook', JSON.stringify({ hook_event_name: 'PreToolUse', text: 'x'.repeat(900_000) }))
    expect(answer).toMatchObject({ status: 200, text: '{}', headers: { 'switchyard-away': '1', connection: 'close' } })
  })

  it.each(['/verb/tasks.claim', '/mcp', '/', '/hooks'])('%s is told that nothing was done', async (path) => {
    const answer = await post(path)
    expect(answer).toMatchObject({ status: 503, headers: { 'switchyard-away': '1' } })
    expect(JSON.parse(answer.text)).toMatchObject({ ok: false, refusal: { code: 'UNAVAILABLE' } })
    expect(answer.text).not.toContain(secret.slice(7))
  })

  it('whatever else is said gets the same answer, and silence none', async () => {
    expect(await sendRaw('\0\u0001junk')).toMatch(/^HTTP\/1.1 503 /)
    expect(await sendRaw('POST /hook ', { thenEnds: true })).toMatch(/^HTTP\/1.1 200 /)
    expect(await sendRaw('', { thenEnds: true })).toBe('')
  })

  it('nothing is passed on to what was the app’s socket, once the app is known to be gone', async () => {
    let knocks = 0
    await openApp('app.sock', (_request, response) => {
      knocks += 1
      response.end()
    })
    await keep(port, 'app.sock')
    expect((await post('/hook')).headers['switchyard-away']).toBeUndefined()
    ports.forgetApp()
    expect((await post('/hook')).headers['switchyard-away']).toBe('1')
    expect(knocks).toBe(1)
    // The next app says where it is, and is found there.
    await keep(port, 'app.sock')
    expect((await post('/hook')).headers['switchyard-away']).toBeUndefined()
  })
})
