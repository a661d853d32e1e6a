import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { ConnectionState } from '../data/connection.ts'
import { createRetry, retryDelayMs } from './retry.ts'

const away: ConnectionState = { kind: 'away', since: 0, attempt: 1, reason: 'Lost.' }
const live: ConnectionState = { kind: 'live' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const watch = (promise: Promise<void>) => {
  const state = { isDone: false }
  void promise.then(() => (state.isDone = true))
  return state
}

describe('trying again', () => {
  it('waits longer each time, up to two seconds', () => {
    expect([1, 2, 3, 4, 100].map(retryDelayMs)).toEqual([50, 100, 200, 400, 2000])
  })

  it('waits for the pause and for the connection', async () => {
    const connection = createStore<ConnectionState>(() => away)
    const watched = watch(createRetry(connection)(1, new AbortController().signal))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(watched.isDone).toBe(false)
    connection.setState(live, true)
    await vi.advanceTimersByTimeAsync(0)
    expect(watched.isDone).toBe(true)
  })

  it('pauses on a live connection too, so that a failing backend is not flooded', async () => {
    const watched = watch(createRetry(createStore<ConnectionState>(() => live))(2, new AbortController().signal))
    await vi.advanceTimersByTimeAsync(99)
    expect(watched.isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(watched.isDone).toBe(true)
  })

  it('ends at once when it is aborted, in the pause and in the wait', async () => {
    for (const wait of [0, 5_000]) {
      const stop = new AbortController()
      const watched = watch(createRetry(createStore<ConnectionState>(() => away))(1, stop.signal))
      await vi.advanceTimersByTimeAsync(wait)
      stop.abort()
      await vi.advanceTimersByTimeAsync(0)
      expect(watched.isDone).toBe(true)
      expect(vi.getTimerCount()).toBe(0)
    }
  })
})
