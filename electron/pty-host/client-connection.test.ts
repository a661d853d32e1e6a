import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFrameDecoder, encodeFrame, type WireFrame } from '../../shared/pty-protocol/framing.ts'
import type { Command } from '../../shared/pty-protocol/messages.ts'
import { serveConnection, textCodec } from './client-connection.ts'

/** The promise is tested with 100,000 in the long mode. */
const MESSAGES = Number(process.env.SWITCHYARD_TEST_MALFORMED ?? 20_000)
const token = 'a'.repeat(64)

let folder = ''
let server: Server
let commands: Command[] = []
const sockets = new Set<Socket>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-socket-'))
  commands = []
  server = createServer((socket) =>
    serveConnection({
      socket,
      token,
      welcome: { hostPid: 1, hostStartedAt: 0, bootId: null },
      greeted: () => undefined,
      command(connection, request, command) {
        commands.push(command)
        connection.send({ kind: 'reply', request, value: null })
      },
      closed: () => undefined,
    }),
  )
  await once(server.listen(join(folder, 'socket')), 'listening')
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Received {
  readonly kind: string
  readonly code?: string
  readonly request?: number | null
}

const open = async () => {
  const socket = connect(join(folder, 'socket'))
  sockets.add(socket)
  const received: Received[] = []
  const decoder = createFrameDecoder(textCodec)
  const waiting = new Set<() => void>()
  let isClosed = false
  socket.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk)) received.push(JSON.parse(frame.text) as Received)
    for (const look of waiting) look()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
    for (const look of waiting) look()
  })
  await once(socket, 'connect')
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!condition() && !isClosed) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    received,
    until,
    isClosed: () => isClosed,
    raw: (bytes: Uint8Array) => socket.write(bytes),
    json: (message: unknown) => socket.write(frameOf(JSON.stringify(message))),
    closed: () => until(() => isClosed),
  }
}

const frameOf = (text: string) => encodeFrame({ kind: 'json', text }, textCodec)
const hello = { kind: 'hello', protocol: { min: 1, max: 1 }, token }

const greeted = async () => {
  const client = await open()
  client.json(hello)
  await client.until(() => client.received.length > 0)
  expect(client.received).toMatchObject([{ kind: 'welcome', protocol: 1 }])
  return client
}

