import { processFile } from '@pierre/diffs'
import { describe, expect, it } from 'vitest'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { patchKey, type PatchState } from '../../data/review.ts'
import type { LineNote } from '../../lib/line-notes.tsx'
import { createItems, type DiffItem, type ItemSource } from './diff-items.ts'
import { fileRow, firstHunk, oid, patchText, secondHunk } from './testing.ts'

const ready = (file: ReviewFile, ...hunks: readonly (readonly string[])[]): PatchState => ({
  kind: 'ready',
  key: patchKey(file, 'show'),
  patch: patchText(file.path, ...hunks),
})
const source = (file: ReviewFile, patch?: PatchState, changes: Partial<ItemSource> = {}): ItemSource => ({
  file,
  patch,
  since: undefined,
  isCollapsed: false,
  ...changes,
})
const bodyOf = (item: DiffItem | undefined) =>
  item === undefined
    ? 'none'
    : item.type === 'file'
      ? 'note'
      : item.fileDiff.cacheKey?.startsWith('blank') === true
        ? `blank ${item.fileDiff.unifiedLineCount}`
        : `${item.fileDiff.hunks.length} hunks`

describe('what the list of diffs shows', () => {
  const [one, two] = [fileRow('one.ts'), fileRow('two.ts')]

  it('is one item a file, in their order, known by the raw path', () => {
    const items = createItems(processFile).build([source(two), source(one)])
    expect(items.map(({ id }) => id)).toEqual(['two.ts', 'one.ts'])
  })

  it('holds the place of lines on their way with as many empty ones, a few more for what surrounds them', () => {
    const [item] = createItems(processFile).build([
      source(fileRow('a', { added: 10, removed: 4 }), { kind: 'loading' }),
    ])
    expect(bodyOf(item)).toBe('blank 20')
    const [huge] = createItems(processFile).build([source(fileRow('a', { added: 50_000 }))])
    expect(bodyOf(huge)).toBe('blank 400')
  })

  it('shares those empty lines among files: there may be many thousands', () => {
    const files = [fileRow('a'), fileRow('b'), fileRow('c', { added: 90 })]
    const diffs = createItems(processFile)
      .build(files.map((file) => source(file)))
      .map((item) => (item.type === 'diff' ? item.fileDiff : null))
    expect(diffs[0]).toBe(diffs[1])
    expect(diffs[2]).not.toBe(diffs[0])
  })

  it('is the hunks once they are here, under the name of the listing', () => {
    const odd = fileRow('odd \u0001 name.ts', { rawPath: 'odd \u0001 name.ts' })
    const [item] = createItems(processFile).build([
      source(odd, { kind: 'ready', key: 'k', patch: patchText('quoted', firstHunk, secondHunk) }),
    ])
    expect(bodyOf(item)).toBe('2 hunks')
    expect(item?.type === 'diff' && item.fileDiff.name).toBe('odd \u0001 name.ts')
  })

  it.each([
    ['an image', fileRow('a.png', { content: 'image' }), undefined],
    ['a submodule', fileRow('lib', { content: 'submodule' }), undefined],
    ['what is too large', one, { kind: 'too-large' } as const],
    ['what could not be read', one, { kind: 'failed', message: 'No.' } as const],
    [
      'a change without lines',
      one,
      { kind: 'ready', key: 'k', patch: 'diff --git a/x b/x\nold mode 1\nnew mode 2\n' } as const,
    ],
  ])('is a note for %s', (_, file, patch) => {
    expect(bodyOf(createItems(processFile).build([source(file, patch)])[0])).toBe('note')
  })

  it('leaves a file alone when another changes: the very same object, so its place and folds stay', () => {
    const items = createItems(processFile)
    const before = items.build([source(one, ready(one, firstHunk)), source(two, ready(two, firstHunk))])
    const changed = fileRow('two.ts', { newOid: oid('e') })
    const after = items.build([
      source(one, ready(one, firstHunk)),
      source(changed, ready(changed, firstHunk, secondHunk)),
    ])
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
    expect(after[1]?.version).toBeGreaterThan(before[1]?.version ?? 0)
  })

  it('keeps the old lines of a changed file until the new ones are here', () => {
    const items = createItems(processFile)
    items.build([source(one, ready(one, firstHunk))])
    const changed = fileRow('one.ts', { newOid: oid('e') })
    const waiting = items.build([source(changed)])
    expect(bodyOf(waiting[0])).toBe('1 hunks')
    expect(items.build([source(changed, { kind: 'loading' })])[0]).toBe(waiting[0])
    expect(bodyOf(items.build([source(changed, ready(changed, firstHunk, secondHunk))])[0])).toBe('2 hunks')
  })

  it('drops the lines of what went far away', () => {
    const items = createItems(processFile)
    items.build([source(one, ready(one, firstHunk))])
    expect(bodyOf(items.build([source(one)])[0])).toMatch(/^blank/)
  })

  it('folds and unfolds without parsing anew', () => {
    const items = createItems(processFile)
    const [open] = items.build([source(one, ready(one, firstHunk))])
    const [folded] = items.build([source(one, ready(one, firstHunk), { isCollapsed: true })])
    expect([open?.collapsed, folded?.collapsed]).toEqual([false, true])
    expect(open?.type === 'diff' && folded?.type === 'diff' && folded.fileDiff === open.fileDiff).toBe(true)
  })

  it('shows the newer of two listings of which everything else is the same', () => {
    const items = createItems(processFile)
    const patch = ready(one, firstHunk)
    const [shown] = items.build([source(one, patch)])
    const marked = fileRow('one.ts', { mark: 'viewed' })
    expect(items.build([source(marked, patch)])[0]).toBe(shown)
    expect(bodyOf(items.build([source(marked, ready(marked, firstHunk, secondHunk))])[0])).toBe('1 hunks')
    const renamed = fileRow('one.ts', { newOid: oid('f') })
    expect(bodyOf(items.build([source(renamed, ready(renamed, firstHunk, secondHunk))])[0])).toBe('2 hunks')
  })

  it('finds whose lines they are by the lines themselves', () => {
    const items = createItems(processFile)
    const [, item] = items.build([source(one, ready(one, firstHunk)), source(two, ready(two, firstHunk))])
    expect(item?.type === 'diff' && items.rawPathOf(item.fileDiff)).toBe('two.ts')
  })
})

