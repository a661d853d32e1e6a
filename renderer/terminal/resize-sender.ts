export interface GridSize {
  readonly cols: number
  readonly rows: number
}

export interface ResizeSender {
  /** Wishes for a size. The newest wish wins; the same wish again costs nothing. */
  readonly want: (size: GridSize) => void
  /** Forgets what was sent: another window may have changed the size, or the answer was lost. */
  readonly forget: () => void
  readonly dispose: () => void
}

// While a border is dragged each size makes the program draw itself anew. Thirteen times a second looks smooth enough.
const betweenSendsMs = 75

/** Sends the size of a view: the first at once, then at most one each 75 ms and never two at a time. */
export const createResizeSender = (send: (size: GridSize) => Promise<boolean>): ResizeSender => {
  let wanted: GridSize | null = null
  let sent: GridSize | null = null
  let isBusy = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDisposed = false

  const flush = () => {
    if (isBusy || isDisposed || wanted === null || isSameSize(wanted, sent)) return
    isBusy = true
    const size = wanted
    sent = size
    const pause = new Promise<void>((resolve) => (timer = setTimeout(resolve, betweenSendsMs)))
    void Promise.all([send(size), pause]).then(([arrived]) => {
      isBusy = false
      if (!arrived && sent === size) sent = null
      // A size that was refused is not sent again by itself, a newer one is.
      if (!isSameSize(wanted, size)) flush()
    })
  }

  return {
    want: (size) => {
      wanted = size
      flush()
    },
    forget: () => {
      sent = null
    },
    dispose: () => {
      isDisposed = true
      clearTimeout(timer)
    },
  }
}

export const isSameSize = (one: GridSize | null, other: GridSize | null) =>
  one?.cols === other?.cols && one?.rows === other?.rows

/** A measured size within what the contract takes: 2 to 1000 columns, 1 to 500 rows. Null for what is not shown. */
export const boundSize = (measured: GridSize | undefined): GridSize | null => {
  if (measured === undefined || !Number.isFinite(measured.cols) || !Number.isFinite(measured.rows)) return null
  const within = (count: number, least: number, most: number) => Math.min(most, Math.max(least, Math.floor(count)))
  return { cols: within(measured.cols, 2, 1000), rows: within(measured.rows, 1, 500) }
}
