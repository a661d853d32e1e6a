import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { startHeartbeat } from './heartbeat.ts'

const ends: (() => void)[] = []
// The clock is the test's: an answer that is late counts as none, and a busy machine answers late.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => {
  for (const end of ends.splice(0)) end()
  vi.useRealTimers()
})

const everyMs = 20_000

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
  const closed = once(socket, 'close')
  const [[atServer]] = await Promise.all([once(server, 'connection') as Promise<[WebSocket]>, once(socket, 'open')])
  return { socket, atServer, closed }
}

describe('the heartbeat of the web host', () => {
  it('keeps a connection that answers, however often it asks', async () => {
    const { socket, atServer } = await connect({ autoPong: true })
    for (let round = 0; round < 3; round += 1) {
      const answered = once(atServer, 'pong')
      vi.advanceTimersByTime(everyMs)
      await answered
    }
    vi.advanceTimersByTime(everyMs - 1)
    expect([socket.readyState, atServer.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN])
  })

  it('cuts a connection that was asked and does not answer', async () => {
    const { socket, atServer, closed } = await connect({ autoPong: false })
    const asked = once(socket, 'ping')
    vi.advanceTimersByTime(everyMs)
    await asked
    expect(atServer.readyState).toBe(WebSocket.OPEN)
    vi.advanceTimersByTime(everyMs)
    await closed
  })
})
