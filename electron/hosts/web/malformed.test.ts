import * as fc from 'fast-check'
import { connect as connectTcp } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { connect, fetchTicket, openSocket, signIn, startTestWebHost, type TestHost } from './testing.ts'

/** Of each of the two kinds. The promise is tested with 50,000 of each in the long mode. */
const count = Number(process.env['SWITCHYARD_TEST_MALFORMED'] ?? 10_000)
// Made in batches: all of them at once would fill the memory.
const batchSize = 1000
function* batches<Value>(arbitrary: fc.Arbitrary<Value>): Generator<readonly Value[]> {
  for (let made = 0; made < count; made += batchSize) yield fc.sample(arbitrary, Math.min(batchSize, count - made))
}
const timeoutMs = 60_000 + count * 20

// A clock of its own, so that the limits on upgrades and tickets, which have their own tests, do not end this one.
let now = 1_000_000
let running: TestHost
beforeAll(async () => {
  running = await startTestWebHost({ now: () => now })
})
afterAll(() => running.close())

/** The process is up and does its work: what every round ends with. */
const expectAlive = async () => {
  now += 60_000
  const { client, socket } = await connect(running)
  expect(await client.host.info()).toMatchObject({ kind: 'web' })
  socket.terminate()
}

const anyBytes = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))
const anyText = fc.string({ unit: 'binary', maxLength: 300 })
const anyDeep = fc.nat({ max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth))
const poisoned = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', '', '\0', '../..', '￿')

/** Messages near to real ones: right in most parts, wrong in one. */
const nearCall = fc
  .record(
    {
      i: fc.oneof(fc.string(), fc.integer(), fc.constant(null), poisoned),
      t: fc.oneof(fc.integer({ min: -2, max: 9 }), fc.string()),
      p: fc.oneof(
        fc.record(
          {
            u: fc.oneof(
              fc.constantFrom('/settings/set', '/host/info', '/changes/subscribe', '/host/listFolders', '/a/b/c', ''),
              fc.webUrl(),
              fc.string(),
              poisoned.map((part) => `/${part}/${part}`),
            ),
            b: fc.jsonValue(),
            h: fc.oneof(fc.dictionary(fc.oneof(fc.string(), poisoned), fc.string()), fc.jsonValue()),
            m: fc.oneof(fc.constantFrom('GET', 'POST', 'DELETE'), fc.string()),
            e: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  .map((message) => JSON.stringify(message))

const cut = fc
  .tuple(nearCall, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([text, at]) => text.slice(0, text.length * at))

const anySocketMessage = fc.oneof(
  { weight: 5, arbitrary: nearCall },
  { weight: 2, arbitrary: cut },
  { weight: 1, arbitrary: anyText },
  { weight: 2, arbitrary: anyBytes },
  {
    weight: 1,
    arbitrary: fc.tuple(nearCall, anyBytes).map(([text, bytes]) => Buffer.concat([Buffer.from(text), bytes])),
  },
  { weight: 1, arbitrary: anyDeep },
)

test(
  `${count} malformed socket messages are answered or end their connection with a code, and the process stays up`,
  async () => {
    const cookie = await signIn(running)
    const closeCodes = new Map<number, number>()
    let socket: WebSocket | undefined
    const reopen = async () => {
      now += 1_000
      const opened = await openSocket(running, { cookie, ticket: await fetchTicket(running, cookie) })
      opened.once('close', (code) => {
        closeCodes.set(code, (closeCodes.get(code) ?? 0) + 1)
        if (socket === opened) socket = undefined
      })
      return opened
    }
    let sent = 0
    for (const messages of batches(anySocketMessage)) {
      for (const message of messages) {
        socket ??= await reopen()
        await new Promise((resolve) => socket?.send(message, resolve))
        // A ping travels behind the message: its pong says that the message was taken in.
        if (++sent % 8 === 0) await roundTrip(socket)
      }
      await expectAlive()
    }
    socket?.terminate()
    await expectAlive()
    expect(sent).toBe(count)
    expect(closeCodes.get(1007)).toBeGreaterThan(0)
    // 1006 is our own terminate at the end; every other end was said with a code.
    expect([...closeCodes.keys()].filter((code) => code !== 1006 && code !== 1007)).toEqual([])
  },
  timeoutMs,
)

const roundTrip = (socket: WebSocket) =>
  new Promise<void>((resolve) => {
    socket.once('pong', () => resolve())
    socket.once('close', () => resolve())
    socket.ping(undefined, undefined, () => undefined)
  })

const requestLine = fc
  .tuple(
    fc.oneof(fc.constantFrom('GET', 'POST', 'CONNECT', 'TRACE', 'PRI', 'get'), fc.string({ maxLength: 20 })),
    fc.oneof(
      fc.constantFrom('/', '/rpc', '/auth/code', '/auth/ticket', '*', 'http://evil.example/', '//', '/%', '/\\'),
      fc.string({ maxLength: 60 }),
      fc.constant(`/${'a'.repeat(20_000)}`),
    ),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', '', 'RTSP/1.0'),
  )
  .map((parts) => parts.join(' '))

const headerLine = fc.oneof(
  fc.constant('Host: 127.0.0.1'),
  fc.constantFrom(
    'Host: evil.example',
    'Content-Length: -1',
    'Content-Length: 99999999999',
    'Content-Length: 5\r\nContent-Length: 6',
    'Transfer-Encoding: chunked\r\nContent-Length: 4',
    'Transfer-Encoding: chunked, identity',
    'Upgrade: websocket\r\nConnection: Upgrade',
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings',
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Version: 99',
    'Sec-WebSocket-Protocol: ,,,ticket.',
    'Cookie: switchyard-1=%E0%A4%A',
    'Expect: 100-continue',
    'Origin: null',
    ' folded: header',
    'bad header name: x',
    `Big: ${'b'.repeat(17_000)}`,
  ),
  fc.string({ maxLength: 80 }),
)

const anyHttpMessage = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(requestLine, fc.array(headerLine, { maxLength: 6 }), anyBytes, fc.boolean())
      .map(([line, headers, body, usesOurHost]) => {
        const host = usesOurHost ? [`Host: 127.0.0.1:${running.host.port}`] : []
        return Buffer.concat([Buffer.from([line, ...host, ...headers, '', ''].join('\r\n'), 'latin1'), body])
      }),
  },
  { weight: 1, arbitrary: anyBytes },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Buffer.from('\r\n\r\n'), Buffer.from('\x16\x03\x01\x02\0'), Buffer.alloc(0)),
  },
)

/** Sends the bytes, says that no more come, and answers the status, or `closed` when the connection just ended. */
const exchange = (bytes: Buffer) =>
  new Promise<string>((resolve) => {
    const socket = connectTcp(running.host.port, '127.0.0.1')
    let text = ''
    socket.on('connect', () => socket.end(bytes))
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'closed'))
  })

test(
  `${count} malformed HTTP messages are refused with a status or cut off, and the process stays up`,
  async () => {
    const outcomes = new Map<string, number>()
    const width = 20
    for (const messages of batches(anyHttpMessage)) {
      for (let at = 0; at < messages.length; at += width) {
        const statuses = await Promise.all(messages.slice(at, at + width).map(exchange))
        for (const status of statuses) outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
      }
      await expectAlive()
    }
    const allowed = /^(closed|100|200|400|401|403|404|405|408|413|417|421|429|431)$/
    expect([...outcomes.keys()].filter((status) => !allowed.test(status))).toEqual([])
    expect([...outcomes.values()].reduce((sum, one) => sum + one, 0)).toBe(count)
  },
  timeoutMs,
)
