import { describe, expect, it } from 'vitest'
import { findInPatch, hunksOf } from './patch-hunks.ts'
import { firstHunk, patchText, secondHunk } from './testing.ts'

const patch = patchText('src/app.ts', firstHunk, secondHunk)

describe('the hunks of a patch', () => {
  it('say where their first and last changed lines are', () => {
    expect(hunksOf(patch).map(({ from, to }) => [from.side, from.number, to.side, to.number])).toEqual([
      ['deletions', 2, 'additions', 3],
      ['deletions', 41, 'deletions', 41],
    ])
  })

  it('number lines as they are now, and removed ones as they were', () => {
    expect(hunksOf(patch)[0]?.lines.map(({ side, number, text }) => `${side[0]}${number} ${text}`)).toEqual([
      'a1 one',
      'd2 two',
      'a2 zwei',
      'a3 und mehr',
      'a4 three',
    ])
  })

  it('are known by their lines, wherever these stand in the file', () => {
    const moved = patchText('src/app.ts', ['@@ -101,3 +105,4 @@ elsewhere', ...firstHunk.slice(1)])
    expect(hunksOf(moved)[0]?.hash).toBe(hunksOf(patch)[0]?.hash)
    const other = patchText('src/app.ts', [...firstHunk.slice(0, -1), ' four'])
    expect(hunksOf(other)[0]?.hash).not.toBe(hunksOf(patch)[0]?.hash)
  })

  it('take no line for a header that only looks like one, and leave out the note on a missing newline', () => {
    const odd = patchText('a.md', ['@@ -1,2 +1,2 @@', ' @@ -9,9 +9,9 @@', '---', '+++', '\\ No newline at end of file'])
    const [hunk, ...rest] = hunksOf(odd)
    expect(rest).toEqual([])
    expect(hunk?.lines.map(({ text }) => text)).toEqual(['@@ -9,9 +9,9 @@', '--', '++'])
  })

  it('are none in a patch without lines', () => {
    expect(hunksOf('diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n')).toEqual([])
  })
})

describe('finding in a patch', () => {
  it('names every line that has the text, once', () => {
    expect(findInPatch('app', patch, 'o').map(({ side, number }) => `${side[0]}${number}`)).toEqual([
      'a1',
      'd2',
      'a41',
      'd41',
    ])
  })

  it('minds capital letters only where some were typed', () => {
    const text = patchText('a', ['@@ -1,1 +1,2 @@', ' Upper', '+upper'])
    expect(findInPatch('a', text, 'upper')).toHaveLength(2)
    expect(findInPatch('a', text, 'Upper')).toHaveLength(1)
  })

  it('finds nothing for nothing, and nothing in headers', () => {
    expect(findInPatch('a', patch, '')).toEqual([])
    expect(findInPatch('a', patch, 'index')).toEqual([])
  })
})
