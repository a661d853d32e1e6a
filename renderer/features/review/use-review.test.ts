import { describe, expect, it } from 'vitest'
import { worktreeRow } from '../../dev/fixtures.ts'
import { hasMoved } from './use-review.ts'

describe('the row of a worktree', () => {
  const row = worktreeRow(1, 'one', 3, 1)

  it.each([
    ['its head', { headSha: 'ffff' }],
    ['its branch', { branch: 'two' }],
    ['its lines', { added: 4 }],
    ['its new files', { untrackedFiles: row.untrackedFiles + 1 }],
    ['its folder', { state: { kind: 'missing', message: 'Gone.' } }],
  ] as const)('makes the review old by %s', (_, change) => {
    expect(hasMoved({ ...row, ...change }, row)).toBe(true)
  })

  it('says nothing new by the time it was looked at', () => {
    expect(hasMoved({ ...row, checkedAt: 99, notes: ['A note.'] }, row)).toBe(false)
  })
})
