import { createStore } from 'zustand/vanilla'
import { parseAppearance, readSetting } from '../data/settings.ts'
import { settle } from '../data/settle.ts'
import type { TerminalClientDeps } from './client-deps.ts'
import type { TerminalLook } from './create-xterm.ts'
import type { Screen } from './screen.ts'
import { readLook, watchTheme, whenFontReady } from './terminal-look.ts'

/** How terminals look, followed through changes of theme and settings, and told to the backend. */
export const createWindowLook = ({ data, page }: TerminalClientDeps) => {
  const root = page.document.documentElement
  const fontSize = () => parseAppearance(readSetting(data, 'appearance')).terminalFontSize
  const isReady = createStore(() => ({ isReady: false }))
  let look = readLook(root, fontSize())
  let screens: () => readonly Screen[] = () => []
  const tellPalette = () => void settle(data.api.terminals.setPalette(look.palette))
  const relook = () => {
    look = readLook(root, fontSize())
    for (const screen of screens()) screen.setLook(look)
    tellPalette()
  }
  void whenFontReady(page.document.fonts, look).then(() => isReady.setState({ isReady: true }))
  if (data.connection.state.getState().kind === 'live') tellPalette()
  const stops = [
    watchTheme(root, relook),
    data.stores.settings.store.subscribe(() => {
      if (fontSize() !== look.fontSize) relook()
    }),
    data.connection.state.subscribe(({ kind }) => {
      if (kind === 'live') tellPalette()
    }),
  ]
  return {
    isReady,
    now: (): TerminalLook => look,
    watch: (list: () => readonly Screen[]) => {
      screens = list
      return () => (screens = () => [])
    },
    close: () => {
      for (const stop of stops) stop()
    },
  }
}
