import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixColors, parseColor, toHex } from './color.ts'

const hex = (text: string) => {
  const color = parseColor(text)
  return color === null ? null : toHex(color)
}

describe('colours', () => {
  it('reads hexadecimal colours of every length', () => {
    expect(hex('#fff')).toBe('#ffffff')
    expect(hex('#1a2B3c')).toBe('#1a2b3c')
    expect(hex('#1a2b3c80')).toBe('#1a2b3c80')
    expect(hex('#f008')).toBe('#ff000088')
  })

  it('reads rgb with commas, spaces, percentages and alpha', () => {
    expect(hex('rgb(255, 128, 0)')).toBe('#ff8000')
    expect(hex('rgb(100% 0% 0%)')).toBe('#ff0000')
    expect(hex('rgba(0, 0, 0, 0.5)')).toBe('#00000080')
    expect(hex('rgb(0 0 0 / 50%)')).toBe('#00000080')
  })

  it('converts oklch as browsers do', () => {
    // The values CSS Color 4 gives for the sRGB primaries, and for the ends of the grey axis.
    expect(hex('oklch(1 0 0)')).toBe('#ffffff')
    expect(hex('oklch(0 0 0)')).toBe('#000000')
    expect(hex('oklch(0.62796 0.25768 29.234)')).toBe('#ff0000')
    expect(hex('oklch(0.86644 0.29483 142.495)')).toBe('#00ff00')
    expect(hex('oklch(0.45201 0.31321 264.052)')).toBe('#0000ff')
    expect(hex('oklch(59.987% 0 none)')).toBe('#808080')
  })

  it('keeps the alpha of oklch', () => {
    expect(hex('oklch(0.70 0.13 258 / 0.30)')).toMatch(/^#[0-9a-f]{6}4d$/)
  })

  it('refuses what is no colour', () => {
    for (const text of ['', 'red', '#12', '#ggg', 'oklch(1 2)', 'rgb(a b c)', 'var(--x)', 'oklch(1 0 0'])
      expect(parseColor(text)).toBeNull()
  })

  it('gives every grey of oklch equal channels and grows with lightness', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)].map((l) => parseColor(`oklch(${l.toFixed(4)} 0 0)`)!)
        expect(Math.abs(low!.r - low!.b)).toBeLessThan(0.5)
        expect(high!.r).toBeGreaterThanOrEqual(low!.r - 0.01)
      }),
    )
  })

  it('mixes two colours', () => {
    const black = parseColor('#000')!
    const white = parseColor('#fff')!
    expect(toHex(mixColors(black, white, 0))).toBe('#000000')
    expect(toHex(mixColors(black, white, 0.5))).toBe('#808080')
    expect(toHex(mixColors(black, white, 1))).toBe('#ffffff')
  })
})
