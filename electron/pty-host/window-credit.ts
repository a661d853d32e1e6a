import type { TerminalId } from '../../shared/lib/ids.ts'

/**
 * What may be under way to one window, in UTF-16 code units. Measured through a WebSocket: 512 Ki with acknowledgements
 * each 64 Ki reaches twice the throughput of 100,000 with 5,000. Beside a focused terminal the others share a quarter,
 * so that its echo waits for little.
 */
const WINDOW_UNITS = 512 * 1024
const BACKGROUND_UNITS = 128 * 1024
/** A pool that was full sends again when it has fallen to this part of its size. */
const RESUME_AT = 0.25

interface CreditViewer {
  readonly terminalId: TerminalId
  outstanding(): number
}

export interface WindowCredit<Viewer extends CreditViewer> {
  readonly viewers: Set<Viewer>
  focus(terminalId: TerminalId | null): void
  focused(): TerminalId | null
  maySend(viewer: Viewer): boolean
  /** The focused one first. */
  inOrder(): readonly Viewer[]
}

/** One credit budget for all views of a window: it has one thread to draw them. */
export const createWindowCredit = <Viewer extends CreditViewer>(): WindowCredit<Viewer> => {
  const viewers = new Set<Viewer>()
  const isFull = { focused: false, background: false }
  let focused: TerminalId | null = null

  const isFocused = (viewer: Viewer) => viewer.terminalId === focused
  return {
    viewers,
    focus(terminalId) {
      focused = terminalId
    },
    focused: () => focused,
    maySend(viewer) {
      const all = [...viewers]
      const pool = isFocused(viewer) ? 'focused' : 'background'
      const hasFocused = all.some(isFocused)
      const used = all
        .filter((other) => isFocused(other) === isFocused(viewer))
        .reduce((sum, other) => sum + other.outstanding(), 0)
      const background = hasFocused ? BACKGROUND_UNITS : WINDOW_UNITS
      const limit = pool === 'focused' ? WINDOW_UNITS - BACKGROUND_UNITS : background
      if (used >= limit) isFull[pool] = true
      else if (used <= limit * RESUME_AT) isFull[pool] = false
      return !isFull[pool]
    },
    inOrder: () => [...viewers].sort((a, b) => Number(isFocused(b)) - Number(isFocused(a))),
  }
}
