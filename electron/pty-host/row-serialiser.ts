import { BG_COLOR, type PenWriter } from './cell-attributes.ts'
import type { CoreBuffer, CoreLine } from './xterm-internals.ts'

// The bits of a cell's content (xterm.js, buffer/Constants.ts).
const CODE_POINT = 0x1fffff
const IS_COMBINED = 0x200000
const HAS_CONTENT = 0x3fffff
const WIDTH_SHIFT = 22

export interface RowRange {
  readonly first: number
  /** Rows of the screen; rows above it are scroll-back. */
  readonly rows: number
  readonly cols: number
}

/**
 * The text that, written to an empty screen with the cursor at its top left, gives the rows from `first` to the end of the
 * buffer: every cell with its width and attributes, every line break with whether it wrapped. The cursor and the pen are
 * left anywhere.
 */
export const serialiseRows = (buffer: CoreBuffer, { first, rows, cols }: RowRange, pen: PenWriter): string => {
  const parts: string[] = []
  const last = buffer.lines.length - 1
  /** The background that the cells of this row have before anything is written to it. */
  let fill = 0
  for (let row = first; row <= last; row += 1) {
    const line = buffer.lines.get(row)
    if (!line) continue
    const next = row < last ? buffer.lines.get(row + 1) : undefined
    const written = writeCells(line, fill, pen)
    parts.push(written.text)
    fill = 0
    if (!next) continue
    const isAtBottom = row - first >= rows - 1
    const wrap = next.isWrapped && rows > 1 ? planWrap(line, next, written.blanks, cols) : 'none'
    if (wrap === 'natural') {
      // Scrolling at the wrap fills the new row with the background of the character that wraps.
      if (isAtBottom) fill = (next._data[2] ?? 0) & BG_COLOR
      // A movement would undo the wrap that is pending, so the cursor is only moved over the blank before a wide one.
      if (written.blanks > 1) parts.push(forward(written.blanks - 1))
      if (((next._data[0] ?? 0) & CODE_POINT) >= 0x300 || ((next._data[0] ?? 0) & IS_COMBINED) !== 0)
        parts.push('\u0000')
    } else if (wrap === 'forced') {
      parts.push(forceWrap(line, written, cols, pen))
    } else {
      parts.push(pen.setErase(0), '\r\n')
    }
  }
  return parts.join('')
}

interface WrittenRow {
  readonly text: string
  /** Blank cells at the end of the row over which the cursor was not moved. */
  readonly blanks: number
}

const writeCells = (line: CoreLine, fill: number, pen: PenWriter): WrittenRow => {
  const data = line._data
  let text = ''
  let column = 0
  let previous = 0
  let blanks = 0
  /** The column that holds a character of a detour, to be written over. */
  let spoiled = -1
  while (column < line.length) {
    const content = data[column * 3] ?? 0
    if ((content & HAS_CONTENT) === 0) {
      previous = 0
      if (isStyledBlank(line, column)) {
        text += styledBlank(line, column, pen)
        column += 1
        spoiled = column
        continue
      }
      const background = (data[column * 3 + 2] ?? 0) & BG_COLOR
      const end = endOfBlanks(line, column, background)
      if (background !== fill || column === spoiled) {
        text += `${pen.setErase(background)}\u001b[${end - column}X`
      }
      if (end < line.length) text += forward(end - column)
      else blanks = end - column
      column = end
      continue
    }
    const width = content >> WIDTH_SHIFT
    const characters = content & IS_COMBINED ? (line._combined[column] ?? ' ') : ''
    const code = characters === '' ? content & CODE_POINT : (characters.codePointAt(0) ?? 0x20)
    const style = pen.set(data[column * 3 + 1] ?? 0, data[column * 3 + 2] ?? 0, line._extendedAttrs[column])
    // NUL does nothing but end the grapheme cluster, so that cells written apart are not joined.
    text += style === '' && mayJoin(previous, code) ? '\u0000' : style
    text += characters === '' ? String.fromCodePoint(code) : characters
    previous = characters === '' ? code : (characters.codePointAt(characters.length - 1) ?? code)
    column += Math.max(width, 1)
  }
  return { text, blanks }
}

/** Erasing leaves a background alone. Half of a wide character that was written over keeps all its attributes. */
const isStyledBlank = (line: CoreLine, column: number) =>
  column + 1 < line.length &&
  (line._data[column * 3] ?? 0) >> WIDTH_SHIFT === 1 &&
  (line._data[column * 3 + 1] !== 0 || ((line._data[column * 3 + 2] ?? 0) & ~BG_COLOR) !== 0)

/** Such a blank comes about only the way it did: a wide character whose second half is written over. */
const styledBlank = (line: CoreLine, column: number, pen: PenWriter): string => {
  const fg = line._data[column * 3 + 1] ?? 0
  const bg = line._data[column * 3 + 2] ?? 0
  const toSecondHalf = `\u001b[${column + 2}G`
  return `\u0000\u3000${toSecondHalf}${pen.set(fg, bg, line._extendedAttrs[column])} ${toSecondHalf}`
}

const endOfBlanks = (line: CoreLine, from: number, background: number): number => {
  const data = line._data
  let end = from + 1
  while (end < line.length) {
    if (((data[end * 3] ?? 0) & HAS_CONTENT) !== 0 || ((data[end * 3 + 2] ?? 0) & BG_COLOR) !== background) break
    if (isStyledBlank(line, end)) break
    end += 1
  }
  return end
}

/** How the wrap into `next` comes about when its first character is written after this row. */
const planWrap = (line: CoreLine, next: CoreLine, blanks: number, cols: number): 'natural' | 'forced' => {
  const first = next._data[0] ?? 0
  if ((first & HAS_CONTENT) === 0) return 'forced'
  if (blanks === 0) return 'natural'
  // A wide character that did not fit leaves one blank cell with its own attributes.
  const isLeftByWide =
    first >> WIDTH_SHIFT === 2 &&
    line._data[cols * 3 - 2] === next._data[1] &&
    line._data[cols * 3 - 1] === next._data[2]
  return isLeftByWide ? 'natural' : 'forced'
}

/** Wraps by a character of its own and takes it back: programs erase what made a line wrap, and it stays wrapped. */
const forceWrap = (line: CoreLine, { blanks }: WrittenRow, cols: number, pen: PenWriter): string => {
  const move = blanks > 1 ? forward(blanks - 1) : ''
  const background = (line._data[cols * 3 - 1] ?? 0) & BG_COLOR
  const isBlank = blanks > 0
  const wrap = `${move}${pen.set(0, 0, undefined)}${isBlank ? 'x' : ''}x\r\u001b[X`
  if (!isBlank) return wrap
  return `${wrap}\u001b[A\u001b[${cols}G${pen.setErase(background)}\u001b[X${pen.setErase(0)}\u001b[B\r`
}

const forward = (cells: number) => (cells === 1 ? '\u001b[C' : `\u001b[${cells}C`)

/** Whether a terminal could join two characters in one cell. Plain letters, CJK and box drawing never do. */
const mayJoin = (previous: number, code: number) => previous !== 0 && !(startsCell(code) && startsCell(previous))

const startsCell = (code: number) =>
  code < 0x300 ||
  (code >= 0x2500 && code <= 0x259f) ||
  (code >= 0x3041 && code <= 0x3096) ||
  (code >= 0x30a0 && code <= 0x9fff)
