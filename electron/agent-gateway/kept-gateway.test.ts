import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKeptPorts, type KeptPorts } from '../pty-host/kept-ports.ts'
import type { PortKeeper } from './port-keeper.ts'
import { sendTo, startTestGateway, type TestGateway } from './testing.ts'

let folder: string
let ports: KeptPorts
/** Each a gateway that was opened, in the order in which they were. */
let labs: TestGateway[]
let listeners: Set<(change: 'lost' | 'connected') => void>
let isAble: boolean
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-kept-'))
  ports = createKeptPorts()
  labs = []
  listeners = new Set()
  isAble = true
})
afterEach(async () => {
  await Promise.all(labs.map(({ gateway }) => gateway.close()))
  ports.close()
  rmSync(folder, { recursive: true, force: true })
})

let sockets = 0
/** The ports that the PTY host keeps, without the host around them. */
const keeper: PortKeeper = {
  keep: async (port, passTo) => {
    if (!isAble) return { kind: 'unable' }
    const kept = await ports.keep(port, passTo)
    return kept.ok ? { kind: 'kept', ...kept.value } : { kind: 'taken' }
  },
  newSocketPath: () => join(folder, `gateway-${(sockets += 1)}.sock`),
  onChange: (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
const change = (what: 'lost' | 'connected') => listeners.forEach((listener) => listener(what))

const open = async (knownPorts: readonly number[] = []) => {
  const lab = await startTestGateway(knownPorts, keeper)
  labs.push(lab)
  return lab
}
/** What is answered on this port, and by whom. */
const ask = (port: number, path = '/verb/brief') =>
  sendTo({ port }, { path }).then(
    ({ status, headers }) => (headers['switchyard-away'] === '1' ? 'away' : status),
    (error: NodeJS.ErrnoException) => error.code,
  )
const squat = async (port: number): Promise<Server> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}

describe('a gateway whose port is kept', () => {
  it('is heard through it, by the name of that port alone, and behind a socket that is its own', async () => {
    const lab = await open()
    expect(lab.moves).toEqual([{ port: lab.gateway.port, url: lab.gateway.url }])
    expect(await ask(lab.gateway.port)).toBe(200)
    const headers = { host: `127.0.0.1:${lab.gateway.port + 1}` }
    expect((await sendTo(lab.gateway, { headers })).status).toBe(421)
    expect(statSync(join(folder, `gateway-${sockets}.sock`)).mode & 0o777).toBe(0o600)
  })

  it('leaves it kept at its end, and is there again at the next start', async () => {
    const first = await open()
    const { port } = first.gateway
    await first.gateway.close()
    expect([await ask(port), await ask(port, '/hook')]).toEqual(['away', 'away'])
    const second = await open([port])
    expect(second.gateway.port).toBe(port)
    expect(await ask(port)).toBe(200)
    expect([first.calls.length, second.calls.length]).toEqual([0, 1])
  })

  it('has all the ports kept that agents were told', async () => {
    const [one, two] = [await open(), await open()]
    const known = [one.gateway.port, two.gateway.port]
    await Promise.all([one.gateway.close(), two.gateway.close()])
    const lab = await open(known)
    expect(lab.gateway.port).toBe(known[0])
    expect(await Promise.all(known.map((port) => ask(port)))).toEqual([200, 200])
    await lab.gateway.close()
    expect(await Promise.all(known.map((port) => ask(port)))).toEqual(['away', 'away'])
  })
})

describe('a keeper that comes and goes', () => {
  it('that is too old leaves the gateway to listen itself; a newer one takes over, and nobody is cut off', async () => {
    isAble = false
    const lab = await open()
    const { port } = lab.gateway
    expect(await ask(port)).toBe(200)
    const { promise: answer, resolve: decide } = Promise.withResolvers<void>()
    const { promise: asked, resolve: tell } = Promise.withResolvers<void>()
    lab.handleHook = async () => {
      tell()
      return answer.then(() => ({ decided: true }))
    }
    const held = sendTo(lab.gateway, {})
    await asked
    isAble = true
    change('connected')
    // Kept from now on: asked for again by others, it is there already.
    await vi.waitUntil(async () => (await ports.keep(port, join(folder, `gateway-${sockets}.sock`))).ok)
    decide()
    expect((await held).text).toBe('{"decided":true}')
    expect(await ask(port)).toBe(200)
    expect(lab.gateway.port).toBe(port)
    await lab.gateway.close()
    expect(await ask(port)).toBe('away')
  })

  it('that was lost is asked to keep the same port again; nobody is told of it meanwhile', async () => {
    const lab = await open()
    const { port } = lab.gateway
    ports.close()
    change('lost')
    await vi.waitUntil(() => lab.moves.length === 3)
    expect(lab.moves.map((place) => place?.port ?? null)).toEqual([port, null, port])
    expect(await ask(port)).toBe(200)
  })

  it('that was lost with its port to somebody else gets another one, and the old one once that is free', async () => {
    const lab = await open()
    const { port } = lab.gateway
    ports.close()
    const squatter = await squat(port)
    change('lost')
    await vi.waitUntil(() => lab.moves.length === 3)
    const next = lab.gateway.port
    expect(lab.moves.map((place) => place?.port ?? null)).toEqual([port, null, next])
    expect(next).not.toBe(port)
    expect(await ask(next)).toBe(200)
    await new Promise((resolve) => squatter.close(resolve))
    await vi.waitUntil(async () => (await ask(port)) === 200, { timeout: 20_000, interval: 100 })
    expect(lab.gateway.port).toBe(next)
  })

  it('that only lost sight of the app is told anew where it is', async () => {
    const lab = await open()
    ports.forgetApp()
    expect(await ask(lab.gateway.port)).toBe('away')
    change('connected')
    await vi.waitUntil(async () => (await ask(lab.gateway.port)) === 200)
    expect(lab.moves).toHaveLength(1)
  })
})
