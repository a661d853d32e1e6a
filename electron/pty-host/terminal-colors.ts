import type { Palette } from '../../shared/pty-protocol/terminals.ts'

export type SpecialColor = 'foreground' | 'background' | 'cursor'
const specials: readonly SpecialColor[] = ['foreground', 'background', 'cursor']

export interface TerminalColors {
  /** Handles the body of OSC 4; returns the answers to the questions in it. */
  indexed(body: string): string
  /** Handles the body of OSC 10, 11 or 12, which goes on to the next of the three with each value. */
  special(first: number, body: string): string
  /** Handles OSC 104, 110, 111, 112. */
  reset(code: number, body: string): void
  clear(): void
  /** The sequences that set what the program changed. */
  serialise(): string
}

/** The colours of a terminal: those of the page until the program sets its own. */
export const createTerminalColors = (palette: () => Palette): TerminalColors => {
  const indexedColors = new Map<number, string>()
  const specialColors = new Map<SpecialColor, string>()

  return {
    indexed(body) {
      const fields = body.split(';')
      let answer = ''
      for (let at = 0; at + 1 < fields.length; at += 2) {
        const index = Number(fields[at])
        const value = fields[at + 1] ?? ''
        if (!Number.isInteger(index) || index < 0 || index > 255) continue
        if (value !== '?') indexedColors.set(index, value)
        else
          answer += `\u001b]4;${index};${asAnswer(indexedColors.get(index) ?? defaultColor(palette(), index))}\u001b\\`
      }
      return answer
    },
    special(first, body) {
      let answer = ''
      for (const [at, value] of body.split(';').entries()) {
        const name = specials[first - 10 + at]
        if (!name) break
        if (value !== '?') {
          specialColors.set(name, value)
          continue
        }
        const { foreground, background } = palette()
        const own = specialColors.get(name) ?? (name === 'background' ? background : foreground)
        answer += `\u001b]${first + at};${asAnswer(own)}\u001b\\`
      }
      return answer
    },
    reset(code, body) {
      const name = specials[code - 110]
      if (name) specialColors.delete(name)
      else if (body === '') indexedColors.clear()
      else for (const index of body.split(';')) indexedColors.delete(Number(index))
    },
    clear() {
      indexedColors.clear()
      specialColors.clear()
    },
    serialise() {
      const indexed = [...indexedColors].map(([index, value]) => `\u001b]4;${index};${value}\u0007`)
      const special = [...specialColors].map(([name, value]) => `\u001b]${specials.indexOf(name) + 10};${value}\u0007`)
      return indexed.join('') + special.join('')
    },
  }
}

/** xterm's 256 colours: 16 of the page, a cube of 6 × 6 × 6, 24 greys. */
const defaultColor = (palette: Palette, index: number): string => {
  const own = palette.ansi[index]
  if (own !== undefined) return own
  if (index >= 232) return rgb(Array.from({ length: 3 }, () => 8 + (index - 232) * 10))
  const cube = index - 16
  return rgb(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40)),
  )
}

const rgb = (channels: readonly number[]) =>
  `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`

/** Programs expect 16 bits a channel, as xterm answers. What was set in another form is answered as it was set. */
const asAnswer = (color: string): string => {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)
  return match
    ? `rgb:${match
        .slice(1)
        .map((channel) => channel + channel)
        .join('/')}`
    : color
}

export const defaultPalette: Palette = {
  foreground: '#d4d4d4',
  background: '#1e1e1e',
  ansi: '#000000 #cd3131 #0dbc79 #e5e510 #2472c8 #bc3fbc #11a8cd #e5e5e5 #666666 #f14c4c #23d18b #f5f543 #3b8eea #d670d6 #29b8db #ffffff'.split(
    ' ',
  ),
}
