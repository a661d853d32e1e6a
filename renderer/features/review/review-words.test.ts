import { describe, expect, it } from 'vitest'
import { emptyReason } from './file-note.tsx'
import { bytesOf, sizeWords } from './image-pair.tsx'
import { parsePrefs } from './review-prefs.ts'
import { describeFile, progressOf, scopeBeside, scopes, shortOid, shortRef, tagsOf } from './review-words.ts'
import { fileRow, oid } from './testing.ts'
import { filesWord } from './turn-menu.tsx'
import { findWords } from './use-find.ts'
import { stillSince } from './use-since.ts'

describe('what is said of a file', () => {
  it.each([
    [{}, []],
    [{ change: 'added', oldOid: null, oldMode: null }, ['new']],
    [{ change: 'deleted' }, ['deleted']],
    [{ change: 'renamed', oldPath: 'b' }, ['renamed']],
    [{ change: 'unmerged' }, ['conflict']],
    [{ newMode: '100755' }, ['executable']],
    [{ oldMode: '100755' }, ['not executable']],
    [{ change: 'type-changed', newMode: '120000', content: 'symlink' }, ['type changed', 'link']],
    [{ content: 'image', change: 'added', oldMode: null }, ['new', 'image']],
    [{ content: 'lfs' }, ['LFS']],
  ] as const)('%j is tagged %j', (changes, tags) => {
    expect(tagsOf(fileRow('a', changes))).toEqual(tags)
  })

  it('says everything of it in one line, for those who do not see the row', () => {
    const moved = fileRow('src/b.ts', { change: 'renamed', oldPath: 'src/a.ts', mark: 'stale', added: 2, removed: 0 })
    expect(describeFile(moved)).toBe('src/b.ts, renamed, from src/a.ts, 2 added, changed since viewed')
    expect(describeFile(fileRow('a.ts', { mark: 'viewed' }))).toBe('a.ts, 3 added, 1 removed, viewed')
  })

  it('shows characters of a name that would hide something', () => {
    expect(describeFile(fileRow('a\u202egnp.exe'))).not.toContain('\u202e')
  })

  it.each([
    [{ change: 'renamed', oldOid: oid('b') }, 'Renamed without changes.'],
    [{ oldOid: oid('b'), newMode: '100755' }, 'Only the mode of the file changed.'],
    [{ change: 'added', oldOid: null }, 'An empty file.'],
    [{ change: 'deleted', newOid: null }, 'An empty file was deleted.'],
    [{}, 'Only whitespace changed.'],
  ] as const)('without lines, %j, says why: %s', (changes, reason) => {
    expect(emptyReason(fileRow('a', changes))).toBe(reason)
  })
})

describe('the words around it', () => {
  it('count what was viewed', () => {
    const files = [fileRow('a', { mark: 'viewed' }), fileRow('b', { mark: 'stale' }), fileRow('c'), fileRow('d')]
    expect(progressOf(files)).toEqual({ words: '1 of 4 viewed', percent: 25 })
    expect(progressOf([])).toEqual({ words: '0 of 0 viewed', percent: 0 })
  })

  it('go round the scopes both ways', () => {
    const walked = scopes.map(({ scope }) => scopeBeside(scopeBeside(scope, 1), -1))
    expect(walked).toEqual(scopes.map(({ scope }) => scope))
    expect(scopeBeside('all', -1)).toBe('unstaged')
  })

  it('name objects and sizes', () => {
    expect(['refs/heads/main', 'refs/remotes/origin/main', 'main'].map(shortRef)).toEqual([
      'main',
      'origin/main',
      'main',
    ])
    expect([shortOid(null), shortOid(oid('a'))]).toEqual(['nothing', 'aaaaaaaaaa'])
    expect([bytesOf(btoa('abcd')), bytesOf(btoa('abcdef'))]).toEqual([4, 6])
    expect([sizeWords(10), sizeWords(1_500), sizeWords(2_000_000)]).toEqual(['10 bytes', '1.5 KB', '2.0 MB'])
    expect([filesWord(1), filesWord(3)]).toEqual(['1 file', '3 files'])
  })

  it.each([
    [{ text: '', count: 0 }, ''],
    [{ text: 'a', count: 0 }, 'No results'],
    [{ text: 'a', count: 0, isReading: true }, 'Reading…'],
    [{ text: 'a', count: 3 }, '3 found'],
    [{ text: 'a', count: 3, at: 1 }, '2 of 3'],
    [{ text: 'a', count: 3, at: 0, isCut: true }, '1 of 3+'],
  ])('of a search %j are %j', (state, words) => {
    expect(findWords({ at: null, isReading: false, isCut: false, ...state })).toBe(words)
  })
})

describe('how a person reads diffs', () => {
  it('is kept, and the usual where what was kept cannot be read', () => {
    expect(parsePrefs({ style: 'split', isWrapped: true })).toMatchObject({
      style: 'split',
      isWrapped: true,
      sort: 'path',
    })
    for (const odd of [undefined, null, 'x', { style: 'sideways' }])
      expect(parsePrefs(odd)).toEqual({
        style: 'unified',
        isWrapped: false,
        whitespace: 'show',
        sort: 'path',
        isSideShown: true,
      })
  })
})

describe('what changed since a file was viewed', () => {
  const stale = fileRow('a', { mark: 'stale', viewedOid: oid('e') })
  const shown = new Map([['a', { key: `since a ${oid('e')} ${oid('b')}`, diff: {} as never }]])

  it('stays shown while the file is stale against the same version', () => {
    expect(stillSince(shown, [stale]).size).toBe(1)
  })

  it('goes when the file changed again, was viewed, or is gone', () => {
    expect(stillSince(shown, [{ ...stale, newOid: oid('f') }]).size).toBe(0)
    expect(stillSince(shown, [{ ...stale, mark: 'viewed' }]).size).toBe(0)
    expect(stillSince(shown, []).size).toBe(0)
  })
})
