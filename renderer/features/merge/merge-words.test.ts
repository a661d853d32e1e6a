import { describe, expect, it } from 'vitest'
import type { MergePreview } from '../../../shared/contract/merge.ts'
import { settingKeySchema } from '../../../shared/contract/settings.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { parseStrategy, strategyKey } from './merge-prefs.ts'
import {
  barWords,
  commitsWords,
  keptWords,
  landedWords,
  strategyOptions,
  targetOf,
  undoneWords,
} from './merge-words.ts'

describe('the target of a base', () => {
  it.each([
    ['refs/heads/main', 'main'],
    ['refs/heads/release/2', 'release/2'],
    ['refs/remotes/origin/main', 'main'],
    ['refs/remotes/origin/release/2', 'release/2'],
    ['refs/tags/v1', null],
    ['0123456789abcdef', null],
    [null, null],
  ])('%s is %s', (ref, target) => expect(targetOf(ref)).toBe(target))
})

const clean = { kind: 'clean', files: [] } as unknown as MergePreview
const conflicts = (count: number, at: { readonly subject: string } | null = null) =>
  ({ kind: 'conflicts', at, conflicts: Array.from({ length: count }, () => ({})) }) as unknown as MergePreview

describe('what the bar says', () => {
  it.each([
    [{ kind: 'reading' as const }, 0, 'quiet', 'Looking at the result', false],
    [{ kind: 'ready' as const, preview: clean }, 0, 'ok', 'Merges cleanly into main', true],
    [{ kind: 'ready' as const, preview: clean }, null, 'ok', 'Merges cleanly into main', true],
    [{ kind: 'ready' as const, preview: clean }, 1, 'warn', '1 file not committed: it stays behind', true],
    [{ kind: 'ready' as const, preview: clean }, 3, 'warn', '3 files not committed: they stay behind', true],
    [{ kind: 'ready' as const, preview: conflicts(1) }, 0, 'bad', 'Conflicts with main in 1 file', false],
    [{ kind: 'ready' as const, preview: conflicts(2) }, 0, 'bad', 'Conflicts with main in 2 files', false],
    [
      { kind: 'refused' as const, code: 'UNRELATED', message: 'No commit in common.' },
      0,
      'bad',
      'No commit in common.',
      false,
    ],
    [
      { kind: 'refused' as const, code: 'ALREADY_MERGED', message: '' },
      0,
      'ok',
      'Everything is in main already',
      false,
    ],
    [
      { kind: 'refused' as const, code: 'ALREADY_MERGED', message: '' },
      2,
      'warn',
      'Nothing to merge yet: 2 files not committed',
      false,
    ],
  ])('%j with %j uncommitted files', (state, uncommitted, tone, text, isPossible) => {
    const words = barWords(state, 'main', uncommitted)
    expect(words).toMatchObject({ tone, text })
    expect(words.blocked === null).toBe(isPossible)
  })

  it('names the commit of a rebase that stops, and says what was resolved', () => {
    const stopped = { kind: 'ready' as const, preview: conflicts(1, { subject: 'Say\nhello' }) }
    expect(barWords(stopped, 'main', 0).text).toBe('Conflicts with main in 1 file, at “Say hello”')
    const words = barWords({ kind: 'ready', preview: clean }, 'main', 0, { isResolved: true })
    expect(words).toEqual({ tone: 'ok', text: 'Merges into main as you resolved it', blocked: null })
  })

  it('does not take what has landed for a conflict, but for what it would be by itself', () => {
    const words = (preview: MergePreview) => barWords({ kind: 'ready', preview }, 'main', 0, { isLanded: true }).text
    expect([words(conflicts(1)), words(clean)]).toEqual(['Everything is in main already', 'Merges cleanly into main'])
  })

  it('is inert whatever a branch is called', () => {
    const hostile = 'a\u202Eb'
    expect(barWords({ kind: 'ready', preview: clean }, hostile, 0).text).toBe('Merges cleanly into a⟨U+202E⟩b')
    expect(undoneWords({ target: hostile })).toBe('a⟨U+202E⟩b is where it was before the merge.')
  })
})

it('a merge that landed is told with what is left to see to', () => {
  const source = { sha: '0123456789abcdef', branch: 'switchyard/fix' }
  expect(landedWords({ source, target: 'main', note: null })).toBe('Merged switchyard/fix into main.')
  expect(landedWords({ source: { ...source, branch: null }, target: 'main', note: 'The files wait.' })).toBe(
    'Merged 01234567 into main. The files wait.',
  )
})

it('a strategy that was chosen is kept for its project, by a key that is stored', () => {
  const keys = ['prj_1', 'prj_2'].map((id) => strategyKey(id as ProjectId))
  expect(new Set(keys).size).toBe(2)
  for (const key of keys) expect(settingKeySchema.safeParse(key).success).toBe(true)
})

it('a strategy nobody chose, or that is not known, is squash', () => {
  expect([undefined, 'rebase', 'octopus'].map(parseStrategy)).toEqual(['squash', 'rebase', 'squash'])
})

describe('what becomes of the commits', () => {
  it.each([
    ['squash', 4, '4 commits become 1'],
    ['squash', 200, '200 or more commits become 1'],
    ['squash', 1, null],
    ['squash', null, null],
    ['merge', 1, '1 commit and 1 that joins them'],
    ['rebase', 4, null],
  ] as const)('%s of %j: %j', (strategy, commits, words) => expect(commitsWords(strategy, commits)).toBe(words))

  it.each([
    [null, 'The commits keep their own messages'],
    [1, '1 commit, with its own message'],
    [3, '3 commits, with their own messages'],
  ])('%j kept: %s', (commits, words) => expect(keptWords(commits)).toBe(words))
})

it('a strategy that cannot be done says why, where that is known of the local branch', () => {
  const offOf = (ref: string, movedBy: number) =>
    strategyOptions({ ref, movedBy }).flatMap(({ value, hint, isDisabled }) =>
      isDisabled === true ? { value, hint } : [],
    )
  expect(offOf('refs/heads/main', 2)).toEqual([
    { value: 'fast-forward', hint: expect.stringContaining('main has 2 commits that the branch has not') },
  ])
  expect(offOf('refs/heads/main', 0)).toEqual([])
  expect(offOf('refs/remotes/origin/main', 2)).toEqual([])
})
