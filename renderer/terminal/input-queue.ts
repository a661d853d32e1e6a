import type { Refusal } from '../../shared/lib/result.ts'

/** One write to the terminal's program, numbered per window and terminal so that a repeat is recognised. */
export interface InputWrite {
  readonly seq: number
  readonly data: string
}

export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The backend said no; trying again would not help. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The connection broke before an answer came: it may have been written or not. */
  | { readonly kind: 'unanswered' }

export interface InputQueueDeps {
  readonly write: (write: InputWrite) => Promise<WriteOutcome>
  /** Resolves when another try is worth it; `attempt` counts from 1. Rejects never. */
  readonly whenWorthRetrying: (attempt: number) => Promise<void>
  /** Told once for each run of refused input, which is then dropped: it was meant for a program that is not there. */
  readonly onRefused: (refusal: Refusal) => void
}

export interface InputQueue {
  /** Sends in order after everything pushed before. The first of an idle queue leaves in the same tick. */
  readonly push: (data: string) => void
  /** What was pushed and not yet confirmed, in UTF-16 code units. */
  readonly pendingUnits: () => number
  readonly dispose: () => void
}

/** A quarter of what the contract takes, so that a paste of megabytes never blocks a Ctrl-C behind it for long. */
export const maxWriteUnits = 64 * 1024

/**
 * Programs look at how keys arrive: Ink reads "abc\r" in one piece as pasted text, and Escape followed by a letter is
 * Alt+letter. So only plain text joins plain text while a write is under way, and not more than a fast typist makes.
 */
const maxJoinedUnits = 256

/** Typed and pasted text on its way to one terminal: in order, nothing lost, nothing twice. */
export const createInputQueue = (deps: InputQueueDeps): InputQueue => {
  const waiting: string[] = []
  let inFlight: InputWrite | null = null
  let nextSeq = 0
  let isDisposed = false

  const sendUntilAnswered = async (write: InputWrite): Promise<WriteOutcome> => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await deps.write(write)
      if (outcome.kind !== 'unanswered' || isDisposed) return outcome
      await deps.whenWorthRetrying(attempt)
    }
  }

  const pump = async () => {
    while (!isDisposed) {
      const data = waiting.shift()
      if (data === undefined) return
      inFlight = { seq: nextSeq, data }
      nextSeq += 1
      const outcome = await sendUntilAnswered(inFlight)
      inFlight = null
      if (outcome.kind === 'refused') {
        waiting.length = 0
        deps.onRefused(outcome.refusal)
      }
    }
  }

  return {
    push: (data) => {
      if (data === '' || isDisposed) return
      const last = waiting.at(-1)
      if (last !== undefined && isPlainText(last) && isPlainText(data) && last.length + data.length <= maxJoinedUnits) {
        waiting[waiting.length - 1] = last + data
      } else {
        waiting.push(...splitInput(data, maxWriteUnits))
      }
      if (inFlight === null) void pump()
    },
    pendingUnits: () => waiting.reduce((sum, data) => sum + data.length, inFlight?.data.length ?? 0),
    dispose: () => {
      isDisposed = true
      waiting.length = 0
    },
  }
}

/** Pieces of at most `maxUnits`, never through the middle of a surrogate pair. */
export const splitInput = (data: string, maxUnits: number): string[] => {
  const pieces: string[] = []
  for (let start = 0; start < data.length;) {
    let end = Math.min(data.length, start + maxUnits)
    if (end < data.length && end - start > 1 && isHighSurrogate(data.charCodeAt(end - 1))) end -= 1
    pieces.push(data.slice(start, end))
    start = end
  }
  return pieces
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff

const isPlainText = (data: string) => {
  for (let at = 0; at < data.length; at += 1) {
    const unit = data.charCodeAt(at)
    if (unit < 0x20 || unit === 0x7f) return false
  }
  return true
}
