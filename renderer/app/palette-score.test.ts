import { describe, expect, it } from 'vitest'
import { paletteScore, rankEntries } from './palette-score.ts'

describe('paletteScore', () => {
  it('fits everything while nothing is typed', () => {
    expect(paletteScore('New session', '')).toBe(1)
    expect(paletteScore('New session', '  ')).toBe(1)
  })

  it('ranks the whole title first', () => {
    expect(paletteScore('One', ' one ')).toBeGreaterThan(paletteScore('One more thing', 'one'))
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
    expect(paletteScore('Überprüfung starten', 'über')).toBe(0.9)
  })
})

describe('rankEntries', () => {
  const entry = (group: string, title: string, keywords: readonly string[] = []) => ({ group, title, keywords })
  const entries = [
    entry('Terminals', 'Show one tile'),
    entry('Terminals', 'Next terminal'),
    entry('View', 'Go to Terminals'),
    entry('Go to a session', 'One more'),
    entry('Go to a session', 'One'),
  ]
  const titles = (search: string) =>
    rankEntries(entries, search).map(([group, fitting]) => [group, fitting.map(({ title }) => title)])

  it('keeps the order of everything while nothing is typed', () => {
    expect(titles('')).toEqual([
      ['Terminals', ['Show one tile', 'Next terminal']],
      ['View', ['Go to Terminals']],
      ['Go to a session', ['One more', 'One']],
    ])
  })

  it('puts the group with the best entry first, and the best entry first in it', () => {
    expect(titles('one')).toEqual([
      ['Go to a session', ['One', 'One more']],
      ['Terminals', ['Show one tile']],
    ])
  })

  it('leaves equals as they came and drops what does not fit', () => {
    expect(titles('terminal')).toEqual([
      ['Terminals', ['Next terminal']],
      ['View', ['Go to Terminals']],
    ])
    expect(titles('zzz')).toEqual([])
  })
})
