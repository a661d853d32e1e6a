import type { Refusal, Result } from '../../shared/lib/result.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'

export type AttachmentState =
  /** Nothing of this attachment was drawn yet: what the screen shows may be old. */
  | { readonly kind: 'catching-up' }
  | { readonly kind: 'live' }
  /** The connection broke; it attaches again by itself. */
  | { readonly kind: 'away' }
  /** The program ended and the stream with it: the screen is complete and stays. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export interface AttachmentDeps {
  readonly attach: (viewerId: string, signal: AbortSignal) => Promise<Result<AsyncIterator<TerminalFrame>, string>>
  readonly nextFrame: (frames: AsyncIterator<TerminalFrame>) => Promise<Result<IteratorResult<TerminalFrame>, string>>
  /** Tells the backend that no more frames are wanted. */
  readonly leave: (frames: AsyncIterator<TerminalFrame>) => void
  /** Credit: so many more units were drawn. */
  readonly acknowledge: (viewerId: string, units: number) => void
  readonly draw: (frame: TerminalFrame, drawn: () => void) => void
  readonly onState: (state: AttachmentState) => void
  readonly newViewerId: () => string
  /** Resolves when another try is worth it, or when the signal is aborted. */
  readonly whenWorthRetrying: (attempt: number, signal: AbortSignal) => Promise<void>
}

export interface Attachment {
  readonly close: () => void
}

// As measured: acknowledging every 64 Ki keeps a 512 Ki window full; smaller steps only cost messages.
export const acknowledgeEveryUnits = 64 * 1024

// The refusals that another try may turn into a yes.
const passing = new Set(['CONNECTION_LOST', 'INTERNAL_SERVER_ERROR'])

/**
 * Shows one terminal: attaches, draws the snapshot and all that follows, gives credit for what was drawn, and attaches
 * anew whenever the stream breaks or skips. Nothing is drawn any more once `close` returned.
 */
export const openAttachment = (deps: AttachmentDeps): Attachment => {
  const closing = new AbortController()
  void keepAttached(deps, closing.signal)
  return { close: () => closing.abort() }
}

const keepAttached = async (deps: AttachmentDeps, signal: AbortSignal) => {
  let state: AttachmentState = { kind: 'catching-up' }
  const setState = (next: AttachmentState) => {
    if (signal.aborted || next.kind === state.kind) return
    state = next
    deps.onState(next)
  }
  deps.onState(state)
  for (let failures = 0; !signal.aborted;) {
    const end = await streamOnce(deps, signal, () => setState({ kind: 'live' }))
    if (signal.aborted) return
    if (end.kind === 'ended') return setState({ kind: 'ended' })
    if (end.kind === 'refused' && !passing.has(end.refusal.code)) return setState(end)
    // A stream that skipped is healthy otherwise: the next snapshot is due at once.
    failures = end.hasDrawn ? 0 : failures + 1
    if (end.kind === 'skipped' && end.hasDrawn) continue
    setState({ kind: 'away' })
    await deps.whenWorthRetrying(failures + 1, signal)
  }
}

type StreamEnd = { readonly hasDrawn: boolean } & (
  | { readonly kind: 'ended' }
  | { readonly kind: 'broken' }
  /** A frame is missing: what follows cannot be drawn. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
)

const streamOnce = async (deps: AttachmentDeps, signal: AbortSignal, onLive: () => void): Promise<StreamEnd> => {
  const viewerId = deps.newViewerId()
  const ending = new AbortController()
  const opened = await deps.attach(viewerId, AbortSignal.any([signal, ending.signal]))
  if (!opened.ok) return { kind: 'refused', refusal: opened.refusal, hasDrawn: false }
  const frames = opened.value
  const leave = () => {
    ending.abort()
    deps.leave(frames)
  }
  signal.addEventListener('abort', leave)
  const credit = createCredit((units) => deps.acknowledge(viewerId, units))
  const end = await drawFrames(deps, frames, { credit, signal, onLive })
  signal.removeEventListener('abort', leave)
  credit.stop()
  if (end.kind === 'skipped') leave()
  return end
}

interface StreamContext {
  readonly credit: ReturnType<typeof createCredit>
  readonly signal: AbortSignal
  readonly onLive: () => void
}

const drawFrames = async (
  deps: AttachmentDeps,
  frames: AsyncIterator<TerminalFrame>,
  { credit, signal, onLive }: StreamContext,
): Promise<StreamEnd> => {
  const cursor = createFrameCursor()
  let hasDrawn = false
  let hasExited = false
  for (;;) {
    const step = await deps.nextFrame(frames)
    if (signal.aborted || !step.ok) return { kind: 'broken', hasDrawn }
    if (step.value.done === true) return { kind: hasExited ? 'ended' : 'broken', hasDrawn }
    const frame = step.value.value
    const unseen = cursor(frame)
    if (unseen === 'gap') return { kind: 'skipped', hasDrawn }
    if (frame.kind === 'exited') hasExited = true
    const units = unitsOf(frame)
    if (unseen === null) {
      credit.add(units)
      continue
    }
    deps.draw(unseen, () => {
      if (signal.aborted) return
      credit.add(units)
      if (frame.kind !== 'snapshot') return
      hasDrawn = true
      onLive()
    })
  }
}

const unitsOf = (frame: TerminalFrame) => (frame.kind === 'data' || frame.kind === 'snapshot' ? frame.text.length : 0)

/**
 * Checks that frames follow one another by their offsets. Gives what is to be drawn: the frame, its unseen rest, null
 * when all of it was seen, or `gap` when something before it is missing.
 */
export const createFrameCursor = () => {
  let next: number | null = null
  return (frame: TerminalFrame): TerminalFrame | null | 'gap' => {
    if (frame.kind === 'snapshot') {
      next = frame.offset
      return frame
    }
    if (frame.kind !== 'data') return frame
    if (next === null || frame.offset > next) return 'gap'
    const seen = next - frame.offset
    if (seen >= frame.text.length) return null
    next = frame.offset + frame.text.length
    return seen === 0 ? frame : { kind: 'data', offset: frame.offset + seen, text: frame.text.slice(seen) }
  }
}

// After a burst the rest is passed on too: credit that is kept back would look like a view that hangs.
const restAfterMs = 25

/** Sums up drawn units and passes them on in full steps, and the rest of them once drawing has paused. */
export const createCredit = (acknowledge: (units: number) => void) => {
  let drawn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const pass = () => {
    clearTimeout(timer)
    timer = undefined
    if (drawn > 0) acknowledge(drawn)
    drawn = 0
  }
  return {
    add: (units: number) => {
      drawn += units
      if (drawn >= acknowledgeEveryUnits) pass()
      else timer ??= setTimeout(pass, restAfterMs)
    },
    stop: () => clearTimeout(timer),
  }
}
