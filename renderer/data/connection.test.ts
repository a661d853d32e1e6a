import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { RPCLink } from '@orpc/client/message-port'
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { changesContract, type ChangesItem } from '../../shared/contract/changes.ts'
import { emptySnapshot } from '../dev/fixtures.ts'
import { createConnection, retryDelayMs, type Connection, type ConnectionState } from './connection.ts'
import type { OpenResult } from './transport.ts'

const snapshotAt = (seq: number): ChangesItem => ({ kind: 'snapshot', seq, state: emptySnapshot() })
const changesAt = (seq: number): ChangesItem => ({
  kind: 'changes',
  changes: [{ seq, at: 0, topic: 'settings.changed', payload: { key: 'appearance', value: seq } }],
})

/** A real oRPC server behind a real message port, whose `changes.subscribe` is played by the test. */
const createServer = () => {
  const subscriptions: (number | null)[] = []
  const feeds: { push: (item: ChangesItem) => void; port: NodePort }[] = []
  const router = (port: NodePort) => ({
    changes: {
      subscribe: implement(changesContract).subscribe.handler(async function* ({ input, signal }) {
        subscriptions.push(input.after)
        const waiting: ChangesItem[] = []
        let wake = () => {}
        feeds.push({
          port,
          push: (item) => {
            waiting.push(item)
            wake()
          },
        })
        while (signal?.aborted !== true) {
          for (const item of waiting.splice(0)) yield item
          if (waiting.length > 0) continue
          await new Promise<void>((resolve) => {
            wake = resolve
            signal?.addEventListener('abort', () => resolve(), { once: true })
          })
        }
      }),
    },
  })
  const open = async (): Promise<OpenResult> => {
    const { port1, port2 } = new MessageChannel()
    new RPCHandler(router(port1)).upgrade(port1)
    port1.start()
    const closed = new Promise<void>((resolve) => port2.once('close', () => resolve()))
    const link = new RPCLink({ port: port2 })
    port2.start()
    return { kind: 'open', transport: { link, closed, close: () => port2.close() } }
  }
  return { open, subscriptions, feeds }
}

const connections: Connection[] = []
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close()
})

interface Setting {
  readonly open: () => Promise<OpenResult>
  readonly take?: (item: ChangesItem) => number
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

const start = ({ open, take, sleep }: Setting) => {
  const connection = createConnection({
    open,
    take: take ?? ((item) => (item.kind === 'snapshot' ? item.seq : (item.changes.at(-1)?.seq ?? 0))),
    now: () => 1_000,
    sleep: sleep ?? (() => new Promise((resolve) => setImmediate(resolve))),
  })
  connections.push(connection)
  return connection
}

/** Vitest's own patience is a second, which a loaded machine may take for one message. */
const waitUntil = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 30_000, interval: 5 })

const until = (connection: Connection, kind: ConnectionState['kind']) =>
  new Promise<void>((resolve) => {
    if (connection.state.getState().kind === kind) return resolve()
    const stop = connection.state.subscribe((state) => {
      if (state.kind !== kind) return
      stop()
      resolve()
    })
  })

