import type { TerminalId } from '../../shared/lib/ids.ts'
import type { GuardedPiece } from '../../shared/terminal/guarded-pieces.ts'
import { createOutputRing } from './output-ring.ts'
import { createScreen, type Screen, type ScreenOptions } from './screen.ts'
import type { Viewers } from './viewers.ts'

export interface TerminalScreen extends Omit<Screen, 'parse' | 'dispose'> {
  parse(piece: GuardedPiece): void
  /** Output so far, in UTF-16 code units. */
  offset(): number
  tail(): string
  dispose(): void
}

export interface TerminalScreenDeps {
  readonly terminalId: TerminalId
  readonly options: ScreenOptions
  readonly viewers: Viewers
  readonly onError: (error: unknown) => void
}

/** The screen of a terminal and the count of what it has seen: viewers get each piece in the moment it is on the screen. */
export const createTerminalScreen = ({ terminalId, options, viewers, onError }: TerminalScreenDeps): TerminalScreen => {
  const ring = createOutputRing()
  let screen = createScreen(options)
  let offset = 0

  const parse = (text: string) => {
    try {
      screen.parse(text)
    } catch (error) {
      // The parser met what it cannot parse, which leaves it unusable: this screen starts again empty.
      onError(error)
      const size = screen.size()
      screen.dispose()
      screen = createScreen({ ...options, ...size })
    }
  }
  return {
    parse(piece) {
      parse(piece.text)
      if (piece.kind === 'query') return
      viewers.output(terminalId, offset, piece.text, piece.work)
      offset += piece.text.length
      ring.add(piece.text)
    },
    offset: () => offset,
    tail: () => ring.text(),
    resize: (cols, rows) => screen.resize(cols, rows),
    size: () => screen.size(),
    title: () => screen.title(),
    historyRows: () => screen.historyRows(),
    serialise: (historyRows) => screen.serialise(historyRows),
    plainText: () => screen.plainText(),
    dispose: () => screen.dispose(),
  }
}
