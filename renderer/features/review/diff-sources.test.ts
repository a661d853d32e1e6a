import { expect, it } from 'vitest'
import { patchKey, type PatchState } from '../../data/review.ts'
import { createSources } from './diff-sources.ts'
import { fileRow, oid } from './testing.ts'

const files = ['a.ts', 'b.ts', 'c.ts'].map((path) => fileRow(path))
const [a, b] = files
const loading: PatchState = { kind: 'loading' }
const patchesOf = (...paths: readonly string[]) =>
  new Map(files.filter(({ path }) => paths.includes(path)).map((file) => [patchKey(file, 'show'), loading] as const))
const still = { files, since: new Map(), folded: new Set<string>(), whitespace: 'show' } as const

it('says of each file, in their order, what is known of it', () => {
  const since = new Map([['a.ts', { key: 'k', diff: {} as never }]])
  const sources = createSources()({ ...still, since, folded: new Set(['b.ts']), patches: patchesOf('c.ts') })
  expect(sources).toEqual([
    { file: files[0], patch: undefined, since: since.get('a.ts'), isCollapsed: false },
    { file: files[1], patch: undefined, since: undefined, isCollapsed: true },
    { file: files[2], patch: loading, since: undefined, isCollapsed: false },
  ])
})

it('leaves the sources of all files alone whose lines neither came nor went', () => {
  const make = createSources()
  const first = make({ ...still, patches: patchesOf('a.ts') })
  const second = make({ ...still, patches: patchesOf('b.ts') })
  expect(second.map(({ patch }) => patch?.kind)).toEqual([undefined, 'loading', undefined])
  expect(second[2]).toBe(first[2])
  expect(first[0]?.patch).toBe(loading)
  // The same lines in another map, and lines of a file that is not shown, are nothing new.
  expect(make({ ...still, patches: new Map(patchesOf('b.ts')).set('other', loading) })).toBe(second)
})

it('makes all anew for other files, folds or white space', () => {
  const make = createSources()
  const patches = patchesOf('a.ts', 'b.ts', 'c.ts')
  make({ ...still, patches })
  const newer = fileRow('b.ts', { newOid: oid('e') })
  const changed = make({ ...still, files: [newer, a!], patches })
  expect(changed.map(({ file, patch }) => [file, patch])).toEqual([
    [newer, undefined],
    [a, loading],
  ])
  // Where a file stands now counts, not where it stood.
  const ready: PatchState = { kind: 'ready', key: 'k', patch: '' }
  const [, last] = make({ ...still, files: [newer, a!], patches: new Map([[patchKey(a!, 'show'), ready]]) })
  expect(last).toMatchObject({ file: a, patch: ready })
  expect(make({ ...still, whitespace: 'ignore', patches }).map(({ patch }) => patch)).toEqual(
    files.map(() => undefined),
  )
  expect(make({ ...still, folded: new Set(['b.ts']), patches })[1]).toMatchObject({ file: b, isCollapsed: true })
})

it('says what hangs on the lines of a file, and makes all anew when that is other', () => {
  const make = createSources()
  const patches = patchesOf('a.ts')
  const notes = new Map([['b.ts', [{ key: 'c', rawPath: 'b.ts', side: 'additions', line: 3 } as const]]])
  const before = make({ ...still, patches, notes })
  expect(before.map((source) => source.notes?.length)).toEqual([undefined, 1, undefined])
  expect(make({ ...still, patches, notes })).toBe(before)
  expect(make({ ...still, patches, notes: new Map() }).some((source) => source.notes !== undefined)).toBe(false)
})
