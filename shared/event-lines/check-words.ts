import type { CheckRun, RunState } from '../contract/checks.ts'
import { unreachable } from '../lib/unreachable.ts'
import type { EventBundle } from './bundle-events.ts'
import { quoted, sessionObject, type EventNames, type EventOf, type EventWords } from './logged-event.ts'

/** Null for one that only got another place. */
export const checkWords = ({ payload, command }: EventOf<'checks.changed'>): EventWords | null => {
  const { name, isGate } = payload
  const reason = isGate ? `${payload.command} (a gate)` : payload.command
  switch (command) {
    case 'add-check':
      return { what: `added the check ${quoted(name)}`, reason }
    case 'update-check':
      return { what: `changed the check ${quoted(name)}`, reason }
    case 'restore-check':
      return { what: `brought back the check ${quoted(name)}`, reason }
    default:
      return null
  }
}

export const removedCheckWords = ({ payload }: EventOf<'checks.removed'>): EventWords => ({
  what: `removed the check ${quoted(payload.name)}`,
})

/** What was asked for in one line, and how each ended; null for the steps between. */
export const checkRunWords = (bundle: EventBundle, names: EventNames): EventWords | null => {
  const runs = bundle.flatMap((event) => (event.topic === 'checkruns.changed' ? [event] : []))
  const [first] = runs
  if (!first) return null
  const { payload: run, command } = first
  const place = placeOf(run, names)
  switch (command) {
    case 'run-checks':
    case 'run-gates': {
      // Newest first, as they are bundled.
      const list = runs.map(({ payload }) => payload.name).toReversed()
      return { what: `asked for ${list.map(quoted).join(', ')} ${place.words}`, object: place.object }
    }
    case 'cancel-check':
      return { what: `cancelled ${quoted(run.name)} ${place.words}`, object: place.object }
    case 'end-check': {
      const outcome = outcomeWords(run.state)
      if (outcome === null) return null
      return {
        what: `saw ${quoted(run.name)} ${outcome} ${place.words}`,
        reason: reasonOf(run),
        object: place.object,
      }
    }
    default:
      return null
  }
}

const placeOf = ({ worktreeId }: CheckRun, names: EventNames) => {
  if (worktreeId === null) return { words: 'before a merge', object: null }
  const id = names.sessionOfWorktree(worktreeId)
  const object = id === undefined ? null : sessionObject(id, names)
  return { words: object === null ? 'in a worktree' : `for ${quoted(object.label)}`, object }
}

const reasonOf = ({ state, excerpt }: CheckRun): string | null =>
  state.kind === 'not-started' ? state.problem : (excerpt.at(-1) ?? null)

/** Null where somebody else told it already. */
const outcomeWords = (state: RunState): string | null => {
  switch (state.kind) {
    case 'passed':
      return 'pass'
    case 'failed':
      return state.signal === null ? `fail with code ${state.code}` : `end by ${state.signal}`
    case 'timed-out':
      return 'run out of time'
    case 'lost':
      return 'end without a result'
    case 'not-started':
      return 'not begin'
    case 'cancelled':
    case 'queued':
    case 'running':
      return null
    default:
      return unreachable(state)
  }
}
