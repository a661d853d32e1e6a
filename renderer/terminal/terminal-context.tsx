import { createContext, useContext, type ReactNode } from 'react'
import type { TerminalClient } from './terminal-client.ts'

const TerminalContext = createContext<TerminalClient | null>(null)

export const TerminalProvider = ({
  client,
  children,
}: {
  readonly client: TerminalClient
  readonly children: ReactNode
}) => <TerminalContext value={client}>{children}</TerminalContext>

export const useTerminalClient = (): TerminalClient => {
  const client = useContext(TerminalContext)
  if (client === null) throw new Error('A terminal was drawn outside TerminalProvider.')
  return client
}
