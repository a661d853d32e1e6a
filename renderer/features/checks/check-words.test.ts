import { describe, expect, it } from 'vitest'
import { checkRow, runRow } from '../../dev/check-fixtures.ts'
import { durationWords, letterOf, staleWords, stateWords, summaryWords, timeWords } from './check-words.ts'

const unit = checkRow(1, 'unit')

it.each([
  [0, '0.0s'],
  [6_100, '6.1s'],
  [9_960, '10s'],
  [41_300, '41s'],
  [60_000, '1m'],
  [125_000, '2m 5s'],
  [3_600_000, '1h'],
  [3_780_000, '1h 3m'],
  [-5, '0.0s'],
])('%i ms are %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words)
})

describe('the time of a run', () => {
  it.each([
    ['is how long it took', runRow(unit, 'passed'), '6.1s'],
    ['is how far it is', runRow(unit, 'running'), '28s'],
    ['is how far it is of what it took before', runRow(unit, 'running', { expectedMs: 118_000 }), '28s of ~2m'],
    ['is short of what took a moment', runRow(unit, 'running', { expectedMs: 300 }), '28s of ~1s'],
    ['says that it waits', runRow(unit, 'queued'), 'waits'],
    ['is none of one that never began', runRow(unit, 'not-started', { startedAt: null }), ''],
  ])('%s', (_, run, words) => {
    expect(timeWords(run, 29_400)).toBe(words)
  })
})

it.each([
  [undefined, 'idle', 'Not run yet'],
  [{ kind: 'queued' }, 'queued', 'Waits for its turn'],
  [{ kind: 'running' }, 'setting-up', 'Runs'],
  [{ kind: 'passed' }, 'passed', 'Passed'],
  [{ kind: 'failed', code: 2, signal: null }, 'failed', 'Failed, exit 2'],
  [{ kind: 'failed', code: null, signal: 'SIGSEGV' }, 'failed', 'Failed, SIGSEGV'],
  [{ kind: 'timed-out' }, 'failed', 'Ran out of time'],
  [{ kind: 'cancelled' }, 'stopped', 'Cancelled'],
  [{ kind: 'lost' }, 'unknown', 'Cut off without a result'],
  [{ kind: 'not-started', problem: 'x' }, 'unknown', 'Did not begin'],
] as const)('%j is drawn as %s and called “%s”', (state, mark, word) => {
  expect(stateWords(state)).toEqual({ mark, word })
})

describe('a result that may not hold any more', () => {
  const tree = 'b'.repeat(40)
  it.each([
    ['the same files', runRow(unit, 'passed'), tree, null],
    ['other files by now', runRow(unit, 'passed'), 'c'.repeat(40), 'The files changed since it ran'],
    [
      'other files meanwhile',
      runRow(unit, 'passed', { hasChanged: true }),
      tree,
      'The files were changed while it ran',
    ],
    ['files that are not known', runRow(unit, 'passed', { tree: null }), tree, null],
    ['nothing known of now', runRow(unit, 'passed'), null, null],
    ['one under way', runRow(unit, 'running'), 'c'.repeat(40), null],
    ['none', undefined, tree, null],
  ])('is said of %s', (_, run, now, words) => {
    expect(staleWords(run, now)).toBe(words)
  })
})

it.each([
  [
    { failing: 1, running: 1, passed: 1, all: 4 },
    { mark: 'failed', words: '1 of 4' },
  ],
  [
    { failing: 0, running: 2, passed: 1, all: 4 },
    { mark: 'setting-up', words: '2 of 4' },
  ],
  [
    { failing: 0, running: 0, passed: 4, all: 4 },
    { mark: 'passed', words: '4 of 4' },
  ],
  [
    { failing: 0, running: 0, passed: 0, all: 4 },
    { mark: null, words: '' },
  ],
  [
    { failing: 0, running: 0, passed: 0, all: 0 },
    { mark: null, words: '' },
  ],
])('the button says %j', (counts, words) => {
  expect(summaryWords(counts)).toEqual(words)
})

describe('the message to an agent', () => {
  it('says what was run on what, and quotes the end of what it printed', () => {
    const { subject, body } = letterOf(runRow(unit, 'failed', { name: 'un\u202eit' }), 'FAIL a\nexpected 1')
    expect(subject).toBe('The check “un⟨U+202E⟩it” fails')
    expect(body).toBe(
      'The check “un⟨U+202E⟩it” (`npm run unit`) ended with code 1 at aaaaaaa. Please mend it.\n\nThe end of what it printed:\n\n    FAIL a\n    expected 1',
    )
    const dirty = runRow(unit, 'timed-out', { isExact: false })
    expect(letterOf(dirty, ' ').body).toBe(
      'The check “unit” (`npm run unit`) did not end in time at aaaaaaa with work that is not committed. Please mend it.',
    )
    const killed = runRow(unit, 'failed', { head: null, state: { kind: 'failed', code: null, signal: 'SIGSEGV' } })
    expect(letterOf(killed, '').body).toContain('was ended by SIGSEGV. Please')
    expect(letterOf(runRow(unit, 'lost'), '').body).toContain('did not pass at')
  })

  it('quotes no more than an agent reads at a time, in whole lines', () => {
    const { body } = letterOf(runRow(unit, 'failed'), Array.from({ length: 2000 }, (_, at) => `line ${at}`).join('\n'))
    expect(body.length).toBeLessThan(10_000)
    expect(body).toMatch(/\n {4}…\n {4}line \d+\n/)
    expect(body.endsWith('    line 1999')).toBe(true)
  })
})
