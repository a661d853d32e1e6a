import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleLine, visibleText } from './visible-text.ts'

describe('visibleText', () => {
  it('writes out bidirectional controls, so that a reordered name cannot pass for another', () => {
    expect(visibleText('rm \u202Egnp.exe')).toBe('rm ⟨U+202E⟩gnp.exe')
    expect(visibleText('\u2066a\u2069')).toBe('⟨U+2066⟩a⟨U+2069⟩')
  })

  it('writes out zero-width characters, byte order marks and soft hyphens', () => {
    expect(visibleText('ma\u200Bin')).toBe('ma⟨U+200B⟩in')
    expect(visibleText('\uFEFFmain')).toBe('⟨U+FEFF⟩main')
    expect(visibleText('ma\u00ADin')).toBe('ma⟨U+00AD⟩in')
  })

  it('writes out tag characters beyond the basic plane', () => {
    expect(visibleText('a\u{E0041}')).toBe('a⟨U+E0041⟩')
  })

  it('writes out control characters but keeps line breaks and tabs', () => {
    expect(visibleText('a\u001B[31m\n\tb\u0000')).toBe('a⟨U+001B⟩[31m\n\tb⟨U+0000⟩')
  })

  it('leaves scripts, accents and emoji that join alone', () => {
    expect(visibleText('Überprüfung 日本語 עברית')).toBe('Überprüfung 日本語 עברית')
    expect(visibleText('👩‍💻 👩🏽‍🚀 🏳️‍🌈')).toBe('👩‍💻 👩🏽‍🚀 🏳️‍🌈')
  })

  it('writes out a joiner that joins no emoji', () => {
    expect(visibleText('ma\u200Din')).toBe('ma⟨U+200D⟩in')
  })

  it('never lets a hidden character through and never changes text twice', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const shown = visibleText(text)
        expect(visibleText(shown)).toBe(shown)
        expect(shown).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\uFEFF]/)
      }),
    )
  })
})

describe('visibleLine', () => {
  it('puts a name with line breaks on one line', () => {
    expect(visibleLine('one\r\ntwo\tthree')).toBe('one two three')
  })
})
