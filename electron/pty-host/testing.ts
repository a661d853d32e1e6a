import type { Terminal as HeadlessTerminal } from '@xterm/headless'
import { charsetDesignator, coreOf, type CoreBuffer, type CoreLine } from './xterm-internals.ts'

/** Everything that a person or a program can tell two terminals apart by, as lines that can be compared. */
export const describeTerminal = (terminal: HeadlessTerminal): string[] => {
  const core = coreOf(terminal)
  const { normal, alt, active } = core._bufferService.buffers
  const dec = core.coreService.decPrivateModes
  const pen = core._inputHandler._curAttrData
  const service = core._charsetService
  return [
    `size ${terminal.cols}x${terminal.rows} ${active === alt ? 'alternate' : 'normal'}`,
    `cursor ${active.x},${active.y} hidden=${core.coreService.isCursorHidden}`,
    `modes ${JSON.stringify({ ...dec, insert: core.coreService.modes.insertMode, eol: core.options.convertEol })}`,
    `mouse ${core.coreMouseService.activeProtocol} ${core.coreMouseService.activeEncoding}`,
    `charsets ${[0, 1, 2, 3].map((level) => charsetDesignator(service._charsets[level])).join('')} ${service.glevel}`,
    `pen ${describeAttributes(core, pen.fg, pen.bg, pen.extended)}`,
    ...describeBuffer(core, 'normal', normal, terminal.rows, terminal.cols),
    ...(active === alt ? describeBuffer(core, 'alternate', alt, terminal.rows, terminal.cols) : []),
  ]
}

type Core = ReturnType<typeof coreOf>

const describeBuffer = (core: Core, name: string, buffer: CoreBuffer, rows: number, cols: number): string[] => {
  const tabs = Array.from({ length: cols }, (_, column) => column).filter((column) => buffer.tabs[column])
  const saved = buffer.savedCurAttrData
  const lines = Array.from({ length: buffer.lines.length }, (_, row) => {
    const line = buffer.lines.get(row)
    return line ? `${name} ${row - buffer.ybase}: ${describeLine(core, line, row === 0)}` : 'missing'
  })
  return [
    `${name} margins ${buffer.scrollTop}-${buffer.scrollBottom} tabs ${tabs.join(',')} rows ${rows}`,
    `${name} saved ${Math.min(buffer.savedX, cols - 1)},${Math.max(buffer.savedY - buffer.ybase, 0)} ${meaningful(saved.fg)},${meaningful(saved.bg & 0xefffffff)} ${charsetDesignator(buffer.savedCharset)}`,
    ...lines,
  ]
}

const describeLine = (core: Core, line: CoreLine, isFirst: boolean): string => {
  const cells: string[] = []
  let previous = ''
  for (let column = 0; column < line.length; column += 1) {
    const content = line._data[column * 3] ?? 0
    const fg = line._data[column * 3 + 1] ?? 0
    const bg = line._data[column * 3 + 2] ?? 0
    const isBlank = (content & 0x3fffff) === 0
    const width = content >> 22
    const characters = content & 0x200000 ? line._combined[column] : String.fromCodePoint(content & 0x1fffff)
    const isHalfGone = isBlank && column === line.length - 1
    const attributes =
      width === 0
        ? previous // The second half of a wide character shows nothing of its own.
        : isHalfGone
          ? describeAttributes(core, 0, bg & 0x3ffffff, undefined) // Only a background can be given to the last blank.
          : describeAttributes(core, fg, bg, line._extendedAttrs[column])
    cells.push(
      `${attributes === previous ? '' : `{${attributes}}`}${isBlank ? '·' : characters}${width === 1 ? '' : `<${width}>`}`,
    )
    previous = attributes
  }
  // The row above the first one is gone, and with it whether the first one continued it.
  return `${line.isWrapped && !isFirst ? '↪' : ' '}${cells.join('')}`
}

const describeAttributes = (
  core: Core,
  fg: number,
  bg: number,
  extended: { readonly _ext: number; readonly urlId: number } | undefined,
): string => {
  const hasExtended = (bg & 0x10000000) !== 0 && extended !== undefined
  const link = hasExtended && extended.urlId !== 0 ? core._oscLinkService.getLinkData(extended.urlId) : undefined
  // An underline without a style is drawn as a single one; a style without an underline shows nowhere.
  const isUnderlined = (fg & 0x10000000) !== 0
  const given = hasExtended ? meaningful(extended._ext & (isUnderlined ? 0x1fffffff : 0x3ffffff)) : ''
  const ext = (given === '' || given === '0') && isUnderlined ? '4000000' : given
  // A link is forgotten with the rows it was written in; what still names it is no link.
  const isPlain = ext === '' || (ext === '0' && !link)
  const head = `${meaningful(fg)}/${meaningful(bg & ~0x10000000)}`
  if (isPlain) return head
  return `${head}/${ext}${link ? `/${link.id ?? ''} ${link.uri}` : ''}`
}

/** A palette colour needs 8 bits and the default none: what an earlier true colour left in the others shows nowhere. */
const meaningful = (value: number): string => {
  const mode = value & 0x3000000
  const color = mode === 0x3000000 ? 0xffffff : mode === 0 ? 0 : 0xff
  return ((value & (0xff000000 | color)) >>> 0).toString(16)
}
