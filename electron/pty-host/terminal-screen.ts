import type { TerminalId } from '../../shared/lib/ids.ts'
import type { GuardedPiece } from '../../shared/terminal/guarded-pieces.ts'
import { createOutputRing } from './output-ring.ts'
import { createScreen, type Screen, type ScreenListeners, type ScreenOptions } from './screen.ts'
import type { Viewers } from './viewers.ts'

export interface TerminalScreen extends Omit<Screen, 'parse' | 'dispose'> {
  parse(piece: GuardedPiece): void
  /** Output so far, in UTF-16 code units. */
  offset(): number
  tail(): string
  /**
   * Drops the screen of a program that has ended. When it is asked for again, it is made from what `load` answers, which
   * is what it serialised to.
   */
  rest(load: () => string | null): void
  isResting(): boolean
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
  let screen: Screen | null = createScreen(options)
  let resting: Resting = { size: options, title: '', load: () => null }
  let offset = 0

  const parse = (text: string) => {
    const target = live()
    try {
      target.parse(text)
    } catch (error) {
      // The parser met what it cannot parse, which leaves it unusable: this screen starts again empty.
      onError(error)
      const size = target.size()
      target.dispose()
      screen = createScreen({ ...options, ...size })
    }
  }
  /** What is restored was told when it was new. */
  const restore = (): Screen => {
    const { size, load } = resting
    const restored = createScreen({ ...options, ...size, listeners: silent })
    restored.parse(load() ?? '')
    return restored
  }
  const live = () => (screen ??= restore())
  const facts = () => (screen ? { size: screen.size(), title: screen.title() } : resting)
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
    resize: (cols, rows) => screen?.resize(cols, rows),
    size: () => facts().size,
    title: () => facts().title,
    historyRows: () => live().historyRows(),
    cursorLine: () => live().cursorLine(),
    serialise: (historyRows) => live().serialise(historyRows),
    plainText() {
      if (screen) return screen.plainText()
      const restored = restore()
      const text = restored.plainText()
      restored.dispose()
      return text
    },
    rest(load) {
      if (!screen) return
      resting = { ...facts(), load }
      screen.dispose()
      screen = null
    },
    isResting: () => screen === null,
    dispose: () => screen?.dispose(),
  }
}

interface Resting {
  readonly size: { readonly cols: number; readonly rows: number }
  readonly title: string
  readonly load: () => string | null
}

const ignore = () => undefined
const silent: ScreenListeners = {
  reply: ignore,
  titleChanged: ignore,
  bell: ignore,
  cwdChanged: ignore,
  notified: ignore,
}
