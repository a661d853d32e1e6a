import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { ApiClient } from '../../shared/contract/api.ts'
import type { HostInfo } from '../../shared/contract/host.ts'
import type { AppData } from './app-data.ts'
import type { ConnectionState } from './connection.ts'

const DataContext = createContext<AppData | null>(null)

export const DataProvider = ({ data, children }: { readonly data: AppData; readonly children: ReactNode }) => (
  <DataContext value={data}>{children}</DataContext>
)

export const useData = (): AppData => {
  const data = useContext(DataContext)
  if (data === null) throw new Error('A screen was drawn outside DataProvider.')
  return data
}

export const useApi = (): ApiClient => useData().api

export const useConnection = (): ConnectionState => useStore(useData().connection.state)

/** Null until the host has answered. */
export const useHostInfo = (): HostInfo | null => useStore(useData().hostInfo.store, (state) => state.info)
