/** A colour in sRGB: channels 0–255, alpha 0–1. */
export interface Rgba {
  readonly r: number
  readonly g: number
  readonly b: number
  readonly a: number
}

/**
 * Reads a colour as our tokens and browsers write it: `oklch(L C H / A)`, `rgb(…)`, `#rgb`, `#rrggbb`, `#rrggbbaa`.
 * Null for anything else. xterm parses only the last two forms itself, while a custom property comes back as written.
 */
export const parseColor = (text: string): Rgba | null => {
  const trimmed = text.trim().toLowerCase()
  if (trimmed.startsWith('#')) return parseHex(trimmed.slice(1))
  const call = /^(oklch|rgba?)\(([^)]*)\)$/.exec(trimmed)
  if (call === null) return null
  const numbers = (call[2] ?? '').split(/[\s,/]+/).filter((part) => part !== '')
  if (numbers.length < 3 || numbers.length > 4) return null
  const alpha = numbers[3] === undefined ? 1 : parseNumber(numbers[3], 1)
  const [first = '', second = '', third = ''] = numbers
  const color =
    call[1] === 'oklch'
      ? oklchToRgb(parseNumber(first, 1), parseNumber(second, 0.4), parseNumber(third, 360))
      : { r: parseNumber(first, 255), g: parseNumber(second, 255), b: parseNumber(third, 255) }
  const values = [color.r, color.g, color.b, alpha]
  return values.every(Number.isFinite) ? { ...color, a: clamp(alpha, 0, 1) } : null
}

/** `#rrggbb`, or `#rrggbbaa` when it is translucent. */
export const toHex = ({ r, g, b, a }: Rgba): string => {
  const digits = [r, g, b].map(hexOf).join('')
  return a >= 1 ? `#${digits}` : `#${digits}${hexOf(a * 255)}`
}

/** The colour that lies `share` (0–1) of the way from one to the other. */
export const mixColors = (from: Rgba, to: Rgba, share: number): Rgba => {
  const between = (a: number, b: number) => a + (b - a) * share
  return { r: between(from.r, to.r), g: between(from.g, to.g), b: between(from.b, to.b), a: between(from.a, to.a) }
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value))
const hexOf = (channel: number) =>
  Math.round(clamp(channel, 0, 255))
    .toString(16)
    .padStart(2, '0')

const parseNumber = (text: string, whole: number): number => {
  if (text === 'none') return 0
  const value = Number(text.replace(/(%|deg)$/, ''))
  return text.endsWith('%') ? (value / 100) * whole : value
}

const parseHex = (digits: string): Rgba | null => {
  if (!/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) return null
  const full = digits.length <= 4 ? digits.replace(/./g, '$&$&') : digits
  const channel = (at: number) => Number.parseInt(full.slice(at, at + 2), 16)
  return { r: channel(0), g: channel(2), b: channel(4), a: full.length === 8 ? channel(6) / 255 : 1 }
}

/** Björn Ottosson's OKLab to linear sRGB, then the sRGB curve. Out of gamut channels are clipped. */
const oklchToRgb = (lightness: number, chroma: number, hueDegrees: number) => {
  const hue = (hueDegrees * Math.PI) / 180
  const a = chroma * Math.cos(hue)
  const b = chroma * Math.sin(hue)
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return {
    r: encodeSrgb(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    g: encodeSrgb(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    b: encodeSrgb(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  }
}

const encodeSrgb = (linear: number): number => {
  const value = clamp(linear, 0, 1)
  return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)
}
