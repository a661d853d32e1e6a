import { describe, expect, it, vi } from 'vitest'
import type { Check, CheckRun } from '../../../shared/contract/checks.ts'
import type { AppData } from '../../data/app-data.ts'
import { checkRow, runRow } from '../../dev/check-fixtures.ts'
import { projectIdAt, sessionIdAt, worktreeIdAt } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { CheckRow } from './check-row.tsx'
import { ChecksPanel, ChecksSummary, type CheckPlace } from './checks-panel.tsx'

const place: CheckPlace = {
  projectId: projectIdAt(1),
  worktreeId: worktreeIdAt(1),
  sessionId: sessionIdAt(1),
  head: 'a'.repeat(40),
  snapshot: 'one',
}
const [types, unit, slow] = [checkRow(1, 'types'), checkRow(2, 'unit', { isGate: true }), checkRow(3, 'slow')]

const dataWith = (checks: readonly Check[], runs: readonly CheckRun[]): AppData => {
  const data = createMarkupData(true)
  data.stores.checks.replace(checks)
  data.stores.checkRuns.replace(runs)
  for (const rows of [data.stores.checks.store, data.stores.checkRuns.store]) rows.getInitialState = rows.getState
  return data
}
const panel = <ChecksPanel place={place} onEdit={vi.fn()} onOutput={vi.fn()} />

describe('the panel', () => {
  it('says of each check, in their order, what it came to and how long it took', () => {
    const runs = [runRow(unit, 'failed'), runRow(types, 'passed'), runRow(slow, 'queued')]
    const words = wordsOf(renderMarkup(panel, dataWith([slow, unit, types], runs)))
    expect(words).toContain('Checks at aaaaaaa')
    expect(words).toMatch(/types , Passed Output of types, 6\.1s .*unit , Failed, exit 1 gate Output of unit, 6\.1s/)
    expect(words).toContain('Failed, exit 1 race.test.ts:9 two first writers expected 1, got 2 Send to agent Output')
    expect(words).toMatch(/slow , Waits for its turn waits/)
  })

  it('offers to add some where there is none, and nothing to run', () => {
    const markup = renderMarkup(panel, dataWith([], []))
    expect(wordsOf(markup)).toContain('Commands of the project, such as its tests, run here')
    expect(markup).not.toContain(testId.checksRunAll)
  })

  it('says nothing of what another command came to', () => {
    const words = wordsOf(renderMarkup(panel, dataWith([unit], [runRow(unit, 'failed', { command: 'true' })])))
    expect(words).toContain('unit , Not run yet')
    expect(words).not.toContain('exit 1')
  })

  it.each([
    [[runRow(types, 'passed'), runRow(unit, 'failed')], 'Checks 1 of 2'],
    [[], 'Checks'],
  ])('is a word and a number behind a button', (runs, words) => {
    expect(wordsOf(renderMarkup(<ChecksSummary place={place} />, dataWith([types, unit], runs)))).toBe(words)
  })
})

describe('the row of a check', () => {
  const draw = (run: CheckRun | undefined, change: Partial<Parameters<typeof CheckRow>[0]> = {}) =>
    renderMarkup(
      <CheckRow
        check={unit}
        run={run}
        stale={null}
        gate={null}
        onRun={vi.fn()}
        onCancel={vi.fn()}
        onSend={async () => undefined}
        onOutput={vi.fn()}
        {...change}
      />,
    )

  it('is cancelled while it runs, and run otherwise', () => {
    expect(draw(runRow(unit, 'running'))).toContain('aria-label="Cancel unit"')
    for (const run of [undefined, runRow(unit, 'passed')]) expect(draw(run)).toContain('aria-label="Run unit"')
  })

  it('says for those who do not see it what the shape and the colour say, and why a gate is not known', () => {
    expect(wordsOf(draw(runRow(unit, 'passed'), { stale: 'The files changed since it ran' }))).toContain(
      'unit , Passed The files changed since it ran gate',
    )
    const gate = {
      checkId: unit.id,
      name: 'unit',
      state: 'unknown',
      runId: null,
      why: 'It was not run here yet.',
    } as const
    expect(wordsOf(draw(undefined, { gate }))).toContain('unit , Not run yet. It was not run here yet.')
  })

  it('leads to the output of one that began, and says why one did not', () => {
    expect(wordsOf(draw(runRow(unit, 'passed')))).toContain('Output of unit,')
    const none = draw(runRow(unit, 'not-started', { startedAt: null }))
    expect(wordsOf(none)).not.toContain('Output of')
    expect(wordsOf(none)).toContain('The folder is gone.')
  })

  it('shows what a name and an output hide', () => {
    const odd = draw(runRow(unit, 'failed', { excerpt: ['<b>bold</b>'] }), { check: { ...unit, name: 'un\u202eit' } })
    expect(odd).toContain('un⟨U+202E⟩it')
    expect(odd).toContain('&lt;b&gt;bold')
  })
})
