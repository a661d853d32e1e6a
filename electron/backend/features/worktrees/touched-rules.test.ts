import { describe, expect, it, test } from 'vitest'
import {
  addTouched,
  changesIgnoring,
  isTouched,
  mostNamedPaths,
  pathWithin,
  toPathspecs,
  toRawPath,
  untouched,
} from './touched-rules.ts'

describe('what was touched', () => {
  it('gathers paths once each until naming them costs more than looking at everything', () => {
    const some = addTouched(addTouched(untouched, ['a', 'b']), ['b', 'c'])
    expect(some).toEqual({ paths: new Set(['a', 'b', 'c']), isAll: false, isIndex: false })
    const many = Array.from({ length: mostNamedPaths }, (_, n) => `${n}`)
    expect(addTouched(untouched, many).isAll).toBe(false)
    expect(addTouched(some, many)).toEqual({ paths: new Set(), isAll: true, isIndex: false })
    const all = addTouched(some, many)
    expect(addTouched(all, ['later'])).toBe(all)
  })

  it('is something when there is a path, the index or everything', () => {
    expect(isTouched(untouched)).toBe(false)
    expect(isTouched({ ...untouched, isIndex: true })).toBe(true)
    expect(isTouched({ ...untouched, isAll: true })).toBe(true)
    expect(isTouched(addTouched(untouched, ['a']))).toBe(true)
  })
})

test.each([
  ['/w', '/w/a.txt', 'a.txt'],
  ['/w', '/w/src/deep/a b.txt', 'src/deep/a b.txt'],
  ['/w', '/w', null],
  ['/w', '/world/a', null],
  ['/w', '/w/.git', null],
  ['/w', '/w/.git/index', null],
  ['/w', '/w/module/.git/HEAD', null],
  ['/w', '/w/.gitignore', '.gitignore'],
  ['/w', '/w/a\\b', 'a\\b'],
  ['C:\\w', 'C:\\w\\src\\a.txt', 'src/a.txt'],
])('below %j the path %j is %j', (folder, path, expected) => {
  expect(pathWithin(folder, path)).toBe(expected)
})

test.each([
  ['.gitignore', true],
  ['pkg/.gitignore', true],
  ['pkg/a.gitignore', false],
  ['.gitignore/a', false],
])('%s changes what is ignored: %s', (path, expected) => {
  expect(changesIgnoring(path)).toBe(expected)
})

describe('names as arguments', () => {
  it('go there and back, whatever signs they have', () => {
    const names = ['a b', 'naïve', '日本語', 'new\nline', '😀']
    expect(toPathspecs(new Set(names.map(toRawPath)))).toEqual(names)
    expect(toRawPath('é')).toBe('\u00c3\u00a9')
  })

  it('cannot be given when they are no UTF-8, too many, or too long together', () => {
    expect(toPathspecs(new Set(['ok', '\u00ff\u00fe']))).toBeNull()
    expect(toPathspecs(new Set(Array.from({ length: mostNamedPaths + 1 }, (_, n) => `${n}`)))).toBeNull()
    expect(toPathspecs(new Set(Array.from({ length: 300 }, (_, n) => `${n}${'x'.repeat(300)}`)))).toBeNull()
    expect(toPathspecs(new Set())).toEqual([])
  })
})
