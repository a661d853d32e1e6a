import type { ActivityGroup, ActivityObject, ActorKind } from '../contract/activity.ts'
import type { Change } from '../contract/changes.ts'
import type { LeaseId, ProjectId, SessionId, TaskId, ThreadId, WorktreeId } from '../lib/ids.ts'

/** An event as it is kept: what was told, with the command that told it and who gave that. */
export type LoggedEvent = Change & {
  readonly command: string
  /** "session:ses_…", "person:desktop", "system:switchyard". */
  readonly by: string
}
export type EventOf<Topic extends LoggedEvent['topic']> = Extract<LoggedEvent, { readonly topic: Topic }>

/** What an event calls by an id, by the name that people know. Undefined for what nobody remembers. */
export interface EventNames {
  session(id: SessionId): { readonly title: string; readonly projectId: ProjectId } | undefined
  task(id: TaskId): { readonly key: string; readonly title: string; readonly projectId: ProjectId } | undefined
  threadSubject(id: ThreadId): string | undefined
  leaseTarget(id: LeaseId): string | undefined
  sessionOfWorktree(id: WorktreeId): SessionId | undefined
}

/** One line of the log, in words as they were written: whoever shows it makes it inert. */
export interface EventLine {
  readonly group: ActivityGroup
  readonly actor: ActorKind
  /** What the sentence begins with. */
  readonly who: string
  readonly what: string
  /** Why, and what to do next. */
  readonly reason: string | null
  readonly object: ActivityObject | null
}

/** What the words of one topic say; without a `who` the sentence begins with whoever did it. */
export interface EventWords {
  readonly what: string
  readonly who?: string
  readonly actor?: ActorKind
  readonly reason?: string | null
  readonly object?: ActivityObject | null
}

export const actorOf = (by: string): { readonly kind: ActorKind; readonly id: string } => {
  const at = by.indexOf(':')
  const [kind, id] = [by.slice(0, at), by.slice(at + 1)]
  return { kind: kind === 'person' || kind === 'session' ? kind : 'system', id }
}

export const nameOfActor = (by: string, names: Pick<EventNames, 'session'>): string => {
  const { kind, id } = actorOf(by)
  if (kind === 'person') return 'You'
  return kind === 'session' ? titleOf(id as SessionId, names) : 'Switchyard'
}

export const titleOf = (id: SessionId, names: Pick<EventNames, 'session'>): string =>
  names.session(id)?.title ?? 'A session that was deleted'

export const quoted = (text: string): string => `“${text}”`

export const sessionObject = (id: SessionId, names: Pick<EventNames, 'session'>): ActivityObject | null => {
  const known = names.session(id)
  return known ? { kind: 'session', id, label: known.title } : null
}
