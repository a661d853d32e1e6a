import { describe, expect, it, vi } from 'vitest'
import { parseColor, type Rgba } from './color.ts'
import { readTerminalTheme } from './terminal-theme.ts'

// The page's compiler knows no Node, and vitest gives style sheets as empty modules.
interface FileSystem {
  readonly readFileSync: (path: URL, encoding: 'utf8') => string
}
const { readFileSync } = await vi.importActual<FileSystem>('node:fs')
const css = readFileSync(new URL('../ui/tokens.css', import.meta.url), 'utf8')

/** The custom properties that hold for a theme, as the cascade of the real token file gives them. */
const tokensOf = (theme: string, contrast: string) => {
  const matches = (selector: string) =>
    selector.split(',').some((part) => {
      const wanted = [...part.matchAll(/\[data-(theme|contrast)=['"](\w+)['"]\]/g)]
      return (
        part.trim() === ':root' ||
        (wanted.length > 0 && wanted.every(([, key, value]) => value === (key === 'theme' ? theme : contrast)))
      )
    })
  const rules = [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)]
  const values = new Map(
    rules
      .filter(([, selector]) => matches(selector!.trim()))
      .flatMap(([, , body]) =>
        [...body!.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!]),
      ),
  )
  const read = (name: string): string =>
    (values.get(name) ?? '').replace(/var\((--[\w-]+)\)/g, (_, inner: string) => read(inner))
  return read
}

const luminance = ({ r, g, b }: Rgba) => {
  const linear = [r, g, b].map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
}
const contrast = (one: string, other: string) => {
  const [high, low] = [one, other].map((text) => luminance(parseColor(text)!)).sort((a, b) => b - a)
  return (high! + 0.05) / (low! + 0.05)
}

describe('the terminal theme', () => {
  for (const theme of ['dark', 'light']) {
    for (const level of ['normal', 'high']) {
      it(`gives readable text in ${theme}, ${level} contrast`, () => {
        const {
          theme: colors,
          palette,
          minimumContrastRatio,
        } = readTerminalTheme(tokensOf(theme, level), level === 'high')
        const least = level === 'high' ? 7 : 4.5
        expect(minimumContrastRatio).toBe(least)
        expect(contrast(colors.foreground!, colors.background!)).toBeGreaterThan(least)
        // Black and white are used as backgrounds too: one of them is close to ours by nature.
        for (const name of ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const) {
          const bright = `bright${name[0]!.toUpperCase()}${name.slice(1)}` as 'brightRed'
          expect(contrast(colors[name]!, colors.background!), name).toBeGreaterThan(4.5)
          expect(contrast(colors[bright]!, colors.background!), bright).toBeGreaterThanOrEqual(
            contrast(colors[name]!, colors.background!),
          )
        }
        expect(palette.ansi).toHaveLength(16)
        for (const value of [palette.foreground, palette.background, ...palette.ansi])
          expect(value).toMatch(/^#[0-9a-f]{6}$/)
      })
    }
  }

  it('keeps the selection translucent so that text under it can be read', () => {
    const { theme } = readTerminalTheme(tokensOf('dark', 'normal'), false)
    expect(theme.selectionBackground).toMatch(/^#[0-9a-f]{8}$/)
  })

  it('names the token that cannot be read', () => {
    expect(() => readTerminalTheme(() => 'blue-ish', false)).toThrow('--term-bg')
  })
})
