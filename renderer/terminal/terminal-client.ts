import type { StoreApi } from 'zustand/vanilla'
import type { TerminalId } from '../../shared/lib/ids.ts'
import type { TerminalClientDeps } from './client-deps.ts'
import { createRetry } from './retry.ts'
import { createScreen, type Screen } from './screen.ts'
import { createScreenGuard } from './screen-guard.ts'
import { feedbackOf, rootsOf } from './screen-feedback.ts'
import { createPool } from './screen-pool.ts'
import { createWebglBudget } from './webgl-budget.ts'
import { createShownScreens, createWindowFocus } from './window-attention.ts'
import { createWindowInputs } from './window-inputs.ts'
import { createWindowLook } from './window-look.ts'

/** The terminals of this window: their screens, what is typed into them, and which one has the focus. */
export interface TerminalClient {
  readonly windowId: string
  /** False until the font can be measured: a screen that is shown earlier would have the wrong size. */
  readonly isReady: StoreApi<{ readonly isReady: boolean }>
  readonly focused: StoreApi<{ readonly terminalId: TerminalId | null }>
  readonly screenOf: (id: TerminalId) => Screen
  /** Keeps the screen and lets it receive while the page is seen; the result ends both. */
  readonly show: (id: TerminalId) => () => void
  /** Keeps the screen although it is not seen; the result lets it go. */
  readonly keep: (id: TerminalId) => () => void
  readonly type: (id: TerminalId, data: string) => void
  readonly close: () => void
}

// A click on any of the last dozen sessions finds its screen as it was, and only what changed is drawn.
const idleScreens = 12

export const createTerminalClient = (deps: TerminalClientDeps): TerminalClient => {
  const { data, page } = deps
  const windowId = page.crypto.randomUUID()
  const closing = new AbortController()
  const whenWorthRetrying = createRetry(data.connection.state)
  const inputs = createWindowInputs(deps, windowId, (attempt) => whenWorthRetrying(attempt, closing.signal))
  const focus = createWindowFocus(deps, windowId)
  const look = createWindowLook(deps)
  const shared = { windowId, whenWorthRetrying, webgl: createWebglBudget(deps.isWebglAllowed ?? true), look: look.now }
  const pool = createPool(idleScreens, (id: TerminalId) =>
    createScreen(id, {
      ...shared,
      ...screenDepsOf(deps, id),
      input: inputs.of(id),
      onFocus: (isFocused) => focus.note(id, isFocused),
    }),
  )
  const shown = createShownScreens(page.document, pool.get)
  const hold = (id: TerminalId) => {
    pool.hold(id)
    return () => pool.release(id)
  }
  const stops = [
    look.watch(() => pool.items()),
    look.close,
    data.connection.state.subscribe(({ kind }) => {
      if (kind === 'live') focus.repeat()
    }),
    watchRemoved(deps, (id) => {
      pool.drop(id)
      inputs.drop(id)
    }),
    shown.dispose,
    pool.dispose,
    inputs.dispose,
  ]
  return {
    windowId,
    isReady: look.isReady,
    focused: focus.store,
    screenOf: pool.get,
    keep: hold,
    show: (id) => {
      const stopHolding = hold(id)
      const hide = shown.add(id)
      return () => {
        hide()
        stopHolding()
      }
    },
    type: (id, text) => inputs.of(id).push(text),
    close: () => {
      closing.abort()
      for (const stop of stops) stop()
    },
  }
}

/** What a screen needs of the app around it. */
const screenDepsOf = (deps: TerminalClientDeps, id: TerminalId) => {
  const { api, hostInfo, stores } = deps.data
  return {
    api,
    createGuard: createScreenGuard,
    roots: () => rootsOf(deps, id),
    isMac: deps.isMac,
    isWindows: hostInfo.store.getState().info?.platform === 'win32',
    isAgent: () => stores.terminals.get(id)?.kind === 'agent',
    ...feedbackOf(deps, id),
  }
}

const watchRemoved = ({ data }: TerminalClientDeps, removed: (id: TerminalId) => void) =>
  data.stores.terminals.store.subscribe(({ byId }, before) => {
    for (const id of before.byId.keys()) if (!byId.has(id)) removed(id)
  })
