import { describe, expect, it } from 'vitest'
import {
  describeFiles,
  hasLongLine,
  imageTypeOf,
  isPointer,
  isSameView,
  keepTurnsFrom,
  mayBePointer,
  mostTurnBytes,
  problemOf,
  turnEdge,
  type FileChange,
  type ListingInput,
} from './review-rules.ts'

const change = (over: Partial<FileChange> = {}): FileChange => ({
  letter: 'M',
  oldMode: '100644',
  newMode: '100644',
  oldOid: 'old',
  newOid: 'new',
  oldRawPath: 'a',
  rawPath: 'a',
  added: 1,
  removed: 1,
  ...over,
})
const none = new Set<string>()
const describeOne = (one: FileChange, over: Partial<ListingInput> = {}) =>
  describeFiles({
    changes: [one],
    unmerged: none,
    places: { committed: none, staged: none, unstaged: none, untracked: none },
    versions: { sizeByOid: new Map(), lfsOids: none },
    marks: [],
    show: (rawPath) => rawPath,
    ...over,
  })[0]

describe('a mark', () => {
  const mark = (oldOid: string | null, newOid: string | null, at = 1) => ({
    rawPath: 'a',
    oldOid,
    newOid,
    hunk: null,
    at,
  })
  const markOf = (...marks: ReturnType<typeof mark>[]) => {
    const { mark: state, viewedOid } = describeOne(change(), { marks }) ?? {}
    return [state, viewedOid]
  }
  it('is of two versions', () => {
    expect(markOf()).toEqual(['none', null])
    expect(markOf(mark('old', 'new'))).toEqual(['viewed', null])
    expect(markOf(mark('old', 'earlier'))).toEqual(['stale', 'earlier'])
    expect(markOf(mark('older', 'earlier'), mark('old', 'later', 2))).toEqual(['stale', 'later'])
    expect(markOf(mark('old', null))).toEqual(['stale', null])
    expect(markOf(mark('old', 'earlier'), mark('old', 'new'))).toEqual(['viewed', null])
  })
  it('made against another old version says nothing of this view', () => {
    expect(markOf(mark('head', 'new'))).toEqual(['none', null])
    expect(markOf(mark('old', 'earlier'), mark('head', 'new', 2))).toEqual(['stale', 'earlier'])
  })
  it('of another file is not this one’s', () => {
    expect(describeOne(change(), { marks: [{ ...mark('old', 'new'), rawPath: 'b' }] })?.mark).toBe('none')
  })
})

describe('a file', () => {
  it('is what its mode, its bytes and its name say', () => {
    const kinds = [
      change({ newMode: '160000' }),
      change({ newMode: null, newOid: null, oldMode: '120000' }),
      change({ added: null, removed: null, rawPath: 'A.PNG', oldRawPath: 'A.PNG' }),
      change({ added: null, removed: null }),
      change({ rawPath: 'a.png', oldRawPath: 'a.png' }),
    ].map((one) => describeOne(one)?.content)
    expect(kinds).toEqual(['submodule', 'symlink', 'image', 'binary', 'text'])
    expect(describeOne(change({ newMode: '160000' }))).toMatchObject({ added: null, removed: null })
  })
  it('is large by its lines or by its bytes', () => {
    expect(describeOne(change({ added: 6_000, removed: 4_000 }))?.isLarge).toBe(false)
    expect(describeOne(change({ added: 6_000, removed: 4_001 }))?.isLarge).toBe(true)
    const versions = { sizeByOid: new Map([['old', 5 * 1024 * 1024]]), lfsOids: none }
    expect(describeOne(change(), { versions })?.isLarge).toBe(true)
  })
  it('with a conflict comes first, and a moved one is where its old name is too', () => {
    const [first, second] = describeFiles({
      changes: [change({ letter: 'R', oldRawPath: 'old', rawPath: 'new' }), change({ rawPath: 'z', oldRawPath: 'z' })],
      unmerged: new Set(['z']),
      places: { committed: new Set(['old']), staged: none, unstaged: new Set(['new']), untracked: none },
      versions: { sizeByOid: new Map(), lfsOids: none },
      marks: [],
      show: (rawPath) => `shown ${rawPath}`,
    })
    expect(first).toMatchObject({ change: 'unmerged', path: 'shown z' })
    expect(second).toMatchObject({ change: 'renamed', oldPath: 'shown old', where: ['committed', 'unstaged'] })
  })
})

