import type { ApiClient } from '../../shared/contract/api.ts'
import type { ChangesItem } from '../../shared/contract/changes.ts'
import { groupOfTopic } from '../../shared/event-lines/event-line.ts'
import { createConnection, type Connection } from './connection.ts'
import { createHostInfo, type HostInfoStore } from './host-info.ts'
import { createPortTransport } from './port-transport.ts'
import { applyChange, createStores, replaceAll, type Stores } from './stores.ts'
import { createWebTransport, type WebTransport } from './web-transport.ts'

/** Everything a screen may read or ask, made once by `main.tsx` and handed down. */
export interface AppData {
  readonly api: ApiClient
  readonly stores: Stores
  readonly connection: Pick<Connection, 'state' | 'retryNow'>
  readonly hostInfo: HostInfoStore
}

export const createFeed = (stores: Stores) => {
  let seq = 0
  return (item: ChangesItem): number => {
    if (item.kind === 'snapshot') {
      replaceAll(stores, item.state)
      seq = item.seq
      // What happened while nobody listened may be news, too.
      stores.log.put([{ seq }])
      return seq
    }
    const before = seq
    for (const change of item.changes) {
      // A replay may begin with what was already heard.
      if (change.seq <= seq) continue
      applyChange(stores, change)
      seq = change.seq
    }
    const isTold = item.changes.some((change) => change.seq > before && groupOfTopic[change.topic] !== undefined)
    if (isTold) stores.log.put([{ seq }])
    return seq
  }
}

/** Connects this page to its backend: by the preload's message port in the desktop window, else by WebSocket. */
export const connect = (page: Window & typeof globalThis): AppData & { close(): void } => {
  const stores = createStores()
  const transport = transportOf(page)
  const connection = createConnection({
    open: transport.open,
    take: createFeed(stores),
    now: Date.now,
    sleep: sleepUnlessAborted,
  })
  const retryWhenBack = () => connection.retryNow()
  page.addEventListener('online', retryWhenBack)
  page.addEventListener('focus', retryWhenBack)
  // A link that is opened in the tab that shows this page changes only the fragment: nothing loads anew.
  const signIn = () => {
    if (transport.takeLink()) connection.retryNow()
  }
  page.addEventListener('hashchange', signIn)
  const hostInfo = createHostInfo(connection)
  return {
    api: connection.api,
    stores,
    connection,
    hostInfo,
    close: () => {
      page.removeEventListener('online', retryWhenBack)
      page.removeEventListener('focus', retryWhenBack)
      page.removeEventListener('hashchange', signIn)
      hostInfo.close()
      connection.close()
    },
  }
}

// A page that was served over http came from the web host; the desktop window uses a protocol of its own.
const transportOf = (page: Window & typeof globalThis): WebTransport =>
  page.location.protocol.startsWith('http')
    ? createWebTransport({
        location: page.location,
        history: page.history,
        fetch: page.fetch.bind(page),
        WebSocket: page.WebSocket,
      })
    : { open: createPortTransport(page), takeLink: () => false }

const sleepUnlessAborted = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
