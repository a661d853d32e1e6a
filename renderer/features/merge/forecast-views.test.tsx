import { describe, expect, it, vi } from 'vitest'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import { overlapRow } from '../../dev/lease-fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { ForecastPanel } from './forecast-panel.tsx'
import { fewOf, forecastWords, rivalsOf } from './forecast-words.ts'

const me = sessionIdAt(2)
const overlaps = [
  overlapRow(1, 'b.ts', [2, 3], { kind: 'same-hunk' }),
  overlapRow(2, 'z.ts', [4, 2], { kind: 'predicted-conflict' }),
  overlapRow(3, 'a.ts', [2, 4], { kind: 'predicted-conflict' }),
  overlapRow(4, 'c.ts', [2, 4], { kind: 'same-hunk' }),
  overlapRow(5, 'd.ts', [2, 1], { kind: 'same-file' }),
  overlapRow(6, 'e.ts', [3, 4], { kind: 'predicted-conflict' }),
]

describe('the sessions in the way', () => {
  it('are those that would conflict, with the files of that, then those with the same lines', () => {
    const rivals = rivalsOf(overlaps, me)
    expect(
      rivals.map(({ sessionId, isConflict, files }) => [sessionId, isConflict, files.map(({ path }) => path)]),
    ).toEqual([
      [sessionIdAt(4), true, ['a.ts', 'z.ts']],
      [sessionIdAt(3), false, ['b.ts']],
    ])
  })

  it('are named and lead to their review', () => {
    const data = createMarkupData()
    data.stores.overlaps.replace(overlaps)
    const place = { projectId: projectIdAt(1), sessionId: me, head: null, base: null }
    const words = wordsOf(renderMarkup(<ForecastPanel place={place} onReview={vi.fn()} />, data))
    expect(words).toMatch(
      /It has no branch to be merged into\. Conflicts with .+ a\.ts .*z\.ts .*Same lines as .+ b\.ts/,
    )
    expect(words).toContain('whoever merges second resolves it')
  })
})

it.each([
  [{ kind: 'clean' }, 'passed', 'Clean against main'],
  [{ kind: 'already-merged' }, 'passed', 'Nothing new for main'],
  [{ kind: 'conflicts', paths: ['a'] }, 'needs-you', 'Conflicts with main'],
  [{ kind: 'unrelated' }, 'failed', 'Shares no commit with main'],
  [{ kind: 'gone' }, 'unknown', 'Its last commit is not there any more'],
] as const)('a forecast of %j', (outcome, mark, text) => {
  const known = outcome.kind === 'conflicts' ? { ...outcome, paths: [...outcome.paths] } : outcome
  expect(forecastWords(known, 'main')).toMatchObject({ mark, text })
})

it('of many files a few are named, but never all but one', () => {
  expect(fewOf([1, 2, 3, 4, 5])).toEqual([[1, 2, 3, 4, 5], 0])
  expect(fewOf([1, 2, 3, 4, 5, 6])).toEqual([[1, 2, 3, 4], 2])
})