describe('a connection to the host', () => {
  it.each([
    ['a wrong token', { ...hello, token: 'b'.repeat(64) }, 'wrong-token'],
    ['a short token', { ...hello, token: '' }, 'wrong-token'],
    ['a newer protocol', { ...hello, protocol: { min: 3, max: 9 } }, 'incompatible'],
    ['an older protocol', { ...hello, protocol: { min: 0, max: 0 } }, 'incompatible'],
    ['a command before the greeting', { request: 1, command: { kind: 'list' } }, 'bad-message'],
    ['anything else', [1, 2, 3], 'bad-message'],
  ])('refuses %s and closes', async (_name, message, code) => {
    const client = await open()
    client.json(message)
    await client.closed()
    expect(client.received).toMatchObject([{ kind: 'refused', request: null, code, protocol: { min: 1, max: 2 } }])
    expect(commands).toEqual([])
  })

  it('talks to a newer client whose range includes ours', async () => {
    const client = await open()
    client.json({ ...hello, protocol: { min: 1, max: 7 } })
    await client.until(() => client.received.length > 0)
    expect(client.received).toMatchObject([{ kind: 'welcome', protocol: 2 }])
  })

  it.each([
    ['no length', Uint8Array.of(0, 0, 0, 0)],
    ['a length beyond all commands', Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 1)],
    ['an unknown kind', Uint8Array.of(0, 0, 0, 2, 9, 9)],
    ['output, which only we send, cut short', Uint8Array.of(0, 0, 0, 3, 2, 0, 0)],
  ])('says that framing is lost, and closes, at a frame with %s', async (_name, bytes) => {
    const client = await greeted()
    client.raw(bytes)
    await client.closed()
    expect(client.received.at(-1)).toMatchObject({ kind: 'refused', code: 'bad-frame' })
    await greeted()
  })

  it(
    `refuses ${MESSAGES} malformed messages one by one and serves the next good one`,
    { timeout: 300_000 },
    async () => {
      const client = await greeted()
      let seed = 11
      const random: Random = (below) => {
        seed = (seed * 48_271) % 0x7fffffff
        return seed % below
      }
      const batch = 1000
      for (let sent = 0; sent < MESSAGES; sent += batch) {
        const before = client.received.length
        for (let at = 0; at < batch; at += 1) client.raw(frameOf(malformed(random, sent + at)))
        await client.until(() => client.received.length >= before + batch)
        const answers = client.received.splice(before)
        expect(answers).toHaveLength(batch)
        expect(answers.filter(({ kind, code }) => kind !== 'refused' || code !== 'bad-message')).toEqual([])
        expect(client.isClosed()).toBe(false)
      }
      expect(commands).toEqual([])
      client.json({ request: 7, command: { kind: 'list' } })
      await client.until(() => client.received.some(({ request }) => request === 7))
      expect(commands).toEqual([{ kind: 'list' }])
    },
  )

  it('answers commands in whatever pieces they arrive', async () => {
    const client = await greeted()
    const bytes = Buffer.concat(
      [1, 2, 3].map((request) => Buffer.from(frameOf(JSON.stringify({ request, command: { kind: 'list' } })))),
    )
    for (const byte of bytes) client.raw(Uint8Array.of(byte))
    await client.until(() => client.received.length === 4)
    expect(client.received.slice(1).map(({ request }) => request)).toEqual([1, 2, 3])
  })

  it('keeps any text, offset and size through its frames', () => {
    const frames: WireFrame[] = [
      { kind: 'data', channel: 0xffff_ffff, offset: 2 ** 40, text: '日本 👩‍👧 \u0000\u001b' },
      { kind: 'snapshot', channel: 0, offset: 0, cols: 1000, rows: 500, text: '' },
      { kind: 'json', text: '{}' },
    ]
    const decoder = createFrameDecoder(textCodec)
    expect(frames.flatMap((frame) => decoder.push(encodeFrame(frame, textCodec)))).toEqual(frames)
  })
})

type Random = (below: number) => number
const id = 'trm_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const good: readonly Record<string, unknown>[] = [
  { kind: 'write', terminalId: id, writerId: 'w', seq: 1, data: 'x' },
  { kind: 'resize', terminalId: id, cols: 80, rows: 24 },
  { kind: 'attach', terminalId: id, viewerId: 'v', windowId: 'w', channel: 1 },
  { kind: 'stop', terminalId: id, graceMs: 100 },
  { kind: 'acknowledge', viewerId: 'v', units: 1 },
  { kind: 'start', spec: { terminalId: id, argv: ['sh'], cwd: '/', env: {}, cols: 80, rows: 24, scrollbackRows: 0 } },
]
const bad: readonly unknown[] = [null, -1, 1.5, 'x'.repeat(2000), '../../etc/passwd', [], {}, true, 1e308, '__proto__']

/** JSON and not JSON, each wrong in at least one place. */
const malformed = (random: Random, number: number): string => {
  const command = { ...good[random(good.length)] }
  const keys = Object.keys(command)
  const key = keys[random(keys.length)] ?? 'kind'
  switch (number % 6) {
    case 0:
      return JSON.stringify({ request: number, command }).slice(0, 1 + random(40))
    case 1:
      delete command[key]
      return JSON.stringify({ request: number, command })
    case 2:
      return JSON.stringify({ request: number, command: { ...command, [key]: { wrong: bad[random(bad.length)] } } })
    case 3:
      return JSON.stringify({ request: bad[random(2) + 1], command })
    case 4:
      return JSON.stringify(bad[random(bad.length)])
    default:
      return String.fromCharCode(...Array.from({ length: 1 + random(60) }, () => random(0xd800)))
  }
}
