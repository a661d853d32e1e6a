import { describe, expect, it } from 'vitest'
import { replacementsOf } from './replacements.ts'

const patch = (...hunks: readonly string[]): string =>
  ['diff --git a/f b/f', 'index 1..2 100644', '--- a/f', '+++ b/f', ...hunks, ''].join('\n')

describe('the replacements of a patch', () => {
  it('are runs of changed lines, wherever their hunk begins', () => {
    const hunks = ['@@ -1,4 +1,5 @@', ' a', '-b', '+B', '+B2', ' c', '+d', ' e', '@@ -40 +41,0 @@ name()', '-z']
    expect(replacementsOf(patch(...hunks))).toEqual([
      { oldAt: 1, oldLines: 1, newAt: 1, newLines: 2, hunk: 0 },
      { oldAt: 3, oldLines: 0, newAt: 4, newLines: 1, hunk: 0 },
      { oldAt: 39, oldLines: 1, newAt: 41, newLines: 0, hunk: 1 },
    ])
  })

  it('of a new file begin at its first line, and lines about a missing end are none', () => {
    const missing = '\\ No newline at end of file'
    expect(replacementsOf(patch('@@ -0,0 +1,2 @@', '+a', '+b', missing))).toEqual([
      { oldAt: 0, oldLines: 0, newAt: 0, newLines: 2, hunk: 0 },
    ])
    expect(replacementsOf(patch('@@ -1 +1 @@', '-a', missing, '+a'))).toEqual([
      { oldAt: 0, oldLines: 1, newAt: 0, newLines: 1, hunk: 0 },
    ])
  })

  it('end with their file, whatever its lines look like', () => {
    const tricky = patch('@@ -1,2 +1,2 @@', '--- a/x', '+++ b/x', ' @@ -9 +9 @@')
    expect(replacementsOf(tricky)).toEqual([{ oldAt: 0, oldLines: 1, newAt: 0, newLines: 1, hunk: 0 }])
    expect(replacementsOf(`${tricky}diff --git a/g b/g\n--- a/g\n+++ b/g\n`)).toHaveLength(1)
  })
})
