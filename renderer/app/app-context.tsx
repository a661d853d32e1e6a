import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { TerminalsController } from '../features/terminals/dock-state.ts'
import type { AppActions } from './app-actions.ts'
import type { Dialogs, OpenDialog } from './dialogs.ts'
import type { Navigation, NavigationState } from './navigation.ts'

/** What the shell's own parts share; screens get callbacks instead. */
export interface AppParts {
  readonly navigation: Navigation
  readonly dialogs: Dialogs
  readonly actions: AppActions
  /** Drives the tiles of whichever project is shown. */
  readonly tiles: TerminalsController
}

const AppContext = createContext<AppParts | null>(null)

export const AppProvider = ({ parts, children }: { readonly parts: AppParts; readonly children: ReactNode }) => (
  <AppContext value={parts}>{children}</AppContext>
)

export const useParts = (): AppParts => {
  const parts = useContext(AppContext)
  if (parts === null) throw new Error('A part of the shell was drawn outside AppProvider.')
  return parts
}

export const useActions = (): AppActions => useParts().actions

export const useNavigation = <Value,>(select: (state: NavigationState) => Value): Value =>
  useStore(useParts().navigation, select)

export const useOpenDialog = (): OpenDialog => useStore(useParts().dialogs, (state) => state.open)
