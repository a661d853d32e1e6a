import { describe, expect, it } from 'vitest'
import type { ReviewFile, ReviewScope } from '../../../shared/contract/review.ts'
import { choiceOfHunk, choiceOfLines, countLines, extentWords, partOf, verbsOf, whyNot } from './staging-verbs.ts'
import { fileRow, oid } from './testing.ts'

const scope = (name: ReviewScope) => ({ kind: 'scope', scope: name }) as const
const row = (where: ReviewFile['where'], changes: Partial<ReviewFile> = {}) => fileRow('a.ts', { where, ...changes })

describe('what can be done to a file', () => {
  it.each([
    ['all', ['unstaged'], 'stage discard'],
    ['all', ['untracked'], 'stage discard'],
    ['all', ['staged'], 'unstage revert'],
    ['all', ['committed'], 'revert'],
    ['all', ['committed', 'staged', 'unstaged'], 'stage unstage discard revert'],
    ['unstaged', ['staged', 'unstaged'], 'stage discard'],
    ['staged', ['staged', 'unstaged'], 'unstage'],
    ['uncommitted', ['staged', 'unstaged'], 'stage unstage discard'],
    ['committed', ['committed', 'unstaged'], ''],
  ] as const)('in %s with work %j: %s', (name, where, verbs) => {
    expect(verbsOf(row([...where]), scope(name), 'file').join(' ')).toBe(verbs)
  })

  it('is nothing with a conflict or in other views, and less with a submodule', () => {
    expect(verbsOf(row(['unstaged'], { change: 'unmerged' }), scope('all'), 'file')).toEqual([])
    expect(verbsOf(row(['unstaged']), { kind: 'since-looked' }, 'file')).toEqual([])
    expect(verbsOf(row(['committed', 'unstaged'], { content: 'submodule' }), scope('all'), 'file')).toEqual(['stage'])
  })
})

describe('what can be done to a part of a file', () => {
  it.each([
    ['all', ['unstaged'], 'stage discard'],
    ['all', ['staged'], 'unstage revert'],
    // Two steps of work in one diff: neither of its versions is the index.
    ['all', ['staged', 'unstaged'], 'revert'],
    ['all', ['committed', 'unstaged'], 'revert'],
    ['uncommitted', ['committed', 'unstaged'], 'stage discard'],
    ['uncommitted', ['staged', 'unstaged'], ''],
    ['unstaged', ['committed', 'staged', 'unstaged'], 'stage discard'],
    ['staged', ['committed', 'staged', 'unstaged'], 'unstage'],
  ] as const)('in %s with work %j: %s', (name, where, verbs) => {
    expect(verbsOf(row([...where]), scope(name), 'hunk').join(' ')).toBe(verbs)
  })

  it('is nothing where lines are not all there is to it', () => {
    for (const change of ['renamed', 'type-changed'] as const)
      expect(verbsOf(row(['unstaged'], { change }), scope('unstaged'), 'lines')).toEqual([])
    for (const content of ['binary', 'lfs', 'symlink'] as const)
      expect(verbsOf(row(['unstaged'], { content }), scope('unstaged'), 'lines')).toEqual([])
  })

  it('is said when it cannot be done, with a way out', () => {
    expect(whyNot(row(['staged', 'unstaged']), scope('all'), 'stage', 'hunk')).toMatch(/scope Unstaged/)
    expect(whyNot(row(['unstaged'], { change: 'renamed' }), scope('all'), 'stage', 'hunk')).toMatch(/as a whole/)
    expect(whyNot(row(['staged']), scope('all'), 'discard', 'file')).toMatch(/Unstage it first/)
    expect(whyNot(row(['unstaged'], { change: 'unmerged' }), scope('all'), 'stage', 'file')).toMatch(/conflict/)
    expect(whyNot(row(['unstaged']), { kind: 'turn', number: 1 }, 'stage', 'file')).toMatch(/Changes/)
  })
})

describe('the lines of a choice', () => {
  const replacements = [
    { oldAt: 1, oldLines: 2, newAt: 1, newLines: 2, hunk: 0 },
    { oldAt: 6, oldLines: 3, newAt: 6, newLines: 1, hunk: 0 },
    { oldAt: 40, oldLines: 0, newAt: 38, newLines: 2, hunk: 1 },
  ]
  it('of a hunk are all that it changes', () => {
    expect(choiceOfHunk(replacements, 0)).toEqual({
      removed: [
        [2, 3],
        [7, 9],
      ],
      added: [
        [2, 3],
        [7, 7],
      ],
    })
    expect(choiceOfHunk(replacements, 1)).toEqual({ removed: [], added: [[39, 40]] })
    expect(countLines(choiceOfHunk(replacements, 0))).toBe(8)
  })

  it('go with those in whose place they stand, one by one where there are as many', () => {
    const lines = (side: 'additions' | 'deletions', from: number, to: number) =>
      choiceOfLines(replacements, { side, from, to })
    expect(lines('additions', 3, 3)).toEqual({ removed: [[3, 3]], added: [[3, 3]] })
    expect(lines('deletions', 2, 2)).toEqual({ removed: [[2, 2]], added: [[2, 2]] })
    expect(lines('additions', 7, 7)).toEqual({ removed: [[7, 9]], added: [[7, 7]] })
    expect(lines('deletions', 8, 9)).toEqual({ removed: [[8, 9]], added: [] })
    expect(lines('additions', 1, 100)).toEqual({
      removed: [
        [2, 3],
        [7, 9],
      ],
      added: [
        [2, 3],
        [7, 7],
        [39, 40],
      ],
    })
    expect(countLines(lines('additions', 4, 6))).toBe(0)
  })

  it('name the versions that were shown', () => {
    expect(partOf(row([]), null)).toEqual({
      rawPath: 'a.ts',
      oldOid: oid('a'),
      newOid: oid('b'),
      oldMode: '100644',
      newMode: '100644',
      lines: null,
    })
    expect([extentWords('file', 0), extentWords('hunk', 4), extentWords('lines', 1), extentWords('lines', 3)]).toEqual([
      'file',
      'hunk',
      'line',
      '3 lines',
    ])
  })
})
