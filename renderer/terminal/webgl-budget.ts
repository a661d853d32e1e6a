import { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'

export interface WebglBudget {
  /** Gives the terminal a context if there is one to give; else it keeps drawing with elements, which always works. */
  readonly acquire: (terminal: Terminal, onLost: () => void) => void
  /** The terminal is not shown any more: its context may go to another one. */
  readonly release: (terminal: Terminal) => void
  /** Takes the context away, as for a terminal that is being disposed. */
  readonly drop: (terminal: Terminal) => void
  readonly has: (terminal: Terminal) => boolean
}

// Browsers keep 16 contexts per page and silently kill the oldest beyond that; other parts may want some too.
export const maxContexts = 12

// A graphics driver that failed this often will fail again: elements are slower and steady.
const maxLosses = 3

/** Hands out WebGL contexts: shown terminals first, hidden ones keep theirs while nobody else needs it. */
export const createWebglBudget = (isAllowed: boolean, createAddon = () => new WebglAddon()): WebglBudget => {
  const addons = new Map<Terminal, WebglAddon>()
  const hidden = new Set<Terminal>()
  let losses = 0
  let isBroken = !isAllowed

  const drop = (terminal: Terminal) => {
    addons.get(terminal)?.dispose()
    addons.delete(terminal)
    hidden.delete(terminal)
  }
  const makeRoom = (): boolean => {
    if (addons.size < maxContexts) return true
    const [oldest] = hidden
    if (oldest === undefined) return false
    drop(oldest)
    return true
  }
  const load = (terminal: Terminal, onLost: () => void) => {
    const addon = createAddon()
    addon.onContextLoss(() => {
      losses += 1
      if (losses >= maxLosses) isBroken = true
      drop(terminal)
      onLost()
    })
    try {
      terminal.loadAddon(addon)
      addons.set(terminal, addon)
    } catch {
      // xterm throws "WebGL2 not supported" where the browser or its graphics driver has none.
      isBroken = true
      addon.dispose()
    }
  }

  return {
    acquire: (terminal, onLost) => {
      hidden.delete(terminal)
      if (isBroken || addons.has(terminal) || !makeRoom()) return
      load(terminal, onLost)
    },
    release: (terminal) => {
      if (addons.has(terminal)) hidden.add(terminal)
    },
    drop,
    has: (terminal) => addons.has(terminal),
  }
}
