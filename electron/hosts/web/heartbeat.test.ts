import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { startHeartbeat } from './heartbeat.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

// Long enough for an answer on a busy machine, since an answer that is late counts as none.
const everyMs = 500

const connect = async (options: { readonly autoPong: boolean }) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const heartbeat = startHeartbeat(server.clients, everyMs)
  server.on('connection', heartbeat.watch)
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options)
  ends.push(() => {
    heartbeat.stop()
    socket.terminate()
    server.close()
  })
  const pings = { count: 0 }
  socket.on('ping', () => (pings.count += 1))
  const closed = once(socket, 'close')
  await once(socket, 'open')
  return { socket, pings, closed }
}

describe('the heartbeat of the web host', () => {
  it('keeps a connection that answers, however often it asks', async () => {
    const { socket, pings } = await connect({ autoPong: true })
    await expect.poll(() => pings.count, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
    expect(socket.readyState).toBe(WebSocket.OPEN)
  })

  it('cuts a connection that was asked and does not answer', async () => {
    const { pings, closed } = await connect({ autoPong: false })
    await closed
    expect(pings.count).toBe(1)
  })
})
