import type { CheckRun, RunState } from '../../../shared/contract/checks.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import type { CheckCounts } from '../../data/check-summary.ts'
import type { MarkKind } from '../../ui/status-mark.tsx'

const secondMs = 1000
const minuteMs = 60 * secondMs

/** "6.1s", "41s", "2m 5s", "1h 3m". */
export const durationWords = (ms: number): string => {
  const seconds = Math.max(0, ms) / secondMs
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes}m` : `${minutes}m ${whole % 60}s`
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}

/** How long it took, or how far it is: "28s of ~2m". Empty for one that never began. */
export const timeWords = ({ startedAt, endedAt, expectedMs, state }: CheckRun, now: number): string => {
  if (state.kind === 'queued') return 'waits'
  if (startedAt === null) return ''
  if (endedAt !== null) return durationWords(endedAt - startedAt)
  // Whole seconds: it is drawn once a second.
  const soFar = durationWords(Math.max(0, Math.floor((now - startedAt) / secondMs)) * secondMs).replace('.0', '')
  return expectedMs === null ? soFar : `${soFar} of ~${roughly(expectedMs)}`
}

const roughly = (ms: number) =>
  durationWords(
    ms < minuteMs ? Math.max(1, Math.round(ms / secondMs)) * secondMs : Math.round(ms / minuteMs) * minuteMs,
  ).replace('.0', '')

interface StateWords {
  readonly mark: MarkKind
  readonly word: string
}

/** The shape of what a run came to, and its word. */
export const stateWords = (state: RunState | undefined): StateWords => {
  if (state === undefined) return { mark: 'idle', word: 'Not run yet' }
  switch (state.kind) {
    case 'queued':
      return { mark: 'queued', word: 'Waits for its turn' }
    case 'running':
      return { mark: 'setting-up', word: 'Runs' }
    case 'passed':
      return { mark: 'passed', word: 'Passed' }
    case 'failed':
      return { mark: 'failed', word: state.signal === null ? `Failed, exit ${state.code}` : `Failed, ${state.signal}` }
    case 'timed-out':
      return { mark: 'failed', word: 'Ran out of time' }
    case 'cancelled':
      return { mark: 'stopped', word: 'Cancelled' }
    case 'lost':
      return { mark: 'unknown', word: 'Cut off without a result' }
    case 'not-started':
      return { mark: 'unknown', word: 'Did not begin' }
    default:
      return unreachable(state)
  }
}

/** Why the result of a run may not be that of the files as they are; null when it is. */
export const staleWords = (run: CheckRun | undefined, tree: string | null): string | null => {
  if (run === undefined || run.endedAt === null || run.startedAt === null || tree === null) return null
  if (run.hasChanged === true) return 'The files were changed while it ran'
  return run.tree === null || run.tree === tree ? null : 'The files changed since it ran'
}

/** For the button that the panel is behind: "Checks ✕ 1 of 4" without its mark. */
export const summaryWords = ({
  failing,
  running,
  passed,
  all,
}: CheckCounts): { readonly mark: MarkKind | null; readonly words: string } => {
  if (all === 0) return { mark: null, words: '' }
  if (failing > 0) return { mark: 'failed', words: `${failing} of ${all}` }
  if (running > 0) return { mark: 'setting-up', words: `${running} of ${all}` }
  return passed === 0 ? { mark: null, words: '' } : { mark: 'passed', words: `${passed} of ${all}` }
}

// An agent reads so much at a time; the end of an output says what is wrong.
const mostLetterCharacters = 6000

/** A message to the agent whose work a check says is wrong. */
export const letterOf = (run: CheckRun, output: string) => {
  const name = visibleLine(run.name)
  const shown =
    output.length <= mostLetterCharacters
      ? output
      : `…\n${output.slice(-mostLetterCharacters).replace(/^[^\n]*\n/, '')}`
  const saw =
    run.head === null ? '' : ` at ${run.head.slice(0, 7)}${run.isExact ? '' : ' with work that is not committed'}`
  return {
    subject: `The check “${name}” fails`,
    body: [
      `The check “${name}” (\`${visibleLine(run.command)}\`) ${outcome(run.state)}${saw}. Please mend it.`,
      ...(shown.trim() === ''
        ? []
        : [
            'The end of what it printed:',
            shown
              .split('\n')
              .map((line) => `    ${line}`)
              .join('\n'),
          ]),
    ].join('\n\n'),
  }
}

const outcome = (state: RunState): string => {
  if (state.kind === 'timed-out') return 'did not end in time'
  if (state.kind !== 'failed') return 'did not pass'
  return state.signal === null ? `ended with code ${state.code}` : `was ended by ${state.signal}`
}
