import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

// The contrast of the tokens (WCAG 2), worst case of each group, against what was measured when they were chosen: a
// colour may get better, never worse.

type Rgba = readonly [number, number, number, number]
type Tokens = ReadonlyMap<string, string>

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

const declarations = (selector: string): Tokens => {
  const found = new Map<string, string>()
  for (const [, selectors = '', body = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!selectors.split(',').some((one) => one.trim().replaceAll("'", '"') === selector)) continue
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+)\s*:\s*([^;]+)/g)) found.set(name, value.trim())
  }
  return found
}

const merged = (...parts: readonly Tokens[]): Tokens => new Map(parts.flatMap((part) => [...part]))
const dark = declarations('[data-theme="dark"]')
const light = merged(dark, declarations('[data-theme="light"]'))
const sets = {
  dark,
  light,
  'high, dark': merged(dark, declarations('[data-contrast="high"][data-theme="dark"]')),
  'high, light': merged(light, declarations('[data-contrast="high"][data-theme="light"]')),
} as const

const parse = (tokens: Tokens, name: string): Rgba => {
  const value = tokens.get(name) ?? ''
  const reference = /^var\((--[\w-]+)\)$/.exec(value)
  if (reference !== null) return parse(tokens, reference[1] ?? '')
  const numbers =
    /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(value) ??
    /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value)
  if (numbers === null) throw new Error(`${name} is no colour: ${value}`)
  const [l = 0, c = 0, h = 0, alpha = 1] = numbers.slice(1).map((part) => (part === undefined ? 1 : Number(part)))
  return [...toSrgb(l, c, h), alpha]
}

/** OKLCH to sRGB, clipped as a browser does on an sRGB screen. */
const toSrgb = (lightness: number, chroma: number, hue: number): [number, number, number] => {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  const gamma = (x: number) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)
  return linear.map((x) => Math.min(1, Math.max(0, gamma(x)))) as [number, number, number]
}

const over = (top: Rgba, ground: Rgba): Rgba => {
  const mix = (index: 0 | 1 | 2) => top[index] * top[3] + ground[index] * (1 - top[3])
  return [mix(0), mix(1), mix(2), 1]
}

const luminance = ([r, g, b]: Rgba) => {
  const [x = 0, y = 0, z = 0] = [r, g, b].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * x + 0.7152 * y + 0.0722 * z
}

const contrast = (one: Rgba, other: Rgba): number => {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (bright + 0.05) / (dim + 0.05)
}

const surfaces = ['--surface-0', '--surface-1', '--surface-2']
const words = ['working', 'needs', 'idle', 'failed', 'merged']
const ansi = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'orange'].map((name) => `--term-${name}`)

/** The worst contrast of any of these colours on any of the surfaces, with a tint between when one is given. */
const worst = (tokens: Tokens, colours: readonly string[], grounds = surfaces, tint?: string): number =>
  Math.min(
    ...colours.flatMap((colour) =>
      grounds.map((ground) => {
        const base = parse(tokens, ground)
        return contrast(parse(tokens, colour), tint === undefined ? base : over(parse(tokens, tint), base))
      }),
    ),
  )

const groups: Readonly<Record<string, (tokens: Tokens) => number>> = {
  'text-1': (tokens) => worst(tokens, ['--text-1']),
  'text-2': (tokens) => worst(tokens, ['--text-2']),
  'text-3': (tokens) => worst(tokens, ['--text-3']),
  'text-3 on a selected row': (tokens) => worst(tokens, ['--text-3'], surfaces, '--selected'),
  'status word': (tokens) =>
    worst(
      tokens,
      words.map((word) => `--st-${word}`),
    ),
  'status word on its pill': (tokens) =>
    Math.min(...words.map((word) => worst(tokens, [`--st-${word}`], surfaces, `--st-${word}-bg`))),
  'terminal text': (tokens) => worst(tokens, ['--term-fg', '--term-dim', '--term-bold', ...ansi], ['--term-bg']),
  // On white paper the program's "white" has to be a grey.
  'terminal white': (tokens) => worst(tokens, ['--term-white'], ['--term-bg']),
  'primary button': (tokens) => worst(tokens, ['--on-accent'], ['--accent-fill', '--accent-fill-hover']),
  control: (tokens) => worst(tokens, ['--line-control']),
  'focus ring': (tokens) => worst(tokens, ['--ring']),
  'state shape': (tokens) =>
    worst(tokens, ['--mark-working', '--mark-needs', '--mark-failed', '--mark-merged', '--st-idle']),
}

// Rows: groups. Columns: dark, light, high dark, high light.
const measured: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'text-1': [13.9, 14.9, 19.4, 19.3],
  'text-2': [8.7, 7.7, 15.8, 15.1],
  'text-3': [6.2, 5.3, 11.5, 10],
  'text-3 on a selected row': [4.7, 4.6, 9, 8.6],
  'status word': [6.6, 5.5, 10.7, 8.7],
  'status word on its pill': [5.1, 4.8, 8.8, 7.7],
  'terminal text': [6.4, 5.8, 9.3, 9.3],
  'terminal white': [13.8, 4.8, 15, 8.5],
  'primary button': [4.7, 5.4, 7.8, 9.7],
  control: [3.3, 3.3, 11.1, 12.5],
  'focus ring': [6.5, 4, 14.5, 9.3],
  'state shape': [3.1, 3.1, 3.1, 3.1],
}

describe.each(Object.keys(groups))('the contrast of %s', (group) => {
  it.each(Object.entries(sets).map(([name, tokens], column) => ({ name, tokens, column })))(
    'is no worse in $name than when it was chosen',
    ({ tokens, column }) => {
      const least = measured[group]?.[column] ?? Number.NaN
      // The table is rounded to one place, and a colour to sRGB.
      expect(groups[group]?.(tokens)).toBeGreaterThanOrEqual(least - 0.051)
    },
  )
})

describe('the tokens', () => {
  it('reach AA: 4.5 for words and 3 for shapes, in every set', () => {
    for (const tokens of Object.values(sets)) {
      for (const [group, measure] of Object.entries(groups)) {
        const isShape = ['control', 'focus ring', 'state shape'].includes(group)
        expect(measure(tokens), group).toBeGreaterThanOrEqual(isShape ? 3 : 4.5)
      }
    }
  })

  it('reach 7 for words in high contrast', () => {
    for (const name of ['high, dark', 'high, light'] as const) {
      for (const group of ['text-1', 'text-2', 'text-3', 'status word', 'terminal text']) {
        expect(groups[group]?.(sets[name]), `${group}, ${name}`).toBeGreaterThanOrEqual(7)
      }
    }
  })

  it('have a value in light for every colour that dark has', () => {
    const own = declarations('[data-theme="light"]')
    const colours = [...dark].filter(([, value]) => value.startsWith('oklch')).map(([name]) => name)
    const missing = colours.filter((name) => !own.has(name))
    expect(missing).toEqual([])
  })
})
