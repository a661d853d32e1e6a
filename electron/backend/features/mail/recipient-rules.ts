import type { Party, Recipient } from '../../../../shared/contract/mail.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { mentionOf } from '../../../../shared/lib/mention.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'

export type RecipientRefusal =
  'UNKNOWN_RECIPIENT' | 'ARCHIVED_RECIPIENT' | 'AMBIGUOUS_RECIPIENT' | 'EMPTY_RECIPIENT' | 'INVALID'

/**
 * Who gets a message, as things are at this moment: everyone who is named, once. `sessions` are those of the project.
 * Whoever cannot be reached is refused, and then nobody gets it: a message to nobody must not seem sent.
 */
export const resolveRecipients = (
  to: readonly string[],
  from: Party,
  sessions: readonly Session[],
): Result<Recipient[], RecipientRefusal> => {
  const recipients = new Map<string, Recipient>()
  for (const text of to) {
    const resolved = resolveOne(text.trim(), from, sessions)
    if (!resolved.ok) return resolved
    for (const recipient of resolved.value) recipients.set(JSON.stringify(recipient), recipient)
  }
  return ok(withoutRepeats([...recipients.values()], sessions))
}

/** Who gets it under their name is the one of their role who gets it: nobody is to find a message twice. */
const withoutRepeats = (recipients: readonly Recipient[], sessions: readonly Session[]): Recipient[] => {
  const named = new Set(recipients.flatMap((one) => (one.kind === 'session' ? one.sessionId : [])))
  const roles = new Set(sessions.flatMap(({ id, role }) => (named.has(id) ? (role ?? []) : [])))
  return recipients.filter((one) => one.kind !== 'role' || !roles.has(one.role))
}

const resolveOne = (text: string, from: Party, sessions: readonly Session[]): Result<Recipient[], RecipientRefusal> => {
  const others = sessions.filter((session) => !isSender(session, from))
  const active = others.filter(isActive)
  if (text === 'person') return resolvePerson(from)
  if (text === 'everyone') {
    if (active.length > 0) return ok(active.map(toSession))
    return refuse('EMPTY_RECIPIENT', 'There is no other session in this project. Write to the person instead.')
  }
  if (text.startsWith('#')) return resolveChannel(text.slice(1), active)
  if (text.startsWith('role:')) return resolveRole(text.slice('role:'.length).trim(), active)
  const found = sessions.find(({ id }) => id === text)
  if (found) return resolveSession([found], text, from, active)
  if (text.startsWith('@')) return resolveSession(namedBy(text.slice(1), sessions), text, from, active)
  return unknown(text, active)
}

const resolvePerson = (from: Party): Result<Recipient[], RecipientRefusal> =>
  from.kind === 'person' ? refuse('INVALID', 'You would write to yourself. Name a session.') : ok([{ kind: 'person' }])

const resolveChannel = (role: string, active: readonly Session[]): Result<Recipient[], RecipientRefusal> => {
  const members = active.filter((session) => session.role === role)
  if (members.length > 0) return ok(members.map(toSession))
  return refuse('EMPTY_RECIPIENT', `No other session has the role “${role}”. ${rolesText(active)}`)
}

const resolveRole = (role: string, active: readonly Session[]): Result<Recipient[], RecipientRefusal> =>
  active.some((session) => session.role === role)
    ? ok([{ kind: 'role', role, sessionId: null }])
    : refuse('EMPTY_RECIPIENT', `No other session has the role “${role}”. ${rolesText(active)}`)

const resolveSession = (
  found: readonly Session[],
  text: string,
  from: Party,
  active: readonly Session[],
): Result<Recipient[], RecipientRefusal> => {
  const usable = found.filter(isActive)
  const [first, second] = usable
  if (first && second) {
    const ids = usable.slice(0, 5).map(({ id }) => id)
    return refuse(
      'AMBIGUOUS_RECIPIENT',
      `${text} names ${usable.length} sessions. Write to one by its id: ${ids.join(', ')}.`,
    )
  }
  if (first)
    return isSender(first, from)
      ? refuse('INVALID', 'You would write to yourself. Name another session (peers), or the person.')
      : ok([toSession(first)])
  return found.length > 0
    ? refuse('ARCHIVED_RECIPIENT', `${text} is archived and reads no mail. Write to another session, or to the person.`)
    : unknown(text, active)
}

const namedBy = (name: string, sessions: readonly Session[]) => {
  const wanted = mentionOf(name)
  return wanted === '' ? [] : sessions.filter(({ title }) => mentionOf(title) === wanted)
}

const unknown = (text: string, active: readonly Session[]): Result<never, 'UNKNOWN_RECIPIENT'> => {
  const known = active.slice(0, 8).map(({ title }) => `@${mentionOf(title)}`)
  const others = known.length > 0 ? ` There are ${known.join(', ')}.` : ''
  return refuse(
    'UNKNOWN_RECIPIENT',
    `Nobody is called ${text}.${others} See who is there (peers), or write to the person.`,
  )
}

const rolesText = (active: readonly Session[]) => {
  const roles = [...new Set(active.flatMap(({ role }) => role ?? []))]
  return roles.length > 0 ? `There are ${roles.join(', ')}.` : 'No session has a role; write to one by its name.'
}

const isActive = ({ lifecycle }: Session) => lifecycle !== 'archived'
const isSender = ({ id }: Session, from: Party) => from.kind === 'session' && from.sessionId === id
const toSession = ({ id }: Session): Recipient => ({ kind: 'session', sessionId: id })