describe('a connection', () => {
  it('is live from the first item on, and hands every item over in order', async () => {
    const server = createServer()
    const taken: string[] = []
    const connection = start({
      open: server.open,
      take: (item) => {
        taken.push(item.kind)
        return 7
      },
    })
    expect(connection.state.getState()).toEqual({ kind: 'connecting', attempt: 0, reason: null })
    await waitUntil(() => server.feeds.length === 1)
    server.feeds[0]?.push(snapshotAt(7))
    await until(connection, 'live')
    server.feeds[0]?.push(changesAt(8))
    await waitUntil(() => taken.length === 2)
    expect(taken).toEqual(['snapshot', 'changes'])
    expect(server.subscriptions).toEqual([null])
  })

  it('asks only for what came after the last change it holds when it comes back', async () => {
    const server = createServer()
    let held = 0
    const connection = start({
      open: server.open,
      take: (item) => (held = item.kind === 'snapshot' ? item.seq : (item.changes.at(-1)?.seq ?? 0)),
    })
    await waitUntil(() => server.feeds.length === 1)
    server.feeds[0]?.push(snapshotAt(40))
    await until(connection, 'live')
    server.feeds[0]?.push(changesAt(41))
    await waitUntil(() => held === 41)
    const isAway = until(connection, 'away')
    server.feeds[0]?.port.close()
    await isAway
    await waitUntil(() => server.subscriptions.length === 2)
    expect(server.subscriptions).toEqual([null, 41])
    server.feeds[1]?.push(changesAt(42))
    await until(connection, 'live')
  })

  it('says since when it is away and why', async () => {
    const server = createServer()
    let isDown = false
    const connection = start({
      open: () => (isDown ? Promise.resolve({ kind: 'away', reason: 'Nobody home.' }) : server.open()),
    })
    await waitUntil(() => server.feeds.length === 1)
    server.feeds[0]?.push(snapshotAt(1))
    await until(connection, 'live')
    isDown = true
    server.feeds[0]?.port.close()
    await waitUntil(() => {
      const state = connection.state.getState()
      return state.kind === 'away' && state.reason === 'Nobody home.'
    })
    expect(connection.state.getState()).toMatchObject({ kind: 'away', since: 1_000 })
  })

  it('waits longer after each vain attempt, up to five seconds', async () => {
    const waits: number[] = []
    const connection = start({
      open: () => Promise.resolve({ kind: 'away', reason: 'Nobody home.' }),
      sleep: (ms) => {
        waits.push(ms)
        if (waits.length === 9) connection.close()
        return Promise.resolve()
      },
    })
    await waitUntil(() => waits.length === 9)
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000])
    expect(connection.state.getState()).toMatchObject({ kind: 'connecting', reason: 'Nobody home.' })
  })

  it('tries again at once when it is told to', async () => {
    let attempts = 0
    const connection = start({
      open: () => {
        attempts += 1
        return Promise.resolve({ kind: 'away', reason: 'Nobody home.' })
      },
      // Ends only when it is woken: without `retryNow` there is no second attempt.
      sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    })
    await waitUntil(() => attempts === 1)
    await new Promise((resolve) => setImmediate(resolve))
    connection.retryNow()
    await waitUntil(() => attempts === 2)
  })

  it('stops trying when it is not known to the server, until it is told to', async () => {
    const server = createServer()
    let attempts = 0
    let isKnown = false
    const connection = start({
      open: () => {
        attempts += 1
        return isKnown ? server.open() : Promise.resolve({ kind: 'unauthorised', isLinkRefused: attempts > 1 })
      },
    })
    await until(connection, 'unauthorised')
    await new Promise((resolve) => setImmediate(resolve))
    expect(attempts).toBe(1)
    connection.retryNow()
    await vi.waitUntil(() => attempts === 2)
    await vi.waitUntil(() => {
      const state = connection.state.getState()
      return state.kind === 'unauthorised' && state.isLinkRefused
    })
    isKnown = true
    connection.retryNow()
    await vi.waitUntil(() => server.feeds.length === 1)
    // Nothing is shown before there is something to show.
    expect(connection.state.getState().kind).toBe('unauthorised')
    server.feeds[0]?.push(snapshotAt(1))
    await until(connection, 'live')
  })

  it('hears who asks for another attempt while one is being made', async () => {
    let attempts = 0
    let answer: (result: OpenResult) => void = () => {}
    const connection = start({
      open: () => {
        attempts += 1
        return new Promise((resolve) => (answer = resolve))
      },
    })
    await vi.waitUntil(() => attempts === 1)
    connection.retryNow()
    answer({ kind: 'unauthorised', isLinkRefused: false })
    await vi.waitUntil(() => attempts === 2)
  })

  it('is connecting, not away, when nobody answers a browser that was never let in', async () => {
    const results: OpenResult[] = [{ kind: 'unauthorised', isLinkRefused: false }]
    const connection = start({
      open: () => Promise.resolve(results.shift() ?? { kind: 'away', reason: 'Nobody home.' }),
      sleep: () => new Promise(() => {}),
    })
    await until(connection, 'unauthorised')
    connection.retryNow()
    await until(connection, 'connecting')
    expect(connection.state.getState()).toEqual({ kind: 'connecting', attempt: 1, reason: 'Nobody home.' })
  })

  it('refuses calls while it is away instead of keeping them for later', async () => {
    const connection = start({ open: () => new Promise(() => {}) })
    await expect(connection.api.host.info()).rejects.toThrow('Not connected.')
  })
})

describe('retryDelayMs', () => {
  it('never exceeds five seconds, however often it was tried', () => {
    expect(retryDelayMs(0)).toBe(100)
    expect(retryDelayMs(10_000)).toBe(5_000)
  })
})
