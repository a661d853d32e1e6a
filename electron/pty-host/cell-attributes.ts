import type { CoreTerminal, ExtendedAttributes } from './xterm-internals.ts'

// The bits of a cell's two attribute numbers (xterm.js, buffer/Constants.ts).
const COLOR_MODE = 0x3000000
const COLOR_16 = 0x1000000
const COLOR_256 = 0x2000000
const FG_INVERSE = 0x4000000
const FG_BOLD = 0x8000000
const FG_UNDERLINE = 0x10000000
const FG_BLINK = 0x20000000
const FG_INVISIBLE = 0x40000000
const FG_STRIKE = 0x80000000
const BG_ITALIC = 0x4000000
const BG_DIM = 0x8000000
export const BG_EXTENDED = 0x10000000
const BG_PROTECTED = 0x20000000
const BG_OVERLINE = 0x40000000
/** What erasing leaves of the attributes: the background colour. */
export const BG_COLOR = 0x3ffffff

export interface CellAttributes {
  readonly fg: number
  readonly bg: number
  readonly extended: ExtendedAttributes | undefined
}

export interface PenWriter {
  /** The sequences that make the terminal write with these attributes; empty when it does already. */
  set(fg: number, bg: number, extended: ExtendedAttributes | undefined): string
  /** As `set`, for what may be underlined in a colour but is not underlined now. */
  setExact(attributes: CellAttributes): string
  /** The sequences that make erasing and scrolling leave this background. */
  setErase(bgColor: number): string
}

/** Follows the attributes that a terminal writes with, from the state after a reset. */
export const createPenWriter = (links: CoreTerminal['_oscLinkService']): PenWriter => {
  let fg = 0
  let bg = 0
  let ext = 0
  let urlId = 0

  const write = (nextFg: number, nextBg: number, nextExt: number, nextUrlId: number) => {
    let text = ''
    if (nextFg !== fg || nextBg !== bg || nextExt !== ext) {
      text = `\u001b[${sgrOf(nextFg, nextBg, nextExt)}m`
      // The colours of SGR 0 take the protection with them.
      if (nextBg & BG_PROTECTED) text += '\u001b[1"q'
    }
    if (nextUrlId !== urlId) text += linkSequence(links, nextUrlId)
    fg = nextFg
    bg = nextBg
    ext = nextExt
    urlId = nextUrlId
    return text
  }
  return {
    set(nextFg, nextBg, extended) {
      if (!(nextBg & BG_EXTENDED) || !extended) return write(nextFg, nextBg, 0, 0)
      return write(nextFg, nextBg, extended._ext, extended.urlId)
    },
    setExact: (attributes) =>
      write(attributes.fg, attributes.bg, attributes.extended?._ext ?? 0, attributes.extended?.urlId ?? 0),
    setErase: (bgColor) => ((bg & BG_COLOR) === bgColor ? '' : write(0, bgColor, 0, urlId)),
  }
}

const sgrOf = (fg: number, bg: number, ext: number): string => {
  let codes = '0'
  if (fg & FG_BOLD) codes += ';1'
  if (bg & BG_DIM) codes += ';2'
  if (bg & BG_ITALIC) codes += ';3'
  if (fg & FG_BLINK) codes += ';5'
  if (fg & FG_INVERSE) codes += ';7'
  if (fg & FG_INVISIBLE) codes += ';8'
  if (fg & FG_STRIKE) codes += ';9'
  if (bg & BG_OVERLINE) codes += ';53'
  const underlineColor = ext & BG_COLOR
  if (underlineColor & COLOR_MODE) codes += `;${extendedColor(58, underlineColor)}`
  if (fg & FG_UNDERLINE) codes += `;4:${(ext >>> 26) & 7 || 1}`
  return codes + colorOf(fg, 30, 90, 38) + colorOf(bg, 40, 100, 48)
}

const colorOf = (value: number, dark: number, bright: number, extended: number): string => {
  const mode = value & COLOR_MODE
  if (mode === 0) return ''
  if (mode !== COLOR_16) return `;${extendedColor(extended, value)}`
  const index = value & 0xff
  return `;${index < 8 ? dark + index : bright + index - 8}`
}

const extendedColor = (code: number, value: number): string =>
  (value & COLOR_MODE) === COLOR_256
    ? `${code};5;${value & 0xff}`
    : `${code};2;${(value >>> 16) & 0xff};${(value >>> 8) & 0xff};${value & 0xff}`

const linkSequence = (links: CoreTerminal['_oscLinkService'], urlId: number): string => {
  const link = urlId === 0 ? undefined : links.getLinkData(urlId)
  if (!link) return '\u001b]8;;\u0007'
  return `\u001b]8;${link.id === undefined ? '' : `id=${link.id}`};${link.uri}\u0007`
}
