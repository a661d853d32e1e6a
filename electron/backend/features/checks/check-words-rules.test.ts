import { describe, expect, it } from 'vitest'
import { excerptOf, listNames, tailOf } from './check-words-rules.ts'

describe('the end of what was printed', () => {
  it.each([
    ['is all of it when it is short', 'one\ntwo\n\n', 'one\ntwo', false],
    ['has nothing of blank rows below', `one${'\n '.repeat(30)}`, 'one', false],
    ['is nothing where nothing was printed', '\n\n', '', false],
    ['writes out what reorders and what is hidden', 'ok \u202egnp.\u200b', 'ok ⟨U+202E⟩gnp.⟨U+200B⟩', false],
    ['writes out control characters', 'a\u001b[31mb\u0007', 'a⟨U+001B⟩[31mb⟨U+0007⟩', false],
    ['keeps one line one line', 'a\rb\tc', 'a b c', false],
  ])('%s', (_, screen, text, isCut) => {
    expect(tailOf(screen)).toEqual({ text, isCut })
  })

  it('is the last 200 lines', () => {
    const { text, isCut } = tailOf(Array.from({ length: 205 }, (_, at) => `line ${at}`).join('\n'))
    expect(text.split('\n')).toHaveLength(200)
    expect(text.startsWith('line 5\n')).toBe(true)
    expect(isCut).toBe(true)
  })

  it('is at most 64 KB of whole lines, counted as they are shown', () => {
    const { text, isCut } = tailOf([`first ${'x'.repeat(40_000)}`, '\u202e'.repeat(3000), 'last'].join('\n'))
    expect(text).toBe(`${'⟨U+202E⟩'.repeat(3000)}\nlast`)
    expect(isCut).toBe(true)
    expect(Buffer.byteLength(tailOf('é'.repeat(200_000)).text)).toBeLessThanOrEqual(64 * 1024)
  })
})

describe('the excerpt', () => {
  it.each([
    [
      'has the lines that say what is wrong',
      ['ok 1', 'FAIL race.test.ts > two first writers', 'AssertionError: expected 1, got 2', 'Duration 3 s'],
      ['FAIL race.test.ts > two first writers', 'AssertionError: expected 1, got 2'],
    ],
    ['knows a compiler', ['src/a.ts(3,1): error TS2322: no', 'Found 1'], ['src/a.ts(3,1): error TS2322: no']],
    ['knows a cross', ['  ✓ adds', '  ✗ takes away'], ['  ✗ takes away']],
    [
      'takes nothing for wrong that is right',
      ['0 errors', 'no failures', 'lines'],
      ['0 errors', 'no failures', 'lines'],
    ],
    ['has the last lines where none says so', ['', 'a', '', 'b'], ['a', 'b']],
    ['is empty for nothing', [''], []],
  ])('%s', (_, lines, excerpt) => {
    expect(excerptOf(lines.join('\n'))).toEqual(excerpt)
  })

  it('is five lines of at most 200 characters', () => {
    const lines = Array.from({ length: 9 }, (_, at) => `error ${at} ${'x'.repeat(300)}`)
    const excerpt = excerptOf(lines.join('\n'))
    expect(excerpt.map((line) => line.slice(0, 7))).toEqual(['error 4', 'error 5', 'error 6', 'error 7', 'error 8'])
    expect(excerpt.every((line) => line.length === 200 && line.endsWith('…'))).toBe(true)
  })
})

it('lists names as a sentence does', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listNames)).toEqual(['', 'a', 'a and b', 'a, b and c'])
})
