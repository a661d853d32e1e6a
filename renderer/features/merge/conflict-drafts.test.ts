import { describe, expect, it } from 'vitest'
import { conflictKey } from '../../../shared/contract/conflict-key.ts'
import type { ConflictPart, ConflictView } from '../../../shared/contract/merge.ts'
import {
  fromField,
  leftIn,
  lineEndOf,
  parseDrafts,
  pickAt,
  resolutionOf,
  resolutionsOf,
  toField,
  withPick,
  withResolutions,
  type FileDraft,
} from './conflict-drafts.ts'

const version = (letter: string) => ({ mode: '100644', oid: letter.repeat(40) })
const view = (parts: ConflictView['parts'], rawPath = 'a.txt'): ConflictView => ({
  path: rawPath,
  rawPath,
  kind: 'content',
  messages: [],
  stages: { 1: version('a'), 2: version('b'), 3: version('c') },
  parts,
})
const same = (text: string): ConflictPart => ({ kind: 'same', text })
const place = (target: string, branch: string, base = '') => ({ kind: 'conflict' as const, target, base, branch })
const textOf = (one: ConflictView, draft: FileDraft | undefined) => {
  const choice = resolutionOf(one, draft)?.choice
  return choice?.kind === 'text' ? choice.text : choice
}

describe('the text of a file', () => {
  const file = view([same('1\r\n'), place('two\r\n', 'zwei\r\n'), same('3\r\n'), place('five', 'fünf')])

  it.each([
    [['target', 'branch'], '1\r\ntwo\r\n3\r\nfünf'],
    [['both', 'both'], '1\r\ntwo\r\nzwei\r\n3\r\nfive\nfünf'],
    [[{ text: 'own' }, 'target'], '1\r\nown\r\n3\r\nfive'],
    [[{ text: '' }, { text: '' }], '1\r\n3\r\n'],
    [['target', null], undefined],
    [[], undefined],
  ] as const)('of %j', (picks, text) => expect(textOf(file, { picks: [...picks] })).toBe(text))

  it('is what both sides agree on when nothing is left to choose, also without a draft', () => {
    expect(textOf(view([same('all\n')]), undefined)).toBe('all\n')
  })

  it('is that of a side when the file is chosen whole', () => {
    for (const side of ['target', 'branch', 'gone'] as const) {
      expect(textOf(file, { side })).toEqual({ kind: side })
      expect(textOf(view(null), { side })).toEqual({ kind: side })
    }
    expect(resolutionOf(view(null), { picks: [] })).toBeNull()
  })
})

it('choosing for one place leaves the others as they were', () => {
  const file = view([place('a', 'b'), place('c', 'd'), place('e', 'f')])
  const first = withPick(file, undefined, 1, 'both')
  expect(first).toEqual({ picks: [null, 'both', null] })
  const second = withPick(file, first, 0, { text: 'x' })
  expect([0, 1, 2, 3].map((at) => pickAt(second, at))).toEqual([{ text: 'x' }, 'both', null, null])
  expect([undefined, first, second, { side: 'gone' } as const].map((draft) => leftIn(file, draft))).toEqual([
    3, 2, 1, 0,
  ])
  // One place after the whole file was chosen begins anew.
  expect(withPick(file, { side: 'gone' }, 2, 'target')).toEqual({ picks: [null, null, 'target'] })
})

describe('line ends', () => {
  it.each([
    [place('a\n', 'b\n'), '\n'],
    [place('a\r\n', 'b\r\n', 'c\r\n'), '\r\n'],
    [place('a', 'b'), '\n'],
    [place('a\r\n', 'b\n'), null],
    [place('a\rb', 'c'), null],
  ])('of %j', (one, lineEnd) => expect(lineEndOf(one)).toBe(lineEnd))

  it('come back as they were from a field', () => {
    for (const [text, lineEnd] of [
      ['a\r\n\r\nb\r\n', '\r\n'],
      ['a\n\nb', '\n'],
    ] as const) {
      expect(toField(text)).not.toContain('\r')
      expect(fromField(toField(text), lineEnd)).toBe(text)
    }
  })
})

it('resolutions are there when nothing is left in any file', () => {
  const [one, two] = [view(null, 'one'), view([place('a\n', 'b\n')], 'two')]
  const drafts = { [conflictKey(one)]: { side: 'branch' as const } }
  expect(resolutionsOf([one, two], drafts)).toBeNull()
  const all = resolutionsOf([one, two], { ...drafts, [conflictKey(two)]: { picks: ['branch'] } })
  expect(all?.map(({ rawPath, choice }) => [rawPath, choice])).toEqual([
    ['one', { kind: 'branch' }],
    ['two', { kind: 'text', text: 'b\n' }],
  ])
  const again = resolutionsOf([one], { [conflictKey(one)]: { side: 'gone' } }) ?? []
  expect(withResolutions(all ?? [], again).map(({ choice }) => choice.kind)).toEqual(['gone', 'text'])
})

it('drafts of another time, or of no kind that is known, are none', () => {
  const drafts = { key: { picks: ['target', { text: 'x' }, null] }, other: { side: 'gone' } }
  expect(parseDrafts(structuredClone(drafts))).toEqual(drafts)
  for (const stored of [null, undefined, [], { key: 'x' }, { key: { side: 'left' } }])
    expect(parseDrafts(stored)).toEqual({})
  const moved = { ...view(null), stages: { ...view(null).stages, 2: version('d') } }
  expect(conflictKey(moved)).not.toBe(conflictKey(view(null)))
})