describe('what hangs on lines', () => {
  const file = fileRow('one.ts')
  const note = (key: string, line: number, side: LineNote['side'] = 'additions'): LineNote => ({
    key,
    rawPath: file.rawPath,
    side,
    line,
  })
  const linesOf = (item: DiffItem | undefined) =>
    item?.type === 'diff' ? item.annotations?.map(({ side, lineNumber }) => `${side} ${lineNumber}`) : undefined

  it('is room beneath these lines, or at the head of the file; none while the lines are on their way', () => {
    const { build } = createItems(processFile)
    const notes = [note('a', 2), note('b', 2), note('c', 30), note('d', 2, 'deletions')]
    expect(linesOf(build([source(file, undefined, { notes })])[0])).toBeUndefined()
    expect(linesOf(build([source(file, ready(file, firstHunk), { notes })])[0])).toEqual([
      'additions 2',
      'additions 0',
      'deletions 2',
    ])
  })

  it('draws a file anew only when another line has something', () => {
    const { build } = createItems(processFile)
    const patch = ready(file, firstHunk)
    const with2 = (...keys: string[]) => build([source(file, patch, { notes: keys.map((key) => note(key, 2)) })])[0]
    const before = with2('a')
    expect(with2('a', 'b')).toBe(before)
    expect(with2()).not.toBe(before)
  })

  it('stays where it was while new lines are on their way', () => {
    const { build } = createItems(processFile)
    build([source(file, ready(file, firstHunk), { notes: [note('a', 2)] })])
    const changed = fileRow('one.ts', { newOid: oid('e') })
    const [item] = build([source(changed, { kind: 'loading' }, { notes: [note('a', 3)] })])
    expect([bodyOf(item), linesOf(item)]).toEqual(['1 hunks', ['additions 3']])
  })
})
