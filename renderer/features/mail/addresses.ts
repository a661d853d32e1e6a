import type { AgentId, Agent } from '../../../shared/contract/agents.ts'
import type { Delivery, Message, MessagePriority } from '../../../shared/contract/mail.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { mentionOf } from '../../../shared/lib/mention.ts'
import { arrivalOf } from './delivery-words.ts'

/** Somebody a message can be sent to. */
export interface AddressOption {
  /** As the backend takes it: a session's id, "role:" and a role, "#" and a role, "everyone". */
  readonly value: string
  readonly label: string
  /** As it is written, and how many it reaches. */
  readonly detail: string
}

type Addressed = Pick<Session, 'id' | 'title' | 'role' | 'lifecycle'>

/** Whom the person can write to in a project: its sessions, then its roles, then all at once. */
export const addressOptions = (sessions: readonly Addressed[]): AddressOption[] => {
  const active = sessions.filter(({ lifecycle }) => lifecycle !== 'archived')
  const roles = [...new Set(active.flatMap(({ role }) => role ?? []))].sort()
  return [
    ...active.map((session) => ({ value: session.id, label: session.title, detail: detailOf(session, active) })),
    ...roles.flatMap((role) => {
      const count = active.filter((session) => session.role === role).length
      return [
        { value: `role:${role}`, label: `One ${role}`, detail: `role:${role}, the first that is free` },
        { value: `#${role}`, label: `All with the role ${role}`, detail: `#${role}, ${sessionsText(count)}` },
      ]
    }),
    ...(active.length === 0
      ? []
      : [{ value: 'everyone', label: 'Everyone', detail: `every session, ${active.length} now` }]),
  ]
}

/** Two sessions of one name are told apart by the end of their ids. */
const detailOf = ({ id, title, role }: Addressed, all: readonly Addressed[]) => {
  const name = mentionOf(title)
  const isTwice = all.some((other) => other.id !== id && mentionOf(other.title) === name)
  const written = name === '' || isTwice ? `…${id.slice(-4)}` : `@${name}`
  return role === null ? written : `${written}, ${role}`
}

const sessionsText = (count: number) => (count === 1 ? '1 session' : `${count} sessions`)

const mostShown = 8

/** Those that fit what is typed, what begins so first. Who is chosen already is left out. */
export const matchAddresses = (
  options: readonly AddressOption[],
  typed: string,
  chosen: readonly string[],
): readonly AddressOption[] => {
  const wanted = typed.trim().replace(/^@/, '').toLowerCase()
  const free = options.filter(({ value }) => !chosen.includes(value))
  const names = ({ label, detail }: AddressOption) => [label.toLowerCase(), detail.toLowerCase().replace(/^@/, '')]
  const first = free.filter((option) => names(option).some((name) => name.startsWith(wanted)))
  const rest = free.filter((option) => !first.includes(option) && names(option).some((name) => name.includes(wanted)))
  return [...first, ...rest].slice(0, mostShown)
}

/** The name an option is mentioned by in a text; null for one that is no session or has none. */
export const mentionNameOf = ({ value, label }: AddressOption): string | null => {
  const name = mentionOf(label)
  return value.startsWith('ses_') && name !== '' ? name : null
}

/** An address as people read it. */
export const addressText = (address: string, titleOf: (id: SessionId) => string | undefined): string => {
  if (address === 'everyone') return 'everyone'
  if (address === 'person') return 'you'
  if (address.startsWith('role:')) return `one ${address.slice('role:'.length)}`
  if (address.startsWith('#')) return `all with the role ${address.slice(1)}`
  return address.startsWith('ses_') ? (titleOf(address as SessionId) ?? 'a session that is gone') : address
}

/** The sessions that addresses reach now; one for a role that is to be taken by any of them. */
export const reachedBy = (to: readonly string[], sessions: readonly Session[]): readonly Session[] => {
  const active = sessions.filter(({ lifecycle }) => lifecycle !== 'archived')
  const reached = to.flatMap((address) => {
    if (address === 'everyone') return active
    if (address.startsWith('#')) return active.filter(({ role }) => role === address.slice(1))
    return active.filter(({ id }) => id === address)
  })
  return [...new Set(reached)]
}

export interface Arrival {
  readonly when: string
  readonly titles: readonly string[]
}

/** What sending would do: who gets it when, as things are now. */
export const forecast = (
  to: readonly string[],
  { sessions, agents }: { readonly sessions: readonly Session[]; readonly agents: ReadonlyMap<AgentId, Agent> },
  priority: MessagePriority,
): readonly Arrival[] => {
  const titlesByWhen = new Map<string, string[]>()
  const add = (when: string, title: string) => titlesByWhen.set(when, [...(titlesByWhen.get(when) ?? []), title])
  for (const session of reachedBy(to, sessions)) add(arrivalOf(session, agents, priority), session.title)
  for (const address of to)
    if (address.startsWith('role:')) add('when one of them is free', address.slice('role:'.length))
  return [...titlesByWhen].map(([when, titles]) => ({ when, titles }))
}

/**
 * Whom an answer goes to unless the person says otherwise, and which message it answers: whoever wrote the newest message
 * that is not the person's own; in a thread of their own messages, whoever the last one was sent to.
 */
export const usualReply = (
  messages: readonly Message[],
  deliveriesOf: (message: Message) => readonly Delivery[],
  isThere: (id: SessionId) => boolean,
): { readonly message: Message; readonly to: readonly string[] } | null => {
  const newest = messages.at(-1)
  if (newest === undefined) return null
  const received = messages.findLast(({ from }) => from.kind === 'session' && isThere(from.sessionId))
  if (received?.from.kind === 'session') return { message: received, to: [received.from.sessionId] }
  const own = messages.findLast(({ from }) => from.kind === 'person')
  const reached = (own === undefined ? [] : deliveriesOf(own)).flatMap(({ recipient }) => {
    if (recipient.kind === 'person') return []
    if (recipient.sessionId === null) return recipient.kind === 'role' ? [`role:${recipient.role}`] : []
    return isThere(recipient.sessionId) ? [recipient.sessionId] : []
  })
  return { message: own ?? newest, to: [...new Set<string>(reached)] }
}
