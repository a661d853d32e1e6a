import { networkInterfaces } from 'node:os'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendTo, speaker, startTestGateway, token, type Sent, type TestGateway } from './testing.ts'

let lab: TestGateway
beforeEach(async () => {
  lab = await startTestGateway()
})
afterEach(() => lab.gateway.close())

const send = (sent: Sent) => sendTo(lab.gateway, sent)

/** The promise is tested with 50,000 in the long mode. */
const count = Number(process.env['SWITCHYARD_TEST_MALFORMED'] ?? 5_000)

describe('the agent gateway', () => {
  it('passes a hook on with the speaker of its token, and answers what it is told to', async () => {
    lab.handleHook = async (from, body) => ({ from, body })
    const answer = await send({ body: '{"hook_event_name":"Stop"}' })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual({ from: speaker, body: { hook_event_name: 'Stop' } })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each<[string, Sent, number]>([
    ['no token', { headers: { authorization: undefined } }, 401],
    ['a wrong token', { headers: { authorization: `Bearer ${'b'.repeat(64)}` } }, 401],
    ['a token of another kind', { headers: { authorization: `Basic ${token}` } }, 401],
    ['a page of another site', { headers: { origin: 'https://example.invalid' } }, 403],
    ['a page that says it is us', { headers: { origin: 'http://127.0.0.1' } }, 403],
    ['an opaque origin', { headers: { origin: 'null' } }, 403],
    ['a browser that hides its origin', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['a name pointed at us', { headers: { host: 'attacker.invalid' } }, 421],
    ['our address with another port', { headers: { host: '127.0.0.1:1' } }, 421],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415],
    ['no kind of body', { headers: { 'content-type': undefined } }, 415],
    ['reading', { method: 'GET', body: '' }, 405],
    ['a preflight', { method: 'OPTIONS', body: '' }, 405],
    ['another path', { path: '/' }, 404],
    ['a path that climbs', { path: '/hook/../x' }, 404],
    ['half a JSON', { body: '{"hook_event_name":' }, 400],
    ['no JSON', { body: 'hello' }, 400],
    ['an empty body', { body: '' }, 400],
  ])('refuses %s', async (_name, sent, status) => {
    const answer = await send(sent)
    expect(answer.status).toBe(status)
    expect(lab.heard).toEqual([])
  })

  it('takes a body that is too long without keeping it, and answers its sender', async () => {
    const answer = await send({ body: JSON.stringify({ text: 'x'.repeat(3 * 1024 * 1024) }) })
    expect(answer).toMatchObject({ status: 200, text: '{}' })
    expect(lab.heard).toEqual([])
  })

  it('says when the agent hangs up on a hook that is held open', async () => {
    const hungUp = new Promise<void>((resolve) => {
      lab.handleHook = (_from, _body, signal) =>
        new Promise((answer) => {
          signal.addEventListener('abort', () => {
            resolve()
            answer({})
          })
          sent.destroy()
        })
    })
    const sent = request({
      host: '127.0.0.1',
      port: lab.gateway.port,
      method: 'POST',
      path: '/hook',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    sent.on('error', () => undefined)
    sent.end('{}')
    await hungUp
  })

  it('asks nobody for an agent that hung up while it was found out who it is', async () => {
    const { promise, resolve: tell } = Promise.withResolvers<void>()
    const { promise: knocked, resolve: knock } = Promise.withResolvers<void>()
    const { authenticate } = lab
    lab.authenticate = async (given, route) => {
      knock()
      await promise
      return authenticate(given, route)
    }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const sent = request({ host: '127.0.0.1', port: lab.gateway.port, method: 'POST', path: '/hook', headers })
    sent.on('error', () => undefined)
    sent.end('{"hook_event_name":"PermissionRequest"}')
    await knocked
    sent.destroy()
    // The gateway has seen that end when it has answered a request that was sent after it.
    lab.authenticate = authenticate
    await send({ body: '{"after":1}' })
    tell()
    await send({ body: '{"after":2}' })
    expect(lab.heard).toEqual([{ after: 1 }, { after: 2 }])
  })

  it('answers 500 to a handler that throws, and goes on', async () => {
    lab.handleHook = async () => {
      throw new Error('a bug')
    }
    expect((await send({})).status).toBe(500)
    lab.handleHook = async () => ({ fine: true })
    expect((await send({})).text).toBe('{"fine":true}')
  })

  it('answers 503 with what to do to a disk or a database that does not do its work, and goes on', async () => {
    for (const [code, words] of Object.entries({
      SQLITE_FULL: 'Free some space',
      SQLITE_CORRUPT: 'newest good backup',
    })) {
      const failed = Object.assign(new Error('as SQLite says it'), { code })
      lab.runVerb = () => Promise.reject(failed)
      const { status, text } = await send({ path: '/verb/claim' })
      expect(status).toBe(503)
      const message: unknown = expect.stringContaining(words)
      expect(JSON.parse(text)).toMatchObject({ ok: false, refusal: { code: 'UNAVAILABLE', message } })
    }
    lab.runVerb = async () => ({ ok: true, value: { seq: 8 } })
    expect((await send({ path: '/verb/claim' })).status).toBe(200)
  })

  it('takes its port of last time again, and another one when that is taken', async () => {
    const { port } = lab.gateway
    await lab.gateway.close()
    lab = await startTestGateway([port])
    expect(lab.gateway.port).toBe(port)
    await lab.gateway.close()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', () => resolve()))
    lab = await startTestGateway([port])
    expect(lab.gateway.port).not.toBe(port)
    expect((await send({})).status).toBe(200)
    // Agents that were told of it are heard as soon as it is free.
    await new Promise((resolve) => other.close(resolve))
    const asked = () =>
      sendTo({ ...lab.gateway, port }, {}).then(
        ({ status }) => status,
        () => 0,
      )
    await vi.waitUntil(async () => (await asked()) === 200, { timeout: 20_000, interval: 100 })
    expect((await send({})).status).toBe(200)
    await lab.gateway.close()
    expect(await asked()).toBe(0)
    lab = await startTestGateway([port])
  })

  it('listens on every port that agents were told, and answers each by its own name', async () => {
    const first = lab.gateway.port
    const second = await startTestGateway()
    await Promise.all([lab.gateway.close(), second.gateway.close()])
    lab = await startTestGateway([first, second.gateway.port])
    expect(lab.gateway.port).toBe(first)
    expect((await sendTo({ ...lab.gateway, port: second.gateway.port }, {})).status).toBe(200)
    const headers = { host: `127.0.0.1:${second.gateway.port}` }
    expect((await sendTo(lab.gateway, { headers })).status).toBe(421)
  })

  it('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4')
    if (!outside) return
    const refused = await new Promise<string>((resolve) => {
      const socket = connect({ host: outside.address, port: lab.gateway.port })
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
      socket.on('connect', () => resolve('connected'))
    })
    expect(refused).toBe('ECONNREFUSED')
  })
})

describe('whatever is sent', () => {
  // One connection, many requests: the point is what is sent, not how fast connections open.
  const sendRaw = (lines: readonly Buffer[]) =>
    new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: lab.gateway.port })
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
      socket.on('error', () => resolve(Buffer.concat(chunks).toString('latin1')))
      socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
      for (const line of lines) socket.write(line)
      socket.end()
    })
  const post = (body: Buffer, host = `127.0.0.1:${lab.gateway.port}`) =>
    Buffer.concat([
      Buffer.from(
        `POST /hook HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ])

  it(`a well-formed request with a random body is answered with a code, ${count} times, and the server goes on`, async () => {
    lab.handleHook = async () => ({})
    const bodies = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        fc.string({ maxLength: 60, unit: 'binary' }).map((text) => Buffer.from(text)),
        fc.jsonValue({ maxDepth: 3 }).map((value) => Buffer.from(JSON.stringify(value))),
      ),
      count,
    )
    let answered = 0
    // A malformed body ends its connection, so requests go out in small batches over many connections.
    for (let at = 0; at < bodies.length; at += 400) {
      const texts = await Promise.all(bodies.slice(at, at + 400).map((body) => sendRaw([post(body)])))
      answered += texts.filter((text) => /^HTTP\/1\.1 (200|400) /.test(text)).length
    }
    expect(answered).toBe(bodies.length)
    expect((await send({})).status).toBe(200)
  })

  it(`random bytes instead of HTTP end their own connection alone, ${count / 4} times`, async () => {
    const junk = fc
      .sample(fc.uint8Array({ minLength: 1, maxLength: 200 }), count / 4)
      .map((bytes) => Buffer.from(bytes))
    for (let at = 0; at < junk.length; at += 250) {
      const texts = await Promise.all(junk.slice(at, at + 250).map((bytes) => sendRaw([bytes])))
      for (const text of texts) expect(text === '' || text.startsWith('HTTP/1.1 400')).toBe(true)
    }
    expect((await send({})).status).toBe(200)
    expect(lab.heard).toEqual([{}])
  })

  it('a flood of wrong tokens is refused', async () => {
    const wrong = fc.sample(fc.stringMatching(/^[0-9a-f]{64}$/), 200)
    const answers = await Promise.all(wrong.map((guess) => send({ headers: { authorization: `Bearer ${guess}` } })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
  })
})
