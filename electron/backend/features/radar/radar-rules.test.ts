import { describe, expect, it, test } from 'vitest'
import type { Hunk } from '../../../../shared/contract/radar.ts'
import { anyMeet, hunksMeet, isContested, overlapKind, sharedPaths } from './radar-rules.ts'

const hunk = (start: number, lines: number): Hunk => ({ start, lines, newLines: 1 })

test.each([
  ['one line and the same line', hunk(3, 1), hunk(3, 1), true],
  ['a line and the next', hunk(3, 1), hunk(4, 1), true],
  ['a line and the one after the next', hunk(3, 1), hunk(5, 1), false],
  ['a range and a line in it', hunk(3, 5), hunk(5, 1), true],
  ['a range and the line below it', hunk(3, 5), hunk(8, 1), true],
  ['a range and the line after that', hunk(3, 5), hunk(9, 1), false],
  ['two insertions in one place', hunk(3, 0), hunk(3, 0), true],
  ['two insertions a line apart', hunk(3, 0), hunk(4, 0), false],
  ['an insertion above a changed line', hunk(2, 0), hunk(3, 1), true],
  ['an insertion below a changed line', hunk(3, 0), hunk(3, 1), true],
  ['an insertion two lines above', hunk(1, 0), hunk(3, 1), false],
  ['an insertion at the top and the first line', hunk(0, 0), hunk(1, 1), true],
  ['two new files', hunk(0, 0), hunk(0, 0), true],
])('%s meet: %s', (_name, a, b, expected) => {
  expect([hunksMeet(a, b), hunksMeet(b, a)]).toEqual([expected, expected])
})

describe('the changes of two sides', () => {
  // A small generator of our own, so that a failure can be repeated by its number.
  const randomFrom = (seed: number) => () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const hunksOf = (random: () => number): Hunk[] => {
    const hunks: Hunk[] = []
    for (let line = Math.floor(random() * 6); line < 30;) {
      const lines = Math.floor(random() * 4)
      hunks.push(hunk(lines === 0 ? line : line + 1, lines))
      line += lines + 1 + Math.floor(random() * 12)
    }
    return hunks
  }
  /** The gaps before, between and after the lines that a change takes away. */
  const gapsOf = ({ start, lines }: Hunk): number[] =>
    lines === 0 ? [start] : Array.from({ length: lines + 1 }, (_, n) => start - 1 + n)

  it('meet exactly when some gap is of both', () => {
    const seen = new Set<boolean>()
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = randomFrom(seed)
      const [a, b] = [hunksOf(random), hunksOf(random)]
      const gaps = new Set(a.flatMap(gapsOf))
      const expected = b.flatMap(gapsOf).some((gap) => gaps.has(gap))
      seen.add(expected)
      expect([seed, anyMeet(a, b), anyMeet(b, a)]).toEqual([seed, expected, expected])
    }
    expect(seen.size).toBe(2)
  })

  it('are named by the worst that is known of them', () => {
    expect(overlapKind([hunk(1, 1)], [hunk(9, 1)], false)).toBe('same-file')
    expect(overlapKind([hunk(1, 1)], [hunk(1, 1)], false)).toBe('same-hunk')
    expect(overlapKind([hunk(1, 1)], [hunk(9, 1)], true)).toBe('predicted-conflict')
    expect(overlapKind([], [], false)).toBe('same-file')
  })
})

test('paths of both, in order, whichever has more', () => {
  const [few, many] = [new Set(['c', 'a', 'x']), new Set(['a', 'b', 'c', 'd'])]
  expect(sharedPaths(few, many)).toEqual(['a', 'c'])
  expect(sharedPaths(many, few)).toEqual(['a', 'c'])
  expect(sharedPaths(few, new Set())).toEqual([])
})

const file = (oid: string, mode = '100644') => ({ oid, mode })
test.each([
  ['both changed it differently', file('0'), file('1'), file('2'), true],
  ['both changed it to the same', file('0'), file('1'), file('1'), false],
  ['one left it', file('0'), file('0'), file('2'), false],
  ['one removed it', file('0'), undefined, file('2'), true],
  ['both removed it', file('0'), undefined, undefined, false],
  ['both made it', undefined, file('1'), file('2'), true],
  ['one changed its mode', file('0'), file('0', '100755'), file('2'), true],
  ['neither has it', undefined, undefined, undefined, false],
])('a file is contested when %s', (_name, base, a, b, expected) => {
  expect(isContested(base, a, b)).toBe(expected)
})
