import type { Session } from '../../../../shared/contract/sessions.ts'
import { failedStepOf, waitsForTurn } from '../../../../shared/event-lines/session-words.ts'
import type { EventOf, LoggedEvent } from '../../../../shared/event-lines/logged-event.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

/** Why something is where it is. */
export interface Reason {
  /** A sentence without its full stop, so that a time can follow it. */
  readonly sentence: string
  /** What the person can do; null when nothing needs to be done. */
  readonly next: string | null
  /** Until when it stays so by itself; null when nobody knows. */
  readonly until: number | null
  /** The event that decided it; null when none is kept. */
  readonly event: LoggedEvent | null
}

export interface SessionFacts {
  readonly session: Session
  /** Those that may take the start slots. */
  readonly others: readonly Session[]
  /** What was told of the session and of refusals to it, newest first. */
  readonly events: readonly LoggedEvent[]
}

type SessionEvent = LoggedEvent & EventOf<'sessions.changed'>

export const whyOfSession = (facts: SessionFacts): Reason => {
  const { session, events } = facts
  const changes = events.filter((event): event is SessionEvent => event.topic === 'sessions.changed')
  const event = becameSo(changes, ({ payload }) => keyOf(payload), keyOf(session))
  switch (session.lifecycle) {
    case 'planned':
      return reason(session.lifecycleReason ?? 'Not started yet: its worktree is made first', null, event)
    case 'preparing':
      return whyNotReady(facts, event)
    case 'running':
      return session.runtime.kind === 'alive' ? whyRunning(facts) : whyEnded(session, changes, event)
    case 'stopped':
      return whyEnded(session, changes, event)
    case 'archived':
      return reason('It is archived', 'Take it out of the archive to go on with it.', event)
    default:
      return unreachable(session.lifecycle)
  }
}

const reason = (sentence: string, next: string | null, event: LoggedEvent | null): Reason => ({
  sentence,
  next,
  until: null,
  event,
})

/** What of a session decides its state, without what its agent says. */
const keyOf = (session: Session): string =>
  [session.lifecycle, session.runtime.kind, failedStepOf(session)?.name, waitsForTurn(session)].join(' ')

/** The event with which a row became what it is now: the oldest of the newest that agree with it. */
const becameSo = <Event extends LoggedEvent>(
  newestFirst: readonly Event[],
  keyOfEvent: (event: Event) => string,
  now: string,
): Event | null => {
  const before = newestFirst.findIndex((event) => keyOfEvent(event) !== now)
  return newestFirst[before === -1 ? newestFirst.length - 1 : before - 1] ?? null
}

const whyNotReady = ({ session, others }: SessionFacts, event: LoggedEvent | null): Reason => {
  const failed = failedStepOf(session)
  if (failed) {
    const what = failed.name === 'worktree' ? 'Its worktree could not be made' : 'Its agent could not be started'
    return reason(`${what}: ${withoutStop(failed.detail)}`, 'Mend that, then retry.', event)
  }
  if (waitsForTurn(session)) {
    const takers = others.filter(takesSlot).map(({ title }) => `“${title}”`)
    const who =
      takers.length === 0
        ? 'other agents that boot take'
        : `${listed(takers)} ${takers.length === 1 ? 'takes' : 'take'}`
    return reason(`Not started yet: ${who} the start slots, as only a few agents boot at a time`, null, event)
  }
  const step = session.preparation.find(({ state }) => state === 'running')
  return reason(`Not started yet: ${lowered(step?.detail || 'it gets ready')}`, null, event)
}

/** It boots: it has its turn, and has not yet said that it is ready. */
const takesSlot = (session: Session): boolean =>
  session.lifecycle === 'preparing'
    ? !waitsForTurn(session) && session.preparation.some(({ name, state }) => name === 'agent' && state === 'running')
    : session.lifecycle === 'running' && session.runtime.kind === 'alive' && session.activity.kind === 'unknown'

const whyRunning = ({ session: { activity }, events }: SessionFacts): Reason => {
  const refusal = events.find(
    // What the person was refused about it is no sign of what its agent does.
    (event): event is LoggedEvent & EventOf<'refusals.recorded'> =>
      event.topic === 'refusals.recorded' && !event.by.startsWith('person:'),
  )
  const start = events.find(({ topic, command }) => topic === 'sessions.changed' && command === 'start-session')
  const asked = events.find((event) => event.topic === 'asks.changed' && event.payload.state.kind === 'open')
  const isRefused = refusal !== undefined && refusal.seq > (start?.seq ?? 0)
  switch (activity.kind) {
    case 'needs-you':
      return reason(`It waits for you: ${lowered(activity.reason ?? 'it asks something')}`, 'Answer it.', asked ?? null)
    case 'working':
      return isRefused
        ? reason(`Its agent works; last it was refused: ${withoutStop(refusal.payload.message)}`, null, refusal)
        : reason('Its agent works', null, start ?? null)
    case 'idle':
      return isRefused
        ? reason(`Its agent is idle; last it was refused: ${withoutStop(refusal.payload.message)}`, null, refusal)
        : reason('Its agent is idle: it has finished what it was asked', 'Tell it what to do next.', start ?? null)
    case 'unknown':
      return reason('Its agent runs and has said nothing that can be trusted', 'Look at its terminal.', start ?? null)
    default:
      return unreachable(activity.kind)
  }
}

const stops: readonly string[] = ['stop-session', 'archive-session', 'delete-session']

const whyEnded = (session: Session, changes: readonly SessionEvent[], event: LoggedEvent | null): Reason => {
  const { runtime, canResume } = session
  const resume = canResume ? 'Resume it to go on with its conversation.' : 'Start a new session in its worktree.'
  const stop = changes.find(({ command }) => stops.includes(command)) ?? event
  switch (runtime.kind) {
    case 'none':
      return reason(`${stoppedBy(stop)} before its agent ran`, resume, stop)
    case 'alive':
      return reason(`${stoppedBy(stop)} and is ending`, null, stop)
    case 'lost':
      return reason(`Lost: ${lowered(withoutStop(runtime.reason))}`, resume, event)
    case 'exited':
      if (runtime.wasAsked) return reason(stoppedBy(stop), resume, stop)
      if (runtime.signal !== null)
        return reason(`Its agent was killed by ${runtime.signal}, and not by Switchyard`, resume, event)
      return runtime.code === 0
        ? reason('Its agent ended by itself', resume, event)
        : reason(`Its agent failed with exit ${runtime.code ?? 'unknown'}`, `Its terminal says why. ${resume}`, event)
    default:
      return unreachable(runtime)
  }
}

const stoppedBy = (event: LoggedEvent | null): string =>
  event?.by.startsWith('person:') ? 'You stopped it' : 'It was stopped'

/** “A”, “A and B”, “A, B and 3 more”. */
export const listed = (names: readonly string[], most = 3): string => {
  const shown = names.length > most ? names.slice(0, most - 1) : names
  const rest = names.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}

export const withoutStop = (text: string): string => text.trim().replace(/\.$/, '')
const lowered = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1)
