import { createContext, useContext, type ReactNode } from 'react'
import type { SessionId } from '../../../shared/lib/ids.ts'
import type { MenuEntry } from '../../ui/menu.tsx'
import type { TerminalsController } from './dock-state.ts'
import type { TileActions } from './tile-actions.ts'

/** What other features draw into the tile of a session. */
export interface TileSlots {
  /** In the place of the terminal while a session has none: waiting, getting ready, failed. */
  readonly renderStage: (sessionId: SessionId) => ReactNode
  /** Beneath the terminal: what it asks, or how it ended. Null draws nothing. */
  readonly renderFooter: (sessionId: SessionId) => ReactNode
  /** In the line under the title: whom it works with. Null draws nothing. */
  readonly renderOthers?: (sessionId: SessionId) => ReactNode
  /** What can be done with the session beside what can be done with its terminal. */
  readonly sessionMenu?: (sessionId: SessionId) => readonly MenuEntry[]
}

interface TilesContextValue {
  readonly controller: TerminalsController
  readonly slots: TileSlots
  readonly actions: TileActions
}

const TilesContext = createContext<TilesContextValue | null>(null)

export const TilesProvider = ({
  value,
  children,
}: {
  readonly value: TilesContextValue
  readonly children: ReactNode
}) => <TilesContext value={value}>{children}</TilesContext>

export const useTiles = (): TilesContextValue => {
  const value = useContext(TilesContext)
  if (value === null) throw new Error('A tile was drawn outside TilesProvider.')
  return value
}
