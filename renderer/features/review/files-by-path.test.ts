import { expect, it } from 'vitest'
import { filesByPath } from './review-context.tsx'
import { fileRow } from './testing.ts'

it('a listing is looked through once, and another one is looked through anew', () => {
  const files = [fileRow('a.ts'), fileRow('b.ts', { mark: 'stale' })]
  expect(filesByPath(files).get('b.ts')).toBe(files[1])
  expect(filesByPath(files).get('c.ts')).toBeUndefined()
  expect(filesByPath(files)).toBe(filesByPath(files))
  expect(filesByPath([fileRow('b.ts')]).get('b.ts')?.mark).toBe('none')
})
