import type { TerminalFrame } from '../../shared/terminal/frames.ts'

/** A page parses a frame in one go; more work than this (about 10 ms) would keep it from drawing. */
const MAX_FRAME_WORK = 256 * 1024
const MAX_FRAME_UNITS = 64 * 1024

export interface FrameQueue {
  addText(offset: number, text: string, work: number): void
  addFrame(frame: TerminalFrame): void
  /** The next frame: text that was collected, or a frame in its place among it. Only when not empty. */
  take(): TerminalFrame
  isEmpty(): boolean
  units(): number
  clear(): void
}

interface QueuedText {
  readonly kind: 'text'
  readonly offset: number
  readonly parts: string[]
  units: number
  work: number
}

/** What waits to be sent to one viewer, in order, joined into frames of a size that is cheap to send and to draw. */
export const createFrameQueue = (): FrameQueue => {
  let items: (QueuedText | TerminalFrame)[] = []
  let units = 0

  return {
    addText(offset, text, work) {
      units += text.length
      const last = items.at(-1)
      if (last?.kind === 'text' && last.units + text.length <= MAX_FRAME_UNITS && last.work + work <= MAX_FRAME_WORK) {
        last.parts.push(text)
        last.units += text.length
        last.work += work
      } else items.push({ kind: 'text', offset, parts: [text], units: text.length, work })
    },
    addFrame(frame) {
      items.push(frame)
    },
    take() {
      const item = items.shift()
      if (!item) throw new Error('Nothing is queued.')
      if (item.kind !== 'text') return item
      units -= item.units
      return { kind: 'data', offset: item.offset, text: item.parts.join('') }
    },
    isEmpty: () => items.length === 0,
    units: () => units,
    clear() {
      items = []
      units = 0
    },
  }
}
