import { expect, it } from 'vitest'
import { markSizeFor, parseMarked, type Sides } from './conflict-parts.ts'

const size = 40
const mark = (char: string, words = '') => `${char.repeat(size)}${words}`
const sides = (change: Partial<Sides> = {}): Sides => ({ base: 'a\n', target: 'b\n', branch: 'c\n', ...change })
const marked = (...lines: readonly string[]) => lines.join('\n')

it('lines that agree and lines that do not are told apart, in their order', () => {
  const text = marked('1', mark('<', ' x'), 'b', mark('|', ' y'), 'a', mark('='), 'c', mark('>', ' z'), '2', '')
  expect(parseMarked(text, size, sides())).toEqual([
    { kind: 'same', text: '1\n' },
    { kind: 'conflict', target: 'b\n', base: 'a\n', branch: 'c\n' },
    { kind: 'same', text: '2\n' },
  ])
})

it('marks of the usual length are lines of the file', () => {
  const text = '<<<<<<< ours\n=======\n>>>>>>> theirs\n'
  expect(parseMarked(text, size, sides())).toEqual([{ kind: 'same', text }])
  expect(markSizeFor(sides())).toBe(40)
  expect(markSizeFor(sides({ branch: `x\n${'='.repeat(70)}\n` }))).toBe(71)
})

it('a side whose last line has no end keeps it so, with a carriage return too', () => {
  const text = marked(mark('<'), 'b', mark('|'), 'a', mark('='), 'c\r', mark('>'), '')
  expect(parseMarked(text, size, sides({ target: 'b', branch: 'c' }))).toEqual([
    { kind: 'conflict', target: 'b', base: 'a\n', branch: 'c' },
  ])
})
