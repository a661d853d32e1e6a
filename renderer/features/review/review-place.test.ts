import { describe, expect, it } from 'vitest'
import { around, fileBeside, hunkBeside } from './review-place.ts'
import { fileRow } from './testing.ts'

const files = ['a', 'b', 'c'].map((path) => fileRow(path))
const counts: Readonly<Record<string, number | null>> = { a: 2, b: 0, c: 3, late: null }
const countOf = (file: { readonly rawPath: string }) => counts[file.rawPath] ?? null

describe('the file beside another', () => {
  it('is the first when one is nowhere yet, or where a file was that is gone', () => {
    expect(fileBeside(files, null, 1)?.path).toBe('a')
    expect(fileBeside(files, 'gone', -1)?.path).toBe('a')
  })

  it('is none beyond the ends', () => {
    expect(fileBeside(files, 'a', 1)?.path).toBe('b')
    expect(fileBeside(files, 'c', 1)).toBeNull()
    expect(fileBeside(files, 'a', -1)).toBeNull()
    expect(fileBeside([], null, 1)).toBeNull()
  })
})

describe('the hunk beside a place', () => {
  it.each([
    [null, 1, { rawPath: 'a', hunk: 0 }],
    [{ rawPath: 'a', hunk: -1 }, 1, { rawPath: 'a', hunk: 0 }],
    [{ rawPath: 'a', hunk: 0 }, 1, { rawPath: 'a', hunk: 1 }],
    [{ rawPath: 'a', hunk: 1 }, 1, { rawPath: 'b', hunk: 0 }],
    [{ rawPath: 'b', hunk: 0 }, 1, { rawPath: 'c', hunk: 0 }],
    [{ rawPath: 'c', hunk: 2 }, 1, null],
    [{ rawPath: 'c', hunk: 0 }, -1, { rawPath: 'b', hunk: 0 }],
    [{ rawPath: 'b', hunk: 0 }, -1, { rawPath: 'a', hunk: 1 }],
    [{ rawPath: 'a', hunk: 0 }, -1, null],
    [{ rawPath: 'gone', hunk: 4 }, 1, { rawPath: 'a', hunk: 0 }],
  ] as const)('from %j by %i is %j', (place, by, next) => {
    expect(hunkBeside(files, place, by, countOf)).toEqual(next)
  })
})

describe('the hunks of a file whose lines are on their way', () => {
  const withLate = [...files, fileRow('late')]

  it('begin with its first, from either side, and end there', () => {
    expect(hunkBeside(withLate, { rawPath: 'late', hunk: -1 }, 1, countOf)).toEqual({ rawPath: 'late', hunk: 0 })
    expect(hunkBeside(withLate, { rawPath: 'late', hunk: 0 }, 1, countOf)).toBeNull()
    const before = [fileRow('late'), fileRow('a')]
    expect(hunkBeside(before, { rawPath: 'a', hunk: 0 }, -1, countOf)).toEqual({ rawPath: 'late', hunk: 0 })
  })
})

describe('what is around a range', () => {
  const items = [0, 1, 2, 3, 4, 5, 6, 7]

  it('is it with so many before and after, cut at the ends', () => {
    expect(around(items, 3, 4, 2)).toEqual([1, 2, 3, 4, 5, 6])
    expect(around(items, 0, 1, 3)).toEqual([0, 1, 2, 3, 4])
    expect(around(items, 7, 7, 1)).toEqual([6, 7])
  })

  it('is the beginning while nothing is drawn', () => {
    expect(around(items, -1, -2, 3)).toEqual([0, 1, 2])
  })
})
