import { describe, expect, it } from 'vitest'
import type { LineNote } from '../../lib/line-notes.tsx'
import { notedLines } from './noted-lines.ts'
import { hunksOf } from './patch-hunks.ts'
import { firstOf, lastOf, pickedOf, stepPicked, textOf, type Picked } from './picked-lines.ts'
import { firstHunk, patchText, secondHunk } from './testing.ts'

// one | -two | +zwei | +und mehr | three; then forty | -gone
const hunks = hunksOf(patchText('a', firstHunk, secondHunk))
const at = (side: Picked['side'], anchor: number, head = anchor, rawPath = 'a'): Picked => ({
  rawPath,
  side,
  anchor,
  head,
})

describe('lines chosen with the pointer', () => {
  it('are of the side on which the choice ended', () => {
    const range = { start: 2, side: 'additions', end: 3, endSide: 'additions' } as const
    expect(pickedOf('a', range, hunks)).toEqual(at('additions', 2, 3))
    expect(pickedOf('a', { start: 2, side: 'deletions', end: 3, endSide: 'additions' }, hunks)).toEqual(
      at('additions', 3),
    )
    expect(pickedOf('a', { start: 2, end: 2, side: 'deletions' }, hunks)).toEqual(at('deletions', 2))
    expect(pickedOf('a', { start: 3, end: 2 }, hunks)).toEqual(at('additions', 3, 2))
  })

  it('are the new ones where both sides have them, whichever column it was', () => {
    expect(pickedOf('a', { start: 3, end: 3, side: 'deletions' }, hunks)).toEqual(at('additions', 4))
    // One of them is in the old version alone.
    expect(pickedOf('a', { start: 2, end: 3, side: 'deletions' }, hunks)).toEqual(at('deletions', 2, 3))
  })

  it('have a first and a last one, and their text where all of them are at hand', () => {
    const up = at('additions', 3, 2)
    expect([firstOf(up), lastOf(up)]).toEqual([2, 3])
    expect(textOf(up, hunks)).toEqual(['zwei', 'und mehr'])
    expect(textOf(at('deletions', 2), hunks)).toEqual(['two'])
    expect(textOf(at('additions', 3, 20), hunks)).toBeNull()
    expect(textOf(at('additions', 99), hunks)).toBeNull()
  })
})

describe('a step with the arrows', () => {
  const files = { rawPaths: ['a', 'b', 'c'], hunksOf: (rawPath: string) => (rawPath === 'c' ? null : hunks) }
  const step = (picked: Picked | null, by: 1 | -1, isExtending = false, begin: string | null = 'a') =>
    stepPicked(files, { picked, begin }, by, isExtending)

  it('begins at the first line of the file one is in, or at its last', () => {
    expect(step(null, 1)).toEqual(at('additions', 1))
    expect(step(null, -1, false, 'b')).toEqual(at('deletions', 41, 41, 'b'))
    expect(step(null, 1, false, null)).toEqual(at('additions', 1))
    expect(stepPicked({ ...files, rawPaths: [] }, { picked: null, begin: null }, 1, false)).toBeNull()
  })

  it('goes through the lines as they stand, over hunks and files', () => {
    const seen: string[] = []
    for (let picked = step(null, 1); picked !== null; picked = step(picked, 1))
      seen.push(`${picked.rawPath}${picked.side === 'additions' ? '+' : '-'}${picked.head}`)
    expect(seen).toEqual([
      'a+1',
      'a-2',
      'a+2',
      'a+3',
      'a+4',
      'a+41',
      'a-41',
      'b+1',
      'b-2',
      'b+2',
      'b+3',
      'b+4',
      'b+41',
      'b-41',
    ])
    expect(step(at('additions', 1, 1, 'b'), -1)).toEqual(at('deletions', 41))
    expect(step(at('additions', 1), -1)).toBeNull()
  })

  it('extends on its own side and within its file', () => {
    expect(step(at('additions', 1), 1, true)).toEqual(at('additions', 1, 2))
    expect(step(at('additions', 4), 1, true)).toEqual(at('additions', 4, 41))
    expect(step(at('additions', 41), 1, true)).toBeNull()
    expect(step(at('deletions', 2), 1, true)).toEqual(at('deletions', 2, 41))
    expect(step(at('additions', 2), -1, true)).toEqual(at('additions', 2, 1))
  })

  it('begins anew in its file when the line is not shown any more', () => {
    expect(step(at('additions', 500), 1)).toEqual(at('additions', 1))
  })
})

describe('what hangs on lines', () => {
  const shown = [{ additionStart: 1, additionCount: 4, deletionStart: 1, deletionCount: 3 }]
  const note = (key: string, side: LineNote['side'], line: number): LineNote => ({ key, rawPath: 'a', side, line })

  it('hangs beneath them, several together, in the order in which they come', () => {
    const notes = [note('x', 'additions', 3), note('y', 'deletions', 3), note('z', 'additions', 3)]
    expect(notedLines(notes, shown)).toEqual([
      { side: 'additions', line: 3, keys: ['x', 'z'] },
      { side: 'deletions', line: 3, keys: ['y'] },
    ])
  })

  it('hangs at the head of the file where its line is not shown', () => {
    const notes = [note('x', 'additions', 5), note('y', 'deletions', 4), note('z', 'additions', 0)]
    expect(notedLines(notes, shown)).toEqual([{ side: 'additions', line: 0, keys: ['x', 'y', 'z'] }])
    expect(notedLines(notes.slice(0, 1), [])).toEqual([{ side: 'additions', line: 0, keys: ['x'] }])
  })

  it('and so does what is on the old side where that is another version', () => {
    expect(notedLines([note('y', 'deletions', 2)], shown, true)).toEqual([{ side: 'additions', line: 0, keys: ['y'] }])
    expect(notedLines([note('x', 'additions', 2)], shown, true)).toMatchObject([{ line: 2 }])
  })
})
