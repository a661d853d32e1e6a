import type { InputPlace, Palette } from '../../shared/pty-protocol/terminals.ts'
import { cleanTitle } from '../../shared/terminal/string-policy.ts'
import { serialiseScreen } from './screen-serialiser.ts'
import { createTerminalColors } from './terminal-colors.ts'
import { coreOf, createHeadlessTerminal, type HeadlessSize } from './xterm-internals.ts'

export interface ScreenListeners {
  /** What the terminal answers to a question of the program. */
  reply(text: string): void
  titleChanged(title: string): void
  bell(): void
  cwdChanged(cwd: string): void
  notified(title: string, body: string): void
}

export interface Screen {
  /** Parses whole sequences, in one go. */
  parse(text: string): void
  resize(cols: number, rows: number): void
  size(): { readonly cols: number; readonly rows: number }
  title(): string
  /** Rows of scroll-back there are. */
  historyRows(): number
  serialise(historyRows: number): string
  /** The rows of the screen, and what stands before and behind the cursor. */
  cursorLine(): CursorLine
  /** Scroll-back and screen as plain text, wrapped lines joined. */
  plainText(): string
  dispose(): void
}

export type CursorLine = Pick<InputPlace, 'rows' | 'cursorRow' | 'before' | 'after' | 'takesPaste'>

export interface ScreenOptions extends HeadlessSize {
  readonly palette: () => Palette
  readonly listeners: ScreenListeners
}

/** One terminal's screen, kept without a page: it alone answers what programs ask the terminal. */
export const createScreen = ({ palette, listeners, ...size }: ScreenOptions): Screen => {
  const terminal = createHeadlessTerminal(size)
  const core = coreOf(terminal)
  const colors = createTerminalColors(palette)
  let title = ''
  let isCursorBlinking: boolean | null = null

  const setTitle = (next: string) => {
    if (next === title) return
    title = next
    listeners.titleChanged(title)
  }
  const osc = (code: number, handle: (body: string) => void) =>
    terminal.parser.registerOscHandler(code, (body) => {
      handle(body)
      return true
    })
  const answer = (text: string) => {
    if (text !== '') listeners.reply(text)
  }
  const watchBlinking = (final: 'h' | 'l') =>
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (params.includes(12)) isCursorBlinking = final === 'h'
      return false
    })

  const registrations = [
    terminal.onData(listeners.reply),
    terminal.onBell(listeners.bell),
    terminal.onTitleChange((next) => setTitle(cleanTitle(next))),
    osc(4, (body) => answer(colors.indexed(body))),
    ...[10, 11, 12].map((code) => osc(code, (body) => answer(colors.special(code, body)))),
    ...[104, 110, 111, 112].map((code) => osc(code, (body) => colors.reset(code, body))),
    osc(7, (body) => {
      const cwd = pathOfUrl(body)
      if (cwd !== null) listeners.cwdChanged(cwd)
    }),
    osc(9, (body) => {
      // OSC 9 with a number is progress and other things of ConEmu.
      if (!/^\d+(;|$)/.test(body)) listeners.notified('', cleanTitle(body))
    }),
    osc(777, (body) => {
      const [verb, head = '', ...rest] = body.split(';')
      if (verb === 'notify') listeners.notified(cleanTitle(head), cleanTitle(rest.join(';')))
    }),
    terminal.parser.registerCsiHandler({ prefix: '>', final: 'q' }, () => {
      listeners.reply('\u001bP>|xterm.js(6.0.0)\u001b\\')
      return true
    }),
    terminal.parser.registerEscHandler({ final: 'c' }, () => {
      colors.clear()
      isCursorBlinking = null
      return false
    }),
    watchBlinking('h'),
    watchBlinking('l'),
  ]

  return {
    parse: (text) => core.writeSync(text),
    resize: (cols, rows) => terminal.resize(cols, rows),
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    title: () => title,
    historyRows: () => core._bufferService.buffers.normal.ybase,
    serialise: (historyRows) =>
      serialiseScreen(terminal, { historyRows, title, colors: colors.serialise(), isCursorBlinking }),
    cursorLine: () => ({ ...cursorLineOf(terminal), takesPaste: core.coreService.decPrivateModes.bracketedPasteMode }),
    plainText: () => plainTextOf(terminal),
    dispose() {
      for (const registration of registrations) registration.dispose()
      terminal.dispose()
    },
  }
}

const cursorLineOf = (terminal: ReturnType<typeof createHeadlessTerminal>): Omit<CursorLine, 'takesPaste'> => {
  const { active } = terminal.buffer
  const rows = Array.from(
    { length: terminal.rows },
    (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
  )
  const line = active.getLine(active.baseY + active.cursorY)
  let after = ''
  for (let column = active.cursorX; column < terminal.cols; column += 1) {
    const cell = line?.getCell(column)
    if (cell !== undefined && cell.getWidth() > 0) after += cell.isDim() ? ' ' : cell.getChars() || ' '
  }
  return {
    rows,
    cursorRow: active.cursorY,
    before: line?.translateToString(false, 0, active.cursorX) ?? '',
    after: after.trimEnd(),
  }
}

const plainTextOf = (terminal: ReturnType<typeof createHeadlessTerminal>): string => {
  const { normal, active } = terminal.buffer
  const buffers = active.type === 'alternate' ? [normal, active] : [normal]
  const lines: string[] = []
  for (const buffer of buffers) {
    for (let row = 0; row < buffer.length; row += 1) {
      const line = buffer.getLine(row)
      if (!line) continue
      const isContinued = buffer.getLine(row + 1)?.isWrapped === true
      const text = line.translateToString(!isContinued)
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text
      else lines.push(text)
    }
  }
  return lines.join('\n').trimEnd()
}

/** The path of a `file:` URL as shells report their folder; null for anything else. */
const pathOfUrl = (text: string): string | null => {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const path = url.protocol === 'file:' ? decodePath(url.pathname) : ''
  return path === '' || path.length > 4096 ? null : path
}

const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    // URIError: a shell that does not encode percent signs.
    return path
  }
}
