import { describe, expect, it } from 'vitest'
import { paletteScore } from './palette-score.ts'

describe('paletteScore', () => {
  it('fits everything while nothing is typed', () => {
    expect(paletteScore('New session', '')).toBe(1)
    expect(paletteScore('New session', '  ')).toBe(1)
  })

  it('ranks the beginning of the title before the beginning of a word, a keyword and any part', () => {
    const scores = [
      paletteScore('Settings', 'set'),
      paletteScore('Open settings', 'set'),
      paletteScore('Theme: dark', 'set', ['settings']),
      paletteScore('Reset', 'set'),
    ]
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(new Set(scores).size).toBe(4)
  })

  it('wants every word that was typed, in any order', () => {
    expect(paletteScore('Open a shell in the worktree', 'shell open')).toBeGreaterThan(0)
    expect(paletteScore('Open a shell in the worktree', 'shell close')).toBe(0)
  })

  it('does not match letters scattered over the title', () => {
    expect(paletteScore('Show or fold the sidebar', 'se')).toBe(0)
  })

  it('finds words beyond ASCII', () => {
    expect(paletteScore('Überprüfung starten', 'über')).toBe(1)
  })
})
