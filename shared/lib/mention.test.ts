import { describe, expect, it } from 'vitest'
import { completeMention, mentionAt, mentionOf } from './mention.ts'

it.each([
  ['Fix the parser!', 'fix-the-parser'],
  ['  --a  b-- ', 'a-b'],
  ['日本語 テスト', '日本語-テスト'],
  ['…', ''],
])('the title %j is written @%s', (title, name) => {
  expect(mentionOf(title)).toBe(name)
})

describe('the mention at the caret', () => {
  it.each([
    ['@', { start: 0, text: '' }],
    ['Ask @pars', { start: 4, text: 'pars' }],
    ['(@Übung-1', { start: 1, text: 'Übung-1' }],
    ['first line\n@b', { start: 11, text: 'b' }],
  ])('of %j is found', (text, mention) => {
    expect(mentionAt(text, text.length)).toEqual(mention)
  })

  it.each(['ada@example', '@done ', 'nothing', '@a.b', ''])('of %j is none', (text) => {
    expect(mentionAt(text, text.length)).toBeNull()
  })

  it('is what stands before the caret, whatever follows', () => {
    expect(mentionAt('Ask @parser now', 6)).toEqual({ start: 4, text: 'p' })
  })
})

describe('completing a mention', () => {
  it('writes the name and a space, and puts the caret behind it', () => {
    const text = 'Ask @par'
    expect(completeMention(text, { start: 4, text: 'par' }, 'fix-the-parser')).toEqual({
      text: 'Ask @fix-the-parser ',
      caret: 20,
    })
  })

  it('keeps what follows, with one space between', () => {
    const completed = completeMention('Ask @p now', { start: 4, text: 'p' }, 'parser')
    expect(completed.text).toBe('Ask @parser now')
    expect(completed.text.slice(completed.caret)).toBe('now')
  })
})
