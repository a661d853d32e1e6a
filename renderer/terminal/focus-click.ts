/**
 * The click that gives a terminal the focus is not meant for its program: an agent would take it as a choice in whatever
 * it asks just then. The press still reaches xterm, which takes the focus and opens links by it; only what xterm reports
 * of it to the program is kept back, until the button is released.
 */
export interface FocusClick {
  /** Whether what xterm sends is the report of such a click. */
  readonly keeps: (data: string) => boolean
}

interface FocusClickDeps {
  /** Where a press is heard before xterm hears of it. */
  readonly host: Pick<HTMLElement, 'addEventListener'>
  readonly window: Pick<Window, 'addEventListener'>
  /** Whether the terminal has the focus at the moment. */
  readonly isFocused: () => boolean
  readonly signal: AbortSignal
}

export const watchFocusClick = ({ host, window, isFocused, signal }: FocusClickDeps): FocusClick => {
  let isKeeping = false
  let focusedAt = 0
  // Another window may have had the focus: then it is back before the press arrives that brought it, and came after it.
  host.addEventListener('focusin', (event) => (focusedAt = event.timeStamp), { signal })
  host.addEventListener(
    'mousedown',
    (event) => {
      isKeeping = !isFocused() || event.timeStamp < focusedAt
    },
    { signal, capture: true },
  )
  // xterm reports the release from the document, which is before the window.
  window.addEventListener('mouseup', () => (isKeeping = false), { signal })
  return { keeps: (data) => isKeeping && isMouseReport(data) }
}

/** In any of the encodings: the oldest, SGR in cells or pixels, and urxvt's. */
const isMouseReport = (data: string): boolean => /^\x1b\[(M|<[\d;]+[Mm]$|\d+;\d+;\d+M$)/.test(data)
