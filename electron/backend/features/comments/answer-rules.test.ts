import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from './answer-rules.ts'

const read = (body: string, asked: readonly number[] = [1, 2, 3]) => {
  const { byNumber, rest } = readAnswer(body, new Set(asked))
  return { ...Object.fromEntries([...byNumber].map(([number, text]) => [`c${number}`, text])), rest }
}

describe('an answer', () => {
  it.each<[string, string]>([
    ['c1: done', 'done'],
    ['C1: done', 'done'],
    ['c1 : done', 'done'],
    ['c1 - done', 'done'],
    ['c1 — done', 'done'],
    ['c1. done', 'done'],
    ['c1) done', 'done'],
    ['c1 done', 'done'],
    ['- c1: done', 'done'],
    ['* **c1**: done', 'done'],
    ['**c1:** done', 'done'],
    ['1. `c1` – done', 'done'],
    ['[c1] done', 'done'],
    ['### c1\ndone', 'done'],
    ['> c1: done', 'done'],
    ['c1 (src/a.ts, line 3): done', 'done'],
    ['c1:\n\n  done\n\n', '  done'],
    ['c1:', ''],
  ])('%j is read', (body, text) => {
    expect(read(body)).toEqual({ c1: text, rest: '' })
  })

  it.each([
    'c1.ts is done',
    'c1-based counting',
    'xc1: no',
    'see c1: it is done',
    "c1's lines",
    'c9: nobody asked',
    'c12: nobody asked',
    '    c1: code',
    '```\nc1: code\n```',
    '~~~~\n```\nc1: still code\n~~~~',
  ])('%j names no thread, and is kept as it is', (body) => {
    expect(read(body)).toEqual({ rest: body.replace(/\s+$/, '') })
  })

  it('goes on to the next name, over lists, code and empty lines', () => {
    const body = 'All of it is done.\n\nc1: renamed\n\n```ts\nc2: no label\n```\n- so\nc2: left\r\nas it was\n'
    expect(read(body)).toEqual({
      c1: 'renamed\n\n```ts\nc2: no label\n```\n- so',
      c2: 'left\nas it was',
      rest: 'All of it is done.',
    })
  })

  it('may be for several threads, and come in several parts', () => {
    expect(read('c1, c3: both\nc2 and c3: again')).toEqual({ c1: 'both', c2: 'again', c3: 'both\n\nagain', rest: '' })
    expect(read('c1, c9: one of them was never asked about')).toEqual({
      rest: 'c1, c9: one of them was never asked about',
    })
  })

  it('loses no word, whatever it is made of', () => {
    const piece = fc.constantFrom(
      'c1:',
      'c2',
      '**c3**:',
      '- ',
      '```',
      '~~~',
      '\n',
      ' ',
      '> ',
      'word',
      '# ',
      '(',
      ')',
      '`',
      'é',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const body = pieces.join('')
        const { byNumber, rest } = readAnswer(body, new Set([1, 2, 3]))
        const kept = [rest, ...byNumber.values()].join('\n')
        for (const word of ['word', 'é']) expect(count(kept, word)).toBeGreaterThanOrEqual(count(body, word))
        expect([...byNumber.keys()].every((number) => number <= 3)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('is read in no time however long its lines are', () => {
    const { byNumber } = readAnswer(`c1${' ('.repeat(8000)}`, new Set([1]))
    expect(byNumber.get(1)?.length).toBeGreaterThan(15_000)
    expect(read(`c1, ${'c1, '.repeat(8000)}`)).toHaveProperty('rest')
  })
})

const count = (text: string, word: string) => text.split(word).length - 1
