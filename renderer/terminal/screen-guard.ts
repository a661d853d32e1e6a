import { createEscapeGuard } from '../../shared/terminal/escape-guard.ts'
import type { GridSize } from './resize-sender.ts'
import type { ScreenGuard } from './screen-writer.ts'

/**
 * The guard of the PTY host once more: whoever comes to speak for a host, no sequence stalls this page or asks it
 * anything.
 */
export const createScreenGuard = (size: GridSize): ScreenGuard => {
  const guard = createEscapeGuard(size)
  return {
    push: (text) => {
      const pieces = guard.push(text).filter((piece) => piece.kind === 'output')
      return pieces.length === 1 ? (pieces[0]?.text ?? '') : pieces.map((piece) => piece.text).join('')
    },
    resize: (next) => guard.resize(next),
  }
}
