import { expect, test } from 'vitest'
import { hashHunk } from './hunk-hash.ts'

test('a hunk is known by its lines with their signs, and by nothing else', () => {
  const lines = [' one', '-two', '+three']
  expect(hashHunk(lines)).toBe(hashHunk([...lines]))
  expect(hashHunk(lines)).toMatch(/^[0-9a-f]{28}$/)
  const others = [[' one', '+two', '+three'], [' one', '-two'], [' one-two', '+three'], ['+three', '-two', ' one'], []]
  expect(new Set([lines, ...others].map(hashHunk)).size).toBe(6)
})

test('many hunks that are nearly alike have hashes of their own', () => {
  const hashes = Array.from({ length: 20_000 }, (_, number) => hashHunk([`+const value = ${number}`]))
  expect(new Set(hashes).size).toBe(20_000)
})
