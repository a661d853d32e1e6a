import { createStore, type StoreApi } from 'zustand/vanilla'
import type { HostInfo } from '../../shared/contract/host.ts'
import type { Connection } from './connection.ts'
import { settle } from './settle.ts'

export interface HostInfoStore {
  /** Null until the first answer. */
  readonly store: StoreApi<{ readonly info: HostInfo | null; readonly checkedAt: number | null; readonly ms: number }>
  /** Asks again; resolves when the answer is in the store. */
  refresh(): Promise<void>
  close(): void
}

/** What the host is and can do, asked anew at each connection: it may have been upgraded meanwhile. */
export const createHostInfo = (connection: Pick<Connection, 'api' | 'state'>): HostInfoStore => {
  const store: HostInfoStore['store'] = createStore(() => ({ info: null, checkedAt: null, ms: 0 }))
  const refresh = async () => {
    const begun = Date.now()
    const result = await settle(connection.api.host.info())
    if (result.ok) store.setState({ info: result.value, checkedAt: Date.now(), ms: Date.now() - begun })
  }
  const close = connection.state.subscribe((now, before) => {
    if (now.kind === 'live' && before.kind !== 'live') void refresh()
  })
  return { store, refresh, close }
}
