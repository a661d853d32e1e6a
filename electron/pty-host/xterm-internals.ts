import { createRequire } from 'node:module'
import type { Terminal } from '@xterm/headless'
import { repairParser } from '../../shared/terminal/parser-repairs.ts'

// Both packages are CommonJS without names that Node can import.
const require = createRequire(import.meta.url)
const headless = require('@xterm/headless') as { readonly Terminal: typeof Terminal }
const graphemes = require('@xterm/addon-unicode-graphemes') as {
  UnicodeGraphemesAddon: new () => Parameters<Terminal['loadAddon']>[0]
}

/**
 * What is read from inside xterm.js 6.0.0, which is pinned for this reason: parsing in one go (a snapshot and the offset
 * it stands for must come from one tick), and state that the public interface does not show but a restored screen needs.
 */
export interface CoreTerminal {
  readonly _bufferService: {
    readonly buffers: { readonly normal: CoreBuffer; readonly alt: CoreBuffer; readonly active: CoreBuffer }
  }
  readonly coreService: {
    readonly isCursorHidden: boolean
    readonly modes: { readonly insertMode: boolean }
    readonly decPrivateModes: CoreModes
  }
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string }
  readonly _charsetService: {
    readonly charset: Charset
    readonly glevel: number
    readonly _charsets: readonly Charset[]
  }
  readonly _oscLinkService: { getLinkData(linkId: number): { readonly id?: string; readonly uri: string } | undefined }
  readonly _inputHandler: {
    readonly _curAttrData: CoreAttributes
    readonly _parser: { readonly precedingJoinState: number }
  }
  readonly options: { readonly convertEol: boolean; readonly cursorBlink: boolean }
  writeSync(text: string): void
}

export type Charset = Readonly<Record<string, string>> | undefined

export interface CoreModes {
  readonly applicationCursorKeys: boolean
  readonly applicationKeypad: boolean
  readonly bracketedPasteMode: boolean
  readonly cursorBlink: boolean | undefined
  readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined
  readonly origin: boolean
  readonly reverseWraparound: boolean
  readonly sendFocus: boolean
  readonly synchronizedOutput: boolean
  readonly wraparound: boolean
}

export interface CoreAttributes {
  readonly fg: number
  readonly bg: number
  readonly extended: ExtendedAttributes
}

export interface ExtendedAttributes {
  /** Underline style in bits 27 to 29, underline colour below. */
  readonly _ext: number
  readonly urlId: number
}

export interface CoreLine {
  /** Three numbers a cell: content, foreground with flags, background with flags. */
  readonly _data: Uint32Array
  readonly _combined: Readonly<Record<number, string>>
  readonly _extendedAttrs: Readonly<Record<number, ExtendedAttributes | undefined>>
  readonly length: number
  readonly isWrapped: boolean
}

export interface CoreBuffer {
  readonly x: number
  readonly y: number
  readonly ybase: number
  readonly scrollTop: number
  readonly scrollBottom: number
  readonly savedX: number
  readonly savedY: number
  readonly savedCurAttrData: CoreAttributes
  readonly savedCharset: Charset
  readonly tabs: Readonly<Record<number, boolean | undefined>>
  readonly lines: { readonly length: number; get(index: number): CoreLine | undefined }
}

export const coreOf = (terminal: Terminal): CoreTerminal =>
  (terminal as unknown as { readonly _core: CoreTerminal })._core

export interface HeadlessSize {
  readonly cols: number
  readonly rows: number
  readonly scrollbackRows: number
}

export const createHeadlessTerminal = ({ cols, rows, scrollbackRows }: HeadlessSize): Terminal => {
  const terminal = new headless.Terminal({
    cols,
    rows,
    scrollback: scrollbackRows,
    allowProposedApi: true,
    // A hostile stream would otherwise fill the log with parser warnings.
    logLevel: 'off',
    windowOptions: { getWinSizeChars: true, pushTitle: true, popTitle: true },
  })
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon())
  repairParser(terminal)
  return terminal
}

/** The character that designates a character set (as in `ESC ( 0`); `B` for the default one. */
export const charsetDesignator = (charset: Charset): string => {
  if (!charset) return 'B'
  designators ??= readDesignators()
  return designators.get(charset) ?? 'B'
}

let designators: Map<object, string> | undefined

/** xterm.js does not export its character sets, but each designation yields the one object that stands for it. */
const readDesignators = () => {
  const found = new Map<object, string>()
  const scratch = createHeadlessTerminal({ cols: 2, rows: 1, scrollbackRows: 0 })
  const core = coreOf(scratch)
  for (const designator of ['0', 'A', '4', 'C', '5', 'R', 'Q', 'K', 'Y', 'E', '6', 'Z', 'H', '7', '=']) {
    core.writeSync(`\u001b(${designator}`)
    const charset = core._charsetService._charsets[0]
    if (charset && !found.has(charset)) found.set(charset, designator)
  }
  scratch.dispose()
  return found
}
