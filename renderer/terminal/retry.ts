import type { StoreApi } from 'zustand/vanilla'
import type { ConnectionState } from '../data/connection.ts'

const firstDelayMs = 50
const longestDelayMs = 2_000

export const retryDelayMs = (attempt: number) => Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 10))

/**
 * Waits until another try is worth it: the connection is live, and a pause that grows with each attempt has passed.
 * Resolves at once when the signal is aborted.
 */
export const createRetry =
  (connection: StoreApi<ConnectionState>) =>
  async (attempt: number, signal: AbortSignal): Promise<void> => {
    await pause(retryDelayMs(attempt), signal)
    await whenLive(connection, signal)
  }

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal.addEventListener('abort', finish)
  })

const whenLive = (connection: StoreApi<ConnectionState>, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted || connection.getState().kind === 'live') return resolve()
    const finish = () => {
      unsubscribe()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const unsubscribe = connection.subscribe((state) => {
      if (state.kind === 'live') finish()
    })
    signal.addEventListener('abort', finish)
  })
