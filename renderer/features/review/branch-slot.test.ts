import { expect, it } from 'vitest'
import type { ReviewListing } from '../../../shared/contract/review.ts'
import { uncommittedOf } from './branch-slot.tsx'

const listing = {
  files: [{ where: ['committed'] }, { where: ['committed', 'staged'] }, { where: ['untracked'] }, { where: [] }],
} as unknown as ReviewListing

it('files with work that no commit has are counted where every file is listed', () => {
  expect(uncommittedOf(listing, { kind: 'scope', scope: 'all' })).toBe(2)
  expect(uncommittedOf(listing, { kind: 'scope', scope: 'staged' })).toBeNull()
  expect(uncommittedOf(listing, { kind: 'turn', number: 1 })).toBeNull()
  expect(uncommittedOf(null, { kind: 'scope', scope: 'all' })).toBeNull()
})
