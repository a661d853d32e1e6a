import type { SavedLayout } from './tile-layout.ts'

export interface LayoutKeeper {
  /** Something changed: it is written once changes have stopped for a moment. */
  readonly keep: (read: () => SavedLayout) => void
  /** Writes now what still waits. */
  readonly flush: () => void
}

// A border that is dragged changes the layout with every picture; half a second after the last is soon enough.
const quietMs = 500

/** Writes a layout after it stopped changing, and not when it is what was written last. */
export const createLayoutKeeper = (write: (layout: SavedLayout) => void): LayoutKeeper => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: (() => SavedLayout) | null = null
  let written = ''
  const flush = () => {
    clearTimeout(timer)
    if (waiting === null) return
    const layout = waiting()
    waiting = null
    const text = JSON.stringify(layout)
    if (text === written) return
    written = text
    write(layout)
  }
  return {
    flush,
    keep: (read) => {
      waiting = read
      clearTimeout(timer)
      timer = setTimeout(flush, quietMs)
    },
  }
}
