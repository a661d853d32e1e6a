import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { Terminal } from '@xterm/xterm'
import { repairParser } from '../../shared/terminal/parser-repairs.ts'
import { silenceQueries } from './query-silence.ts'
import type { TerminalTheme } from './terminal-theme.ts'

export interface TerminalLook extends TerminalTheme {
  readonly fontFamily: string
  readonly fontSize: number
}

export interface Xterm {
  readonly terminal: Terminal
  readonly fit: FitAddon
  readonly search: SearchAddon
  readonly setLook: (look: TerminalLook) => void
}

// As many lines as the screens in the PTY host keep: a snapshot brings no more.
const scrollbackLines = 5_000

// 17 px lines at 12 px: what the design asks for, in proportion at every other size.
const lineHeight = 17 / 16

/** An xterm as all our views use it: it draws and reports what the person does, and answers nobody else. */
export const createXterm = (look: TerminalLook, isMac: boolean): Xterm => {
  const terminal = new Terminal({
    ...optionsOf(look),
    allowProposedApi: true,
    // With logging on, one hostile byte stream fills the console and with it the memory.
    logLevel: 'off',
    scrollback: scrollbackLines,
    lineHeight,
    fontWeight: 400,
    fontWeightBold: 600,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    drawBoldTextInBrightColors: false,
    rescaleOverlappingGlyphs: true,
    smoothScrollDuration: 0,
    scrollOnUserInput: true,
    macOptionClickForcesSelection: true,
    rightClickSelectsWord: isMac,
  })
  const fit = new FitAddon()
  const search = new SearchAddon({ highlightLimit: 2_000 })
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  terminal.loadAddon(new UnicodeGraphemesAddon())
  // The same widths as the screen in the PTY host, or lines would wrap differently here and there.
  terminal.unicode.activeVersion = '15-graphemes'
  silenceQueries(terminal.parser)
  repairParser(terminal)
  return {
    terminal,
    fit,
    search,
    setLook: (next) => {
      terminal.options = optionsOf(next)
    },
  }
}

const optionsOf = ({ theme, fontFamily, fontSize, minimumContrastRatio }: TerminalLook) => ({
  theme,
  fontFamily,
  fontSize,
  minimumContrastRatio,
})
