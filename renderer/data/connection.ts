import { createORPCClient, DynamicLink } from '@orpc/client'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiClient } from '../../shared/contract/api.ts'
import type { ChangesItem } from '../../shared/contract/changes.ts'
import type { Link, OpenResult, OpenTransport, Transport } from './transport.ts'

export type ConnectionState =
  /** Before the first snapshot. */
  | { readonly kind: 'connecting'; readonly attempt: number; readonly reason: string | null }
  | { readonly kind: 'live' }
  /** It was live and is being sought again; what is shown is what was last known. */
  | { readonly kind: 'away'; readonly since: number; readonly attempt: number; readonly reason: string }
  /** Nothing is tried until somebody asks for it: a link was opened, or the person is back. */
  | { readonly kind: 'unauthorised'; readonly isLinkRefused: boolean }

export interface Connection {
  readonly api: ApiClient
  readonly state: StoreApi<ConnectionState>
  /** Tries again at once instead of waiting for the next turn. */
  retryNow(): void
  close(): void
}

export interface ConnectionDeps {
  readonly open: OpenTransport
  /** Gets the items of `changes.subscribe` in order. Returns the number of the last change it holds. */
  readonly take: (item: ChangesItem) => number
  readonly now: () => number
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

// Fast at first, since a restarted app is back within a second; later slow enough to cost nothing.
const firstRetryMs = 100
const longestRetryMs = 5_000
export const retryDelayMs = (attempt: number) => Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempt, 10))

const unreadable: OpenResult = { kind: 'away', reason: 'Switchyard gave an answer that cannot be read.' }

/** Keeps one connection: opens it, feeds `take`, and opens it again whenever it is lost, until `close`. */
export const createConnection = (deps: ConnectionDeps): Connection => {
  const state = createStore<ConnectionState>(() => ({ kind: 'connecting', attempt: 0, reason: null }))
  const stopped = new AbortController()
  let wake = new AbortController()
  let transport: Transport | null = null
  let lastSeq: number | null = null

  const link: Link = new DynamicLink(() => {
    if (transport === null) throw new Error('Not connected.')
    return transport.link
  })
  const api: ApiClient = createORPCClient(link)

  const follow = async (opened: Transport) => {
    transport = opened
    const feed = async () => {
      const changes = await api.changes.subscribe({ after: lastSeq })
      for await (const item of changes) {
        lastSeq = deps.take(item)
        if (state.getState().kind !== 'live') state.setState({ kind: 'live' }, true)
      }
    }
    // Whichever ends first ends the connection: a feed that failed on an open socket is no better than a closed one.
    await Promise.race([feed().catch(ignoreLoss), opened.closed])
    transport = null
    opened.close()
  }

  const run = async () => {
    for (let attempt = 0; !stopped.signal.aborted; attempt += 1) {
      // Made before the attempt: whoever asks for another one meanwhile is heard.
      wake = new AbortController()
      // An answer that cannot be read (a server killed in the middle of it) is one more reason to try again.
      const opened = await deps.open(stopped.signal).catch((): OpenResult => unreadable)
      if (stopped.signal.aborted) return
      if (opened.kind === 'unauthorised') {
        state.setState(opened, true)
        await whenAborted(AbortSignal.any([wake.signal, stopped.signal]))
        attempt = -1
        continue
      }
      if (opened.kind === 'open') {
        await follow(opened.transport)
        if (state.getState().kind === 'live') attempt = 0
        wake = new AbortController()
      }
      if (stopped.signal.aborted) return
      const reason = opened.kind === 'away' ? opened.reason : 'The connection was lost.'
      noteAbsence(state, { now: deps.now(), attempt, reason, wasLive: lastSeq !== null })
      await deps.sleep(retryDelayMs(attempt), AbortSignal.any([wake.signal, stopped.signal]))
    }
  }
  void run()

  return {
    api,
    state,
    retryNow: () => wake.abort(),
    close: () => {
      stopped.abort()
      transport?.close()
    },
  }
}

// The feed rejects when its socket closes; the loop above opens the next one.
const ignoreLoss = () => undefined

const whenAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

interface Absence {
  readonly now: number
  readonly attempt: number
  readonly reason: string
  /** Whether there is anything to show meanwhile. */
  readonly wasLive: boolean
}

const noteAbsence = (store: StoreApi<ConnectionState>, { now, attempt, reason, wasLive }: Absence) => {
  const before = store.getState()
  if (before.kind === 'away') return store.setState({ ...before, attempt: attempt + 1, reason }, true)
  return store.setState(
    wasLive ? { kind: 'away', since: now, attempt: 1, reason } : { kind: 'connecting', attempt: attempt + 1, reason },
    true,
  )
}
