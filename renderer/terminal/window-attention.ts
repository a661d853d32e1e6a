import { createStore } from 'zustand/vanilla'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { settle } from '../data/settle.ts'
import type { Screen } from './screen.ts'
import type { TerminalClientDeps } from './client-deps.ts'

/** Which terminal has the focus, told to the backend so that it is served first. */
export const createWindowFocus = (
  { data }: { readonly data: Pick<TerminalClientDeps['data'], 'api'> },
  windowId: string,
) => {
  const store = createStore<{ readonly terminalId: TerminalId | null }>(() => ({ terminalId: null }))
  const tell = () => void settle(data.api.terminals.focus({ windowId, terminalId: store.getState().terminalId }))
  const set = (terminalId: TerminalId | null) => {
    if (store.getState().terminalId === terminalId) return
    store.setState({ terminalId })
    tell()
  }
  return {
    store,
    repeat: tell,
    note: (id: TerminalId, isFocused: boolean) => {
      if (isFocused) return set(id)
      // The focus leaves one element before it comes to the next: only what stays counts.
      queueMicrotask(() => {
        if (store.getState().terminalId === id) set(null)
      })
    },
  }
}

/** Lets the shown screens receive while the page is seen, and none of them while it is not. */
export const createShownScreens = (
  document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>,
  screenOf: (id: TerminalId) => Pick<Screen, 'show' | 'hide'>,
) => {
  const shown = new Set<Pick<Screen, 'show' | 'hide'>>()
  const isSeen = () => document.visibilityState === 'visible'
  const follow = () => {
    for (const screen of shown) {
      if (isSeen()) screen.show()
      else screen.hide()
    }
  }
  document.addEventListener('visibilitychange', follow)
  return {
    add: (id: TerminalId) => {
      const screen = screenOf(id)
      shown.add(screen)
      if (isSeen()) screen.show()
      return () => {
        shown.delete(screen)
        screen.hide()
      }
    },
    dispose: () => document.removeEventListener('visibilitychange', follow),
  }
}
