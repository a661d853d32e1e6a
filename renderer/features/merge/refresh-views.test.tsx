import { expect, it } from 'vitest'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { RefreshBase } from './refresh-base.tsx'
import { refreshBlocked, refreshedWords, unrefreshedWords } from './refresh-words.ts'

const draw = (movedBy: number, uncommitted: number | null, branch: string | null = 'fix') =>
  renderMarkup(
    <RefreshBase
      branch={{ worktreeId: 'wt_1' as WorktreeId, branch, uncommitted, base: { ref: 'refs/heads/main', movedBy } }}
    />,
  )

it('a base that moved can be taken in, unless something is not committed', () => {
  expect(wordsOf(draw(2, 0))).toContain('Refresh base')
  expect(draw(2, 0)).not.toContain('aria-disabled="true"')
  expect(draw(2, 1)).toContain('aria-disabled="true"')
  expect([draw(0, 0), draw(2, 0, null)]).toEqual(['', ''])
})

it.each([
  [null, null],
  [0, null],
  [1, '1 file is not committed. Commit or stash them in the worktree first.'],
  [3, '3 files are not committed. Commit or stash them in the worktree first.'],
])('with %j files not committed: %j', (uncommitted, words) => expect(refreshBlocked(uncommitted)).toBe(words))

it('what was done is told from the branch', () => {
  const merge = { source: { sha: '0123456789', branch: 'main' }, target: 'fix\u202E', note: null }
  expect(refreshedWords({ ...merge, strategy: 'rebase' })).toBe('Rebased fix⟨U+202E⟩ onto main.')
  expect(refreshedWords({ ...merge, strategy: 'merge', note: 'Its files wait.' })).toBe(
    'Merged main into fix⟨U+202E⟩. Its files wait.',
  )
  expect(unrefreshedWords(merge)).toBe('fix⟨U+202E⟩ is where it was before.')
})
