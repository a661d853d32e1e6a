import type { Terminal as HeadlessTerminal } from '@xterm/headless'
import { BG_COLOR, BG_EXTENDED, createPenWriter, type CellAttributes, type PenWriter } from './cell-attributes.ts'
import { serialiseRows } from './row-serialiser.ts'
import { charsetDesignator, coreOf, type CoreBuffer, type CoreTerminal } from './xterm-internals.ts'

export interface SerialiseOptions {
  /** Rows of scroll-back to include, as far as there are so many. */
  readonly historyRows: number
  readonly title: string
  /** Sequences that set the colours the program changed. */
  readonly colors: string
  /** Whether the program asked for a blinking cursor (mode 12), null when it never said. */
  readonly isCursorBlinking: boolean | null
}

/**
 * The text that turns any terminal of the same size into this one: screen, scroll-back, alternate screen, cursor, pen,
 * modes, margins, tab stops, saved cursor, character sets, title. It begins with a full reset.
 * Written here because @xterm/addon-serialize loses margins, tab stops, saved cursor, character sets, links, underline
 * styles, cursor style, mouse encoding, pending wraps and the palette mode of colours, and costs several times as much.
 */
export const serialiseScreen = (terminal: HeadlessTerminal, options: SerialiseOptions): string => {
  const core = coreOf(terminal)
  const { normal, alt, active } = core._bufferService.buffers
  const pen = createPenWriter(core._oscLinkService)
  const size = { rows: terminal.rows, cols: terminal.cols }
  const first = Math.max(0, normal.ybase - options.historyRows)
  const screens = [serialiseRows(normal, { first, ...size }, pen), bufferState(normal, size, pen)]
  if (active === alt) {
    screens.push(pen.setErase(0), '\u001b[?47h\u001b[H', serialiseRows(alt, { first: 0, ...size }, pen))
    screens.push(bufferState(alt, size, pen))
  }
  // Synchronised output (mode 2026) keeps the page from painting a half-written screen.
  const start = `\u001bc\u001b[?2026h\u001b[20l\u001b]104\u0007\u001b]110\u0007\u001b]111\u0007\u001b]112\u0007`
  const title = `\u001b]2;${options.title}\u0007`
  return start + title + options.colors + screens.join('') + modes(core, options) + cursor(core, active, size, pen)
}

interface Size {
  readonly rows: number
  readonly cols: number
}

const bufferState = (buffer: CoreBuffer, size: Size, pen: PenWriter): string => {
  let text = ''
  if (buffer.scrollTop !== 0 || buffer.scrollBottom !== size.rows - 1) {
    text += `\u001b[${buffer.scrollTop + 1};${buffer.scrollBottom + 1}r`
  }
  return text + tabStops(buffer, size) + savedCursor(buffer, size, pen)
}

