import type { TeamTask } from '../contract/teams.ts'
import { quoted, sessionObject, titleOf, type EventNames, type EventOf, type EventWords } from './logged-event.ts'

/** What an agent's own team does, and what else an agent tells of its inside: told as the session's. */

export const teammateWords = ({ payload }: EventOf<'teammates.changed'>, names: EventNames): EventWords | null => {
  const { sessionId, name, type, state, since, joinedAt } = payload
  const own = { who: titleOf(sessionId, names), actor: 'session', object: sessionObject(sessionId, names) } as const
  if (state === 'ended') return { ...own, what: `has no teammate ${quoted(name)} any more` }
  // That it works and rests is seen beside its session.
  return since === joinedAt
    ? { ...own, what: `has a teammate ${quoted(name)}`, reason: type === '' ? null : type }
    : null
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

export const teamMessageWords = ({ payload }: EventOf<'teammessages.recorded'>, names: EventNames): EventWords => ({
  who: payload.from,
  actor: 'session',
  what: `wrote to ${payload.to} in the team of ${quoted(titleOf(payload.sessionId, names))}`,
  reason: payload.text,
  object: sessionObject(payload.sessionId, names),
})
