import { describe, expect, it } from 'vitest'
import { markOfFolder, orderFiles, treeRows, type TreeWish } from './file-tree.ts'
import { fileRow } from './testing.ts'

const usual: TreeWish = { filter: '', sort: 'path', folded: new Set() }
const drawn = (files: Parameters<typeof treeRows>[0], wish: Partial<TreeWish> = {}) =>
  treeRows(files, { ...usual, ...wish }).map(
    (row) => `${'  '.repeat(row.depth)}${row.name}${row.kind === 'folder' ? '/' : ''}`,
  )
const paths = ['src/transfers/routes.ts', 'README.md', 'src/store/keys.ts', 'docs/api/v1/index.md', 'src/app.ts']
const files = paths.map((path) => fileRow(path))

describe('the tree of changed files', () => {
  it('has folders before files, and folders with only one folder inside in one row', () => {
    expect(drawn(files)).toEqual([
      'docs/api/v1/',
      '  index.md',
      'src/',
      '  store/',
      '    keys.ts',
      '  transfers/',
      '    routes.ts',
      '  app.ts',
      'README.md',
    ])
  })

  it('lists files in the order in which it draws them, whatever is folded', () => {
    const inTree = treeRows(files, usual).flatMap((row) => (row.kind === 'file' ? [row.key] : []))
    expect(orderFiles(files, usual).map((file) => file.rawPath)).toEqual(inTree)
  })

  it('leaves out what is in a folded folder, and keeps the folder', () => {
    expect(drawn(files, { folded: new Set(['src/']) })).toEqual(['docs/api/v1/', '  index.md', 'src/', 'README.md'])
  })

  it('knows every file beneath a folder, also when it is folded', () => {
    const rows = treeRows(files, { ...usual, folded: new Set(['src/']) })
    const folder = rows.find((row) => row.key === 'src/')
    expect(folder?.kind === 'folder' && [...folder.files].sort()).toEqual([
      'src/app.ts',
      'src/store/keys.ts',
      'src/transfers/routes.ts',
    ])
  })

  it('has conflicts before everything else', () => {
    expect(drawn([...files, fileRow('src/zoo.ts', { change: 'unmerged' })])[0]).toBe('zoo.ts')
  })

  it('shows files that have all the words, in either of their names, in capitals or not', () => {
    expect(drawn(files, { filter: 'SRC ke' })).toEqual(['src/store/', '  keys.ts'])
    expect(drawn([fileRow('b.ts', { oldPath: 'lib/old.ts' })], { filter: 'lib' })).toEqual(['b.ts'])
    expect(drawn(files, { filter: 'nothing like it' })).toEqual([])
  })

  it('sorts by size and by what was not viewed without folders, each file with its folder beside it', () => {
    const sized = [fileRow('a/small.ts', { added: 1, removed: 0 }), fileRow('b/large.ts', { added: 10, removed: 30 })]
    const rows = treeRows(sized, { ...usual, sort: 'size' })
    expect(rows.map((row) => row.kind === 'file' && `${row.folder} ${row.name}`)).toEqual(['b large.ts', 'a small.ts'])
    const marked = [fileRow('a.ts', { mark: 'viewed' }), fileRow('b.ts'), fileRow('c.ts', { mark: 'stale' })]
    expect(drawn(marked, { sort: 'unviewed' })).toEqual(['c.ts', 'b.ts', 'a.ts'])
  })

  it('orders names by their characters, folders before files at every depth, whatever order they came in', () => {
    const names = ['a', 'b', 'a.b', 'a-b', 'A', 'ä', 'dir']
    const many = names.flatMap((one) => names.flatMap((two) => [`${one}/${two}/x`, `${one}/${two}.ts`, `${two}.md`]))
    const shuffled = [...new Set(many)].sort((a, b) => ((a.length * 7 + a.charCodeAt(0)) % 5) - ((b.length * 3) % 4))
    // A folder's name gets what sorts before any letter, a file's what sorts behind it.
    const keyOf = (path: string) => path.replace(/[^/]+$/, '\uffff$&').replaceAll('/', '\u0000')
    const expected = shuffled.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const ordered = orderFiles(
      shuffled.map((path) => fileRow(path)),
      usual,
    )
    expect(ordered.map(({ path }) => path)).toEqual(expected)
  })

  it('says of every folder what is beneath it, with conflicts and a filter too', () => {
    const given = [...files, fileRow('src/zoo.ts', { change: 'unmerged' }), fileRow('src/store/more/deep.ts')]
    for (const filter of ['', 'src', 's']) {
      const rows = treeRows(given, { ...usual, filter })
      const below = (key: string) =>
        rows.flatMap((row) => (row.kind === 'file' && row.depth > 0 && row.key.startsWith(key) ? [row.key] : []))
      for (const row of rows) if (row.kind === 'folder') expect(row.files).toEqual(below(row.key))
    }
  })

  it('leaves the listing it is made of as it is', () => {
    const given = [...files]
    treeRows(given, { ...usual, sort: 'size' })
    expect(given).toEqual(files)
  })
})

describe('the mark of a folder', () => {
  it('is another one as soon as the listing is', () => {
    const rawPaths = ['a']
    const listing = (mark: 'none' | 'viewed') => new Map([['a', fileRow('a', { mark })]])
    expect([listing('none'), listing('viewed')].map((one) => markOfFolder(rawPaths, one))).toEqual(['none', 'all'])
  })

  const byPath = new Map(
    [fileRow('a', { mark: 'viewed' }), fileRow('b', { mark: 'viewed' }), fileRow('c', { mark: 'stale' })].map(
      (file) => [file.rawPath, file],
    ),
  )

  it.each([
    [['a', 'b'], 'all'],
    [['a', 'c'], 'some'],
    [['c'], 'none'],
  ] as const)('of %j is %s: what changed since does not count as viewed', (rawPaths, mark) => {
    expect(markOfFolder(rawPaths, byPath)).toBe(mark)
  })
})
