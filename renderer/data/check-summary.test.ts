import { describe, expect, it } from 'vitest'
import { checkRow, runRow } from '../dev/check-fixtures.ts'
import type { CheckRun } from '../../shared/contract/checks.ts'
import { countChecks, markOf } from './check-summary.ts'

const [unit, lint, types] = [checkRow(1, 'unit'), checkRow(2, 'lint'), checkRow(3, 'types')]
const head = 'a'.repeat(40)
const countOf = (...runs: readonly (CheckRun | undefined)[]) => {
  const checks = [unit, lint, types]
  return countChecks(checks, (check) => runs[checks.indexOf(check)], head)
}

describe('what the newest runs of a worktree count', () => {
  it('is by what they came to, and those that run whatever they run on', () => {
    const runs = [runRow(unit, 'failed'), runRow(lint, 'timed-out'), runRow(types, 'running', { head: null })]
    expect(countOf(...runs)).toEqual({ failing: 2, running: 1, passed: 0, all: 3 })
    expect(countOf(runRow(unit, 'passed'), runRow(lint, 'cancelled'))).toEqual({
      failing: 0,
      running: 0,
      passed: 1,
      all: 3,
    })
  })

  it('is nothing of another commit, and nothing of another command', () => {
    const old = runRow(unit, 'failed', { head: 'b'.repeat(40) })
    expect(countOf(old, runRow(lint, 'passed', { command: 'true' }))).toEqual({
      failing: 0,
      running: 0,
      passed: 0,
      all: 3,
    })
  })
})

it.each([
  [
    { failing: 1, running: 1, passed: 1, all: 3 },
    { kind: 'failed', count: 1, words: '1 check fails' },
  ],
  [
    { failing: 2, running: 0, passed: 1, all: 3 },
    { kind: 'failed', count: 2, words: '2 checks fail' },
  ],
  [
    { failing: 0, running: 1, passed: 2, all: 3 },
    { kind: 'setting-up', count: 1, words: '1 check runs' },
  ],
  [
    { failing: 0, running: 3, passed: 0, all: 3 },
    { kind: 'setting-up', count: 3, words: '3 checks run' },
  ],
  [
    { failing: 0, running: 0, passed: 2, all: 3 },
    { kind: 'passed', count: 2, words: '2 of 3 checks passed' },
  ],
  [
    { failing: 0, running: 0, passed: 3, all: 3 },
    { kind: 'passed', count: 3, words: 'all checks passed' },
  ],
  [{ failing: 0, running: 0, passed: 0, all: 3 }, null],
])('is shown small by the most important of it: %j', (counts, mark) => {
  expect(markOf(counts)).toEqual(mark)
})