it('pictures are known by their first bytes, and SVG is none', () => {
  const typeOf = (text: string) => imageTypeOf(Buffer.from(text, 'latin1'))
  expect(typeOf('\x89PNG\r\n\x1a\n....')).toBe('image/png')
  expect(typeOf('\xff\xd8\xff\xe0')).toBe('image/jpeg')
  expect(typeOf('GIF89a..')).toBe('image/gif')
  expect(typeOf('RIFF\x10\0\0\0WEBPVP8 ')).toBe('image/webp')
  expect(typeOf('BM....')).toBe('image/bmp')
  expect(typeOf('\0\0\x01\0..')).toBe('image/x-icon')
  for (const other of ['<svg xmlns="x"/>', '<?xml?><svg/>', 'RIFF....WAVE', 'GIF00a', ''])
    expect(typeOf(other)).toBeNull()
})

it('pointers of LFS are known by all that they say', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0a'.repeat(32)}\nsize 12\n`
  expect(isPointer(pointer)).toBe(true)
  expect(isPointer(pointer.replace('oid', 'ext-0-foo sha256:1\noid'))).toBe(true)
  expect(isPointer(`${pointer}more\n`)).toBe(false)
  expect(isPointer(pointer.replace('sha256', 'sha1'))).toBe(false)
  expect(mayBePointer(change(), 130)).toBe(true)
  for (const size of [undefined, 20, 2000]) expect(mayBePointer(change(), size)).toBe(false)
  expect(mayBePointer(change({ added: null, removed: null }), 130)).toBe(false)
})

it('a line is long beyond 20,000 characters, wherever it is', () => {
  const long = 'x'.repeat(20_001)
  expect(['', 'short\n', 'x'.repeat(20_000)].map(hasLongLine)).toEqual([false, false, false])
  expect([long, `a\n${long}\nb`, `a\n${long}`].map(hasLongLine)).toEqual([true, true, true])
})

it('a turn begins with work and ends with rest; a question is part of it', () => {
  expect(turnEdge(undefined, 'working')).toBe('begins')
  expect(turnEdge('idle', 'working')).toBe('begins')
  expect(turnEdge('working', 'idle')).toBe('ends')
  expect(turnEdge('needs-you', 'idle')).toBe('ends')
  const others = [
    ['working', 'needs-you'],
    ['needs-you', 'working'],
    ['idle', 'idle'],
    [undefined, 'idle'],
  ] as const
  for (const [before, after] of others) expect(turnEdge(before, after)).toBeNull()
})

it('problems are told together, and files that could not be read by their names', () => {
  const fine = { halfDone: null, base: 'ok', baseRef: 'refs/heads/main', conflicts: 0, unread: [], large: [] } as const
  expect(problemOf(fine)).toBeNull()
  expect(problemOf({ ...fine, conflicts: 2 })).toBe('2 files have conflicts. Settle them and stage them with git add.')
  expect(problemOf({ ...fine, unread: ['a', 'b', 'c'] })).toMatch(/^a and 2 more could not be read\./)
  expect(problemOf({ ...fine, large: ['a.log', 'b'] })).toMatch(/^a\.log and 1 more: over 50 MB, so left out\./)
  const both = problemOf({ ...fine, base: 'ref-gone', halfDone: { kind: 'am', step: '1 of 2' } })
  expect(both).toMatch(
    /^The applying of patches is half done \(1 of 2\)\..*git am --abort\. The base main is not there/,
  )
})

it('a page is the same while its trees, its base and its problem are', () => {
  const base = { ref: 'r', sha: 's', mergeBase: 'm', movedBy: 1, fetchedAt: null }
  const shown = { id: '1', base, problem: null }
  expect(isSameView(shown, { ...shown, base: { ...base, fetchedAt: 5 } })).toBe(true)
  const others = [
    { ...shown, id: '2' },
    { ...shown, base: null },
    { ...shown, problem: 'x' },
    { ...shown, base: { ...base, movedBy: 2 } },
  ]
  for (const other of others) expect(isSameView(shown, other)).toBe(false)
})

describe('the turns that are kept', () => {
  const turns = (...bytes: readonly number[]) => bytes.map((each, index) => ({ number: index + 1, bytes: each }))
  const kept = (bytes: readonly number[], added: number) =>
    keepTurnsFrom(turns(...bytes), { number: bytes.length + 1, bytes: added })

  it('are all, as long as they are few and small', () => {
    expect(kept([], 1)).toBe(1)
    expect(kept([1, 1, 1], 1)).toBe(1)
    expect(kept([mostTurnBytes - 2, 1], 1)).toBe(1)
  })

  it('are the newest that fit together, and the newest whatever its size', () => {
    expect(kept([mostTurnBytes, 1], 1)).toBe(2)
    expect(kept([1, mostTurnBytes, 1], 1)).toBe(3)
    expect(kept([1, 1], mostTurnBytes + 1)).toBe(3)
  })

  it('are the last 50 however small they are', () => {
    expect(kept(Array<number>(60).fill(0), 0)).toBe(12)
  })
})
