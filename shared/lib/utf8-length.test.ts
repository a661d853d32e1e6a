import { assert, property, string } from 'fast-check'
import { expect, it } from 'vitest'
import { utf8Length } from './utf8-length.ts'

it.each([
  ['', 0],
  ['abc', 3],
  ['é', 2],
  ['€', 3],
  ['😀', 4],
  ['\ud800', 3],
])('%j takes %i bytes', (text, bytes) => {
  expect(utf8Length(text)).toBe(bytes)
})

it('is what the text takes when it is written', () => {
  assert(property(string({ unit: 'binary' }), (text) => utf8Length(text) === Buffer.byteLength(text, 'utf8')))
})
