import type { Terminal } from '@xterm/xterm'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import type { GridSize } from './resize-sender.ts'

/** What is needed of an xterm to draw on it. */
export type DrawnTerminal = Pick<Terminal, 'cols' | 'rows' | 'write' | 'resize' | 'buffer' | 'scrollToLine'>

/** Keeps sequences that stall or act from being parsed. It remembers the sequence it is in the middle of. */
export interface ScreenGuard {
  readonly push: (text: string) => string
  readonly resize: (size: GridSize) => void
}

export interface ScreenWriter {
  /** Draws a frame after all before it; `drawn` is called once xterm has parsed it. */
  readonly draw: (frame: TerminalFrame, drawn: () => void) => void
}

const holdFrames = '\x1b[?2026h'
const showFrames = '\x1b[?2026l'
const fullReset = '\x1bc'
// xterm draws no cursor before its first focus or its first change of screens: to the normal one, which it shows already.
const showCursor = '\x1b[?47l'

/**
 * Draws frames on an xterm. A snapshot replaces the whole screen within one picture: while mode 2026 is set xterm draws
 * nothing, so neither the empty terminal nor half of the history is ever seen. Each snapshot begins with a new guard.
 */
export const createScreenWriter = (
  terminal: DrawnTerminal,
  createGuard: (size: GridSize) => ScreenGuard,
): ScreenWriter => {
  let guard = createGuard(terminal)

  const drawSnapshot = (frame: TerminalFrame & { kind: 'snapshot' }, drawn: () => void) => {
    // Written by our own host from the cells of its screen: there is nothing in it to guard against.
    guard = createGuard(frame)
    const { text } = frame
    // How far the person had scrolled up; a fresh snapshot of the same terminal must not throw them to the end.
    const { active } = terminal.buffer
    const linesFromEnd = active.type === 'normal' ? active.baseY - active.viewportY : 0
    terminal.write(holdFrames, () => {
      if (terminal.cols !== frame.cols || terminal.rows !== frame.rows) terminal.resize(frame.cols, frame.rows)
    })
    // The reset ends mode 2026 as well, so it is set again in the same write, before anything can be drawn.
    terminal.write(`${holdFrames}${fullReset}${holdFrames}${showCursor}${text}${showFrames}`, () => {
      if (linesFromEnd > 0) terminal.scrollToLine(Math.max(0, terminal.buffer.active.baseY - linesFromEnd))
      drawn()
    })
  }

  return {
    draw: (frame, drawn) => {
      switch (frame.kind) {
        case 'snapshot':
          return drawSnapshot(frame, drawn)
        case 'data':
          return terminal.write(guard.push(frame.text), drawn)
        case 'resized':
          guard.resize(frame)
          // Through the write queue, so that it happens between the output before it and the output after it.
          return terminal.write('', () => {
            terminal.resize(frame.cols, frame.rows)
            drawn()
          })
        case 'exited':
          return terminal.write('', drawn)
        default:
          return unreachable(frame)
      }
    },
  }
}
