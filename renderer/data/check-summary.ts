import type { Check, CheckRun, RunState } from '../../shared/contract/checks.ts'

export type RunKind = RunState['kind']

export interface CheckCounts {
  readonly failing: number
  readonly running: number
  readonly passed: number
  readonly all: number
}

/** What the newest runs of the checks in one worktree came to. Of another command, or on another commit, they say nothing. */
export const countChecks = (
  checks: readonly Check[],
  runOf: (check: Check) => CheckRun | undefined,
  head: string | null,
): CheckCounts => {
  const kinds = checks.flatMap((check): RunKind[] => {
    const run = runOf(check)
    if (run === undefined || run.command !== check.command) return []
    return isUnderWay(run.state.kind) || run.head === head ? [run.state.kind] : []
  })
  const count = (test: (kind: RunKind) => boolean) => kinds.filter(test).length
  return {
    failing: count(isFailing),
    running: count(isUnderWay),
    passed: count((kind) => kind === 'passed'),
    all: checks.length,
  }
}

export const isFailing = (kind: RunKind): boolean => kind === 'failed' || kind === 'timed-out'
export const isUnderWay = (kind: RunKind): boolean => kind === 'queued' || kind === 'running'

export interface CheckMark {
  readonly kind: 'failed' | 'setting-up' | 'passed'
  readonly count: number
  readonly words: string
}

/** The most important of it, small enough for a row or a card; null when there is nothing to say. */
export const markOf = ({ failing, running, passed, all }: CheckCounts): CheckMark | null => {
  if (failing > 0)
    return { kind: 'failed', count: failing, words: `${checksWord(failing)} ${failing === 1 ? 'fails' : 'fail'}` }
  if (running > 0)
    return { kind: 'setting-up', count: running, words: `${checksWord(running)} ${running === 1 ? 'runs' : 'run'}` }
  if (passed === 0) return null
  return {
    kind: 'passed',
    count: passed,
    words: passed === all ? 'all checks passed' : `${passed} of ${all} checks passed`,
  }
}

const checksWord = (count: number) => (count === 1 ? '1 check' : `${count} checks`)
