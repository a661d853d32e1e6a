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

  it('leaves the listing it is made of as it is', () => {
    const given = [...files]
    treeRows(given, { ...usual, sort: 'size' })
    expect(given).toEqual(files)
  })
})

describe('the mark of a folder', () => {
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