const tabStops = (buffer: CoreBuffer, { cols }: Size): string => {
  const stops: number[] = []
  let isDefault = true
  for (let column = 0; column < cols; column += 1) {
    const isStop = buffer.tabs[column] === true
    if (isStop) stops.push(column)
    if (isStop !== (column % 8 === 0)) isDefault = false
  }
  if (isDefault) return ''
  return `\u001b[3g${stops.map((column) => `\u001b[${column + 1}G\u001bH`).join('')}`
}

const savedCursor = (buffer: CoreBuffer, size: Size, pen: PenWriter): string => {
  const row = Math.min(Math.max(buffer.savedY - buffer.ybase, 0), size.rows - 1)
  const column = Math.min(buffer.savedX, size.cols - 1)
  const { fg, bg } = buffer.savedCurAttrData
  if (row === 0 && column === 0 && fg === 0 && bg === 0 && !buffer.savedCharset) return ''
  const style = pen.setExact({ fg, bg, extended: undefined })
  const charset = charsetDesignator(buffer.savedCharset)
  return `\u001b[${row + 1};${column + 1}H${style}\u001b(${charset}\u001b7\u001b(B`
}

const modes = (core: CoreTerminal, { isCursorBlinking }: SerialiseOptions): string => {
  const dec = core.coreService.decPrivateModes
  const mouse = { NONE: '', X10: '9', VT200: '1000', DRAG: '1002', ANY: '1003' }[core.coreMouseService.activeProtocol]
  const encoding = { DEFAULT: '', SGR: '1006', SGR_PIXELS: '1016' }[core.coreMouseService.activeEncoding]
  const set = [
    dec.applicationCursorKeys && '1',
    dec.applicationKeypad && '66',
    dec.bracketedPasteMode && '2004',
    dec.reverseWraparound && '45',
    dec.sendFocus && '1004',
    mouse,
    encoding,
    isCursorBlinking === true && '12',
  ].filter(Boolean)
  let text = set.map((mode) => `\u001b[?${mode}h`).join('')
  if (isCursorBlinking === false) text += '\u001b[?12l'
  if (!dec.wraparound) text += '\u001b[?7l'
  if (core.options.convertEol) text += '\u001b[20h'
  if (dec.cursorStyle) {
    const style = { block: 2, underline: 4, bar: 6 }[dec.cursorStyle]
    text += `\u001b[${style - (dec.cursorBlink ? 1 : 0)} q`
  }
  return text + (core.coreService.isCursorHidden ? '\u001b[?25l' : '\u001b[?25h')
}

const charsets = ({ _charsetService: service }: CoreTerminal): string => {
  const sets = ['(', ')', '*', '+'].map((slot, level) => {
    // Restoring the cursor may put another set in force than the one its slot holds: what is written next counts.
    const charset = level === service.glevel ? service.charset : service._charsets[level]
    return charset ? `\u001b${slot}${charsetDesignator(charset)}` : ''
  })
  return sets.join('') + (['', '\u000e', '\u001bn', '\u001bo'][service.glevel] ?? '')
}

/** Cursor, pen and what joins with the next character. Nothing may follow it. */
const cursor = (core: CoreTerminal, buffer: CoreBuffer, { cols }: Size, pen: PenWriter): string => {
  const dec = core.coreService.decPrivateModes
  const top = dec.origin ? buffer.scrollTop : 0
  const goTo = (column: number) => `\u001b[${buffer.y - top + 1};${column + 1}H`
  const origin = dec.origin ? '\u001b[?6h' : ''
  const insert = core.coreService.modes.insertMode ? '\u001b[4h' : ''
  const sync = dec.synchronizedOutput ? '' : '\u001b[?2026l'
  const last = lastWritten(buffer)
  const now = currentPen(core)
  const state = () => pen.setExact(now)
  const isPending = buffer.x >= cols
  // In insert mode writing it again would move what follows; there a cluster cut in two stays in two. A character that
  // its own set would turn into another one was not the last that was printed: those found no room in the row.
  const isJoining =
    insert === '' &&
    core._inputHandler._parser.precedingJoinState !== 0 &&
    last?.fg === now.fg &&
    last.bg === now.bg &&
    core._charsetService.charset?.[last.characters] === undefined
  if (!last || !(isPending || isJoining)) {
    return `${charsets(core)}${origin}${goTo(Math.min(buffer.x, cols - 1))}${insert}${state()}${sync}`
  }
  // Writing the last character again is the only way to a pending wrap, and to a cluster that may go on.
  if (isJoining) return `${charsets(core)}${origin}${state()}${sync}${goTo(last.column)}${last.characters}`
  const rewrite = `${pen.setExact(last)}${last.characters}`
  return `${origin}${goTo(last.column)}${rewrite}${charsets(core)}${insert}${state()}${sync}`
}

/** An open link without its flag (restoring the cursor drops the flag) writes no link. */
const currentPen = ({ _inputHandler: { _curAttrData: pen } }: CoreTerminal): CellAttributes => {
  const isFlagged = (pen.bg & BG_EXTENDED) !== 0
  return isFlagged ? pen : { fg: pen.fg, bg: pen.bg, extended: { _ext: pen.extended._ext & BG_COLOR, urlId: 0 } }
}

interface LastWritten {
  readonly column: number
  readonly characters: string
  readonly fg: number
  readonly bg: number
  readonly extended: CoreTerminal['_inputHandler']['_curAttrData']['extended'] | undefined
}

/** The character left of the cursor, if there is one. */
const lastWritten = (buffer: CoreBuffer): LastWritten | null => {
  const line = buffer.lines.get(buffer.ybase + buffer.y)
  if (!line || buffer.x === 0) return null
  const widthAt = (column: number) => (line._data[column * 3] ?? 0) >> 22
  const column = buffer.x >= 2 && widthAt(buffer.x - 1) === 0 ? buffer.x - 2 : buffer.x - 1
  const content = line._data[column * 3] ?? 0
  if ((content & 0x3fffff) === 0) return null
  const characters = content & 0x200000 ? (line._combined[column] ?? '') : String.fromCodePoint(content & 0x1fffff)
  const fg = line._data[column * 3 + 1] ?? 0
  const bg = line._data[column * 3 + 2] ?? 0
  return { column, characters, fg, bg, extended: line._extendedAttrs[column] }
}
