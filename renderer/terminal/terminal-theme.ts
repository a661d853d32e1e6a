import type { ITheme } from '@xterm/xterm'
import { mixColors, parseColor, toHex, type Rgba } from './color.ts'

/** What the page paints, told to programs that ask for it. */
export interface Palette {
  readonly foreground: string
  readonly background: string
  readonly ansi: string[]
}

export interface TerminalTheme {
  readonly theme: ITheme
  readonly palette: Palette
  /** Decorations of found text. */
  readonly match: { readonly background: string; readonly activeBackground: string; readonly activeBorder: string }
  /** WCAG contrast that text gets at least, whatever colours a program chose for another theme. */
  readonly minimumContrastRatio: number
}

const ansiNames = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

// Toward the colour of bold text: brighter on dark, darker on light, so contrast only grows.
const brightShare = 0.22

/**
 * The colours of a terminal from our tokens. `read` gives the value of a custom property as the browser has it now;
 * a missing or unreadable one is a bug in the tokens.
 */
export const readTerminalTheme = (read: (name: string) => string, isHighContrast: boolean): TerminalTheme => {
  const color = (name: string): Rgba => {
    const value = parseColor(read(name))
    if (value === null) throw new Error(`The token ${name} is no colour: ${JSON.stringify(read(name))}`)
    return value
  }
  const hex = (name: string) => toHex(color(name))
  const [background, bold] = [color('--term-bg'), color('--term-bold')]
  const normal = ansiNames.map((name) => color(`--term-${name}`))
  const bright = normal.map((value) => mixColors(value, bold, brightShare))
  // "Bright black" is what programs print dim text in, "bright white" what they print headings in.
  bright[0] = color('--term-dim')
  bright[7] = bold
  const ansi = [...normal, ...bright].map(toHex)
  const names = [...ansiNames, ...ansiNames.map((name) => `bright${name[0]?.toUpperCase()}${name.slice(1)}`)]
  const over = (name: string, share: number) => toHex(mixColors(background, { ...color(name), a: 1 }, share))
  return {
    theme: {
      foreground: hex('--term-fg'),
      background: toHex(background),
      cursor: hex('--term-cursor'),
      cursorAccent: toHex(background),
      selectionBackground: hex('--term-select'),
      selectionInactiveBackground: hex('--term-select'),
      scrollbarSliderBackground: hex('--line-strong'),
      scrollbarSliderHoverBackground: hex('--text-off'),
      scrollbarSliderActiveBackground: hex('--text-3'),
      overviewRulerBorder: '#00000000',
      ...Object.fromEntries(names.map((name, at) => [name, ansi[at]])),
    },
    palette: { foreground: hex('--term-fg'), background: toHex(background), ansi },
    match: {
      background: over('--st-needs', 0.28),
      activeBackground: over('--st-needs', 0.55),
      activeBorder: hex('--st-needs'),
    },
    minimumContrastRatio: isHighContrast ? 7 : 4.5,
  }
}
