import type { TeamTask } from '../contract/teams.ts'
import {
  quoted,
  sessionObject,
  titleOf,
  type EventNames,
  type EventOf,
  type EventWords,
  type LoggedEvent,
} from './logged-event.ts'

/** What an agent's own team does, and what else an agent tells of its inside: told as the session's. */

export const teammateWords = (
  { payload, command, at }: EventOf<'teammates.changed'> & LoggedEvent,
  names: EventNames,
): EventWords | null => {
  const { sessionId, name, type, state, since, joinedAt } = payload
  const own = { who: titleOf(sessionId, names), actor: 'session', object: sessionObject(sessionId, names) } as const
  if (state === 'ended') return { ...own, what: `has no teammate ${quoted(name)} any more` }
  // That it works and rests is seen beside its session. The agent's own clock says when it joined: a row is new when it
  // came into its state just now by being read, or was first heard of.
  const isNew = since === joinedAt || (command === 'read-team' && since === at)
  return isNew ? { ...own, what: `has a teammate ${quoted(name)}`, reason: type === '' ? null : type } : null
}

const states: Readonly<Record<TeamTask['state'], string>> = {
  pending: 'wrote down',
  'in-progress': 'began',
  completed: 'completed',
  deleted: 'struck out',
}

export const teamTaskWords = ({ payload }: EventOf<'teamtasks.changed'>, names: EventNames): EventWords => ({
  who: titleOf(payload.sessionId, names),
  actor: 'session',
  what: `${states[payload.state]} ${quoted(payload.subject)} in its own list`,
  reason: payload.owner === null ? null : `By ${payload.owner}`,
  object: sessionObject(payload.sessionId, names),
})

/** Whoever it is from is a name in a file of the agent's: the line begins with the session, lest it is taken for another. */
export const teamMessageWords = ({ payload }: EventOf<'teammessages.recorded'>, names: EventNames): EventWords => ({
  who: titleOf(payload.sessionId, names),
  actor: 'session',
  what: `passed on a message of ${quoted(payload.from)} to ${quoted(payload.to)} in its team`,
  reason: payload.text,
  object: sessionObject(payload.sessionId, names),
})
