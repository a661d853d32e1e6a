import { expect, it } from 'vitest'
import { worktreeId } from './testing.ts'
import { hasText, parseTyping, typingKeyOf, without } from './typing.ts'

const lines = {
  rawPath: 'a',
  path: 'a',
  side: 'additions',
  from: 3,
  to: 4,
  text: ['x', 'y'],
  snapshot: 'one',
  view: { kind: 'scope', scope: 'all' },
  oid: null,
}
const typed = { body: 'Why', suggestion: null }
const nothing = { begun: null, edits: {}, replies: {}, whole: '' }

it('is read as it was stored', () => {
  const typing = { begun: { lines, typed }, edits: { lcm_1: typed }, replies: { cth_1: 'And' }, whole: 'All' }
  expect(parseTyping(JSON.parse(JSON.stringify(typing)))).toEqual(typing)
})

it.each([undefined, null, 'x', 7, []])('is nothing when %j was stored', (stored) => {
  expect(parseTyping(stored)).toEqual(nothing)
})

it('loses no more than the part that cannot be read', () => {
  const stored = { begun: { lines: { ...lines, from: -1 }, typed }, edits: 7, replies: { cth_1: 'And' }, whole: 'All' }
  expect(parseTyping(stored)).toEqual({ ...nothing, replies: { cth_1: 'And' }, whole: 'All' })
})

it('is kept for each worktree, under a key that settings take', () => {
  expect(typingKeyOf(worktreeId)).toMatch(/^draft:[\w:-]{1,80}$/)
})

it('has text when there are words or a suggestion, an empty one too', () => {
  expect([typed, { body: ' \n', suggestion: null }, { body: '', suggestion: '' }].map(hasText)).toEqual([
    true,
    false,
    true,
  ])
})

it('is taken out without touching the rest', () => {
  const before = { a: 1, b: 2 }
  expect(without(before, 'a')).toEqual({ b: 2 })
  expect(without(before, 'c')).toEqual(before)
  expect(before).toEqual({ a: 1, b: 2 })
})
