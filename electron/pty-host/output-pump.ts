import { createEscapeGuard } from '../../shared/terminal/escape-guard.ts'
import type { ScreenSize } from '../../shared/terminal/csi-policy.ts'
import type { GuardedPiece } from '../../shared/terminal/guarded-pieces.ts'
import type { ParseJob, ParseScheduler } from './parse-scheduler.ts'

/** Text waiting for the parser. Above the first the program has to wait, below the second it goes on. */
const HIGH_WATER_UNITS = 256 * 1024
const LOW_WATER_UNITS = 64 * 1024

export interface OutputPump {
  receive(bytes: Uint8Array): void
  /** No more will come: what was incomplete comes out as it is. */
  end(): void
  isEmpty(): boolean
  resize(size: ScreenSize): void
  dispose(): void
}

export interface OutputPumpDeps {
  readonly size: ScreenSize
  readonly scheduler: ParseScheduler
  readonly isFocused: () => boolean
  readonly parse: (piece: GuardedPiece) => void
  /** After each piece, when it was parsed. */
  readonly parsed: () => void
  /** What the program has printed meanwhile, empty when nothing. */
  readonly readMore: () => Uint8Array
  readonly pause: () => void
  readonly resume: () => void
}

/** From bytes to pieces for the parser: decoded once, guarded once, and handed over when it is this terminal's turn. */
export const createOutputPump = (deps: OutputPumpDeps): OutputPump => {
  // One decoder for the whole stream, so that it does not matter where the bytes were cut.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const guard = createEscapeGuard(deps.size)
  let pieces: GuardedPiece[] = []
  let next = 0
  let units = 0

  const job: ParseJob = {
    isFocused: deps.isFocused,
    hasPending: () => next < pieces.length,
    parseOne() {
      const piece = pieces[next]
      if (!piece) return
      next += 1
      units -= piece.text.length
      if (next === pieces.length) {
        pieces = []
        next = 0
      }
      deps.parse(piece)
      if (units <= LOW_WATER_UNITS) deps.resume()
      // While one piece is parsed the system makes the next 4 KB ready: read now, neither of the two ever waits.
      if (next >= pieces.length) accept(decoder.decode(deps.readMore(), { stream: true }))
      deps.parsed()
    },
  }
  const accept = (text: string) => {
    for (const piece of guard.push(text)) {
      pieces.push(piece)
      units += piece.text.length
    }
  }
  const push = (text: string) => {
    accept(text)
    if (units >= HIGH_WATER_UNITS) deps.pause()
    if (next < pieces.length) deps.scheduler.ready(job)
  }
  return {
    receive: (bytes) => push(decoder.decode(bytes, { stream: true })),
    end: () => push(decoder.decode()),
    isEmpty: () => next >= pieces.length,
    resize: (size) => guard.resize(size),
    dispose: () => deps.scheduler.remove(job),
  }
}
