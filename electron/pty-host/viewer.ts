import type { TerminalId } from '../../shared/lib/ids.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import { createFrameQueue } from './frame-queue.ts'

/** A viewer with more than this unsent is told to start afresh instead of being sent what it cannot keep up with. */
const MAX_BEHIND_UNITS = 256 * 1024
/** Send at once after a pause of this length, else collect: an echo is not delayed, a flood is not sent in crumbs. */
const BATCH_MS = 4
const BATCH_UNITS = 64 * 1024
/** How long a viewer rests before it gets the scroll-back that was left out, and again while output streams. */
const HISTORY_DELAY_MS = 60
const HISTORY_RETRY_MS = 250
const STREAMING_UNITS = 64 * 1024
/** The screen alone is drawn in a few milliseconds; so much scroll-back with it costs nothing to speak of. */
const FIRST_HISTORY_ROWS = 100
/** What a viewer need not acknowledge before it counts as having drawn everything. */
const SETTLED_UNITS = 8 * 1024

export interface ViewSource {
  snapshot(historyRows: number): Extract<TerminalFrame, { kind: 'snapshot' }>
  historyRows(): number
  exited(): Extract<TerminalFrame, { kind: 'exited' }> | null
}

export interface Viewer {
  readonly terminalId: TerminalId
  /** Units sent and not yet acknowledged. */
  outstanding(): number
  /** Output that was just parsed: the viewer sees exactly what the screen has. */
  output(offset: number, text: string, work: number): void
  control(frame: TerminalFrame): void
  acknowledge(units: number): void
  /** Sends what its window's credit allows. */
  flush(): void
  close(): void
}

export interface ViewerDeps {
  readonly terminalId: TerminalId
  readonly source: ViewSource
  readonly send: (frame: TerminalFrame) => void
  readonly maySend: () => boolean
  /** Milliseconds, of any origin. */
  readonly now: () => number
}

/** One view of one terminal: a snapshot, then live data, and a fresh snapshot whenever it fell too far behind. */
export const createViewer = ({ terminalId, source, send, maySend, now }: ViewerDeps): Viewer => {
  const queue = createFrameQueue()
  let outstanding = 0
  let isStale = true
  let lastSentAt = -Infinity
  let batchTimer: NodeJS.Timeout | undefined
  let hasBatchTimer = false

  const sendFrame = (frame: TerminalFrame) => {
    if (frame.kind === 'snapshot' || frame.kind === 'data') outstanding += frame.text.length
    lastSentAt = now()
    send(frame)
  }
  const sendSnapshot = (historyRows: number) => {
    queue.clear()
    isStale = false
    sendFrame(source.snapshot(historyRows))
    const exited = source.exited()
    if (exited) sendFrame(exited)
    if (source.historyRows() > historyRows) history.owe()
  }
  const history = createHistoryDebt({
    isResting: () => !isStale && queue.isEmpty() && outstanding <= SETTLED_UNITS && maySend(),
    pay: () => sendSnapshot(Infinity),
  })
  const flush = () => {
    clearTimeout(batchTimer)
    hasBatchTimer = false
    while ((isStale || !queue.isEmpty()) && maySend()) {
      if (isStale) sendSnapshot(FIRST_HISTORY_ROWS)
      else sendFrame(queue.take())
    }
    if (queue.units() <= MAX_BEHIND_UNITS) return
    queue.clear()
    isStale = true
  }
  const flushSoon = () => {
    const waitMs = lastSentAt + BATCH_MS - now()
    if (waitMs <= 0 || queue.units() >= BATCH_UNITS) flush()
    else if (!hasBatchTimer) {
      hasBatchTimer = true
      batchTimer = setTimeout(flush, waitMs)
    }
  }
  return {
    terminalId,
    outstanding: () => outstanding,
    output(offset, text, work) {
      history.streamed(text.length)
      if (isStale) return
      queue.addText(offset, text, work)
      flushSoon()
    },
    control(frame) {
      if (isStale) return
      queue.addFrame(frame)
      flush()
    },
    acknowledge(units) {
      outstanding = Math.max(0, outstanding - units)
    },
    flush,
    close() {
      clearTimeout(batchTimer)
      history.dispose()
    },
  }
}

/** The scroll-back that was left out follows once the viewer has drawn the screen and the terminal is not streaming. */
const createHistoryDebt = ({ isResting, pay }: { readonly isResting: () => boolean; readonly pay: () => void }) => {
  let timer: NodeJS.Timeout | undefined
  let isOwed = false
  let unitsSinceLook = 0

  const look = () => {
    const isStreaming = unitsSinceLook > STREAMING_UNITS
    unitsSinceLook = 0
    if (isStreaming || !isResting()) {
      timer = setTimeout(look, HISTORY_RETRY_MS)
      return
    }
    isOwed = false
    pay()
  }
  return {
    owe() {
      if (isOwed) return
      isOwed = true
      unitsSinceLook = 0
      timer = setTimeout(look, HISTORY_DELAY_MS)
    },
    streamed(units: number) {
      unitsSinceLook += units
    },
    dispose: () => clearTimeout(timer),
  }
}
