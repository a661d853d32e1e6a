import { describe, expect, it } from 'vitest'
import type { RemoteCheck } from '../../../shared/contract/remote.ts'
import { pullRequestRow, remoteCommentRow, remoteStateOf } from '../../dev/remote-fixtures.ts'
import {
  canReplace,
  checksWords,
  commentHead,
  createBlocked,
  mergedWords,
  pushBlocked,
  standWords,
  toolWords,
} from './remote-words.ts'

const there = 'b'.repeat(40)

it.each([
  [{}, 'Not pushed yet', null, false],
  [{ remoteHead: there }, 'All of it is there', 'Everything is there already.', false],
  [{ remoteHead: there, ahead: 1 }, '1 commit to push', null, false],
  [{ remoteHead: there, behind: 2 }, '2 commits there that are not here', 'Everything is there already.', false],
  [
    { remoteHead: there, ahead: 3, behind: 2 },
    '3 to push, 2 there that are not here',
    'The branch there has commits that are not here. Bring them in, or replace them.',
    true,
  ],
  [{ problem: 'No branch.' }, 'Not pushed yet', 'No branch.', false],
])('%#: where a branch stands, and what can be done with it', (change, words, blocked, isReplaceable) => {
  const state = remoteStateOf(change)
  expect([standWords(state), pushBlocked(state), canReplace(state)]).toEqual([words, blocked, isReplaceable])
})

it('makes pull requests of what was pushed, into another branch', () => {
  expect(createBlocked(remoteStateOf())).toBe('Push the branch first.')
  expect(createBlocked(remoteStateOf({ remoteHead: there, branch: 'main' }))).toBe(
    'This is the branch it would go into.',
  )
  expect(createBlocked(remoteStateOf({ remoteHead: there }))).toBeNull()
})

it('says what to install only where that would help', () => {
  expect(toolWords(remoteStateOf({ tool: 'missing' }))).toContain('gh auth login')
  expect(toolWords(remoteStateOf({ tool: 'missing', forge: 'gitlab' }))).toContain('glab auth login')
  expect(toolWords(remoteStateOf())).toBeNull()
  expect(toolWords(remoteStateOf({ tool: 'none', forge: 'gitea' }))).toBeNull()
})

describe('what the checks there come to', () => {
  const checks = (...states: RemoteCheck['state'][]) => states.map((state) => ({ name: 'x', state, url: null }))
  it.each([
    [checks(), null],
    [checks('skipped'), null],
    [checks('passed'), 'Its check passed'],
    [checks('passed', 'passed', 'skipped'), 'All 2 checks passed'],
    [checks('passed', 'pending'), '1 of 2 checks under way'],
    [checks('failed', 'pending', 'passed'), '1 of 3 checks failed'],
  ])('%#', (list, words) => {
    expect(checksWords(list)?.words ?? null).toBe(words)
  })
})

it('names authors and places of comments as text', () => {
  expect(commentHead(remoteCommentRow())).toBe('eve · src/a.ts:12')
  expect(commentHead(remoteCommentRow({ line: null }))).toBe('eve · src/a.ts (outdated)')
  expect(commentHead(remoteCommentRow({ author: 'e\u202Eve', path: null }))).toBe('e⟨U+202E⟩ve')
})

it('tells that the work is merged elsewhere, and what is left to do', () => {
  expect(mergedWords(remoteStateOf())).toBeNull()
  expect(mergedWords(remoteStateOf({ pullRequest: pullRequestRow() }))).toBeNull()
  expect(mergedWords(remoteStateOf({ pullRequest: pullRequestRow({ state: 'merged' }) }))).toMatch(
    /^Merged on GitHub\./,
  )
  expect(mergedWords(remoteStateOf({ isInBase: true }))).toMatch(/^All its commits are in main\. Approve/)
})
