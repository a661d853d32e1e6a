import { describe, expect, it } from 'vitest'
import {
  applySelection,
  replaceRange,
  revertSelection,
  splitLines,
  weighChoice,
  withEndingsOf,
} from './selection-rules.ts'

describe('a choice', () => {
  const replacements = [
    { oldAt: 1, oldLines: 2, newAt: 1, newLines: 1, hunk: 0 },
    { oldAt: 5, oldLines: 0, newAt: 4, newLines: 3, hunk: 0 },
  ]
  it.each([
    [{ removed: [], added: [] }, 'nothing'],
    [{ removed: [[3, 2]], added: [] }, 'nothing'],
    [{ removed: [[2, 2]], added: [[6, 7]] }, 'some'],
    [
      {
        removed: [[2, 3]],
        added: [
          [2, 2],
          [5, 7],
        ],
      },
      'everything',
    ],
    [
      {
        removed: [
          [3, 3],
          [2, 3],
          [2, 2],
        ],
        added: [
          [2, 2],
          [5, 6],
          [6, 7],
        ],
      },
      'everything',
    ],
    [{ removed: [[1, 2]], added: [] }, 'outside'],
    [{ removed: [], added: [[5, 8]] }, 'outside'],
    [{ removed: [[6, 6]], added: [] }, 'outside'],
  ] as const)('of %j takes %s', (choice, expected) => {
    expect(weighChoice(replacements, choice)).toBe(expected)
  })
})

describe('a part of a change', () => {
  const before = 'const x = 1\nconst y = 2\nend\n'
  const after = 'const x = 10\nconst y = 20\nend\n'
  const replacements = [{ oldAt: 0, oldLines: 2, newAt: 0, newLines: 2, hunk: 0 }]

  it('of lines that were changed one by one leaves each in its place', () => {
    const second = { removed: [[2, 2]], added: [[2, 2]] } as const
    expect(applySelection({ before, after, replacements, choice: second })).toBe('const x = 1\nconst y = 20\nend\n')
    expect(revertSelection({ before, after, replacements, choice: second })).toBe('const x = 10\nconst y = 2\nend\n')
    const first = { removed: [[1, 1]], added: [[1, 1]] } as const
    expect(applySelection({ before, after, replacements, choice: first })).toBe('const x = 10\nconst y = 2\nend\n')
  })

  it('keeps the white space of the text it is made for', () => {
    const input = {
      before: 'if (a) {\nb\n}\nold\n',
      after: 'if (a) {\n  b\n}\nnew\n',
      replacements: [{ oldAt: 3, oldLines: 1, newAt: 3, newLines: 1, hunk: 0 }],
      choice: { removed: [[4, 4]], added: [[4, 4]] },
    } as const
    expect(applySelection(input)).toBe('if (a) {\nb\n}\nnew\n')
    expect(revertSelection(input)).toBe('if (a) {\n  b\n}\nold\n')
  })

  it('ends a line that is the last no more as the one before it ends', () => {
    const input = {
      before: 'a\r\nb',
      after: 'a\r\nb\r\nc',
      replacements: [{ oldAt: 1, oldLines: 1, newAt: 1, newLines: 2, hunk: 0 }],
      choice: { removed: [], added: [[3, 3]] },
    } as const
    expect(applySelection(input)).toBe('a\r\nb\r\nc')
  })
})

describe('lines that are replaced', () => {
  it.each([
    ['a\nb\nc\n', [2, 2], 'B', 'a\nB\nc\n'],
    ['a\nb\nc\n', [2, 3], 'B\n', 'a\nB\n'],
    ['a\nb\nc\n', [1, 3], '', ''],
    ['a\nb\nc\n', [2, 1], 'x\ny', 'a\nx\ny\nb\nc\n'],
    ['a\nb\n', [3, 2], 'c', 'a\nb\nc\n'],
    ['a\nb', [2, 2], 'B\n', 'a\nB'],
    ['a\nb', [3, 2], 'c\n', 'a\nb\nc'],
    ['a\nb', [1, 1], 'A', 'a\nb'.replace('a', 'A')],
    ['a\r\nb\r\nc\r\n', [2, 2], 'x\ny', 'a\r\nx\r\ny\r\nc\r\n'],
    ['', [1, 0], 'x', 'x\n'],
  ] as const)('of %j at %j by %j give %j', (text, range, replacement, expected) => {
    expect(replaceRange(text, range, replacement)).toBe(expected)
  })

  it.each([
    ['a\nb\n', [0, 1]],
    ['a\nb\n', [2, 3]],
    ['a\nb\n', [3, 1]],
    ['a\nb\n', [4, 3]],
  ] as const)('of %j must be there: %j', (text, range) => {
    expect(replaceRange(text, range, 'x')).toBeNull()
  })
})

it('takes the line ends of another text over, and splits at line feeds alone', () => {
  expect(withEndingsOf('a\nb\n', 'x\r\ny\r\nz\n')).toBe('a\r\nb\r\n')
  expect(withEndingsOf('a\r\nb', 'x\n')).toBe('a\nb')
  expect(splitLines('a\rb\n\nc')).toEqual(['a\rb\n', '\n', 'c'])
  expect(splitLines('')).toEqual([])
})
