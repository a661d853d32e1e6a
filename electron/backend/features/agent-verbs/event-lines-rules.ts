import type { Change } from '../../../../shared/contract/changes.ts'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import type { ProjectId, SessionId, TaskId } from '../../../../shared/lib/ids.ts'
import { inertLine } from '../../../../shared/lib/inert-text.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

/** What says to which project an event belongs. */
export type EventScope =
  | { readonly kind: 'project'; readonly id: ProjectId }
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'task'; readonly id: TaskId }

/** Null for what is not told to agents: settings, terminals, what the person is asked, and mail, which has its own verbs. */
export const eventScope = (change: Change): EventScope | null => {
  switch (change.topic) {
    case 'sessions.changed':
    case 'worktrees.changed':
    case 'tasks.changed':
    case 'leases.changed':
    case 'leases.removed':
    case 'waiters.changed':
    case 'waiters.removed':
    case 'reports.changed':
      return { kind: 'project', id: change.payload.projectId }
    case 'attempts.changed':
    case 'checkpoints.recorded':
    case 'comments.recorded':
    case 'dependencies.changed':
    case 'dependencies.removed':
      return { kind: 'task', id: change.payload.taskId }
    case 'refusals.recorded':
      return { kind: 'session', id: change.payload.by.replace(/^session:/, '') }
    default:
      return null
  }
}

/** Whether an event is of the project that is asked for. */
export const projectOf = (
  scope: EventScope,
  known: { readonly task: Task | undefined; readonly sessions: ReadonlySet<SessionId> },
  projectId: ProjectId,
): boolean => {
  switch (scope.kind) {
    case 'project':
      return scope.id === projectId
    case 'task':
      return known.task?.projectId === projectId
    case 'session':
      // An id of any form; only a known one counts.
      return known.sessions.has(scope.id as SessionId)
    default:
      return unreachable(scope)
  }
}

/** An event as it is told: of a session only what it does, not what its person wrote to it. */
export const toldEvent = (change: Change, text: string | undefined) => {
  const { seq, at, topic } = change
  const inert = text === undefined ? null : inertLine(text, longestText)
  return { seq, at, topic, about: aboutOf(change), text: inert, payload: shortPayload(change) }
}

const longestText = 300

const aboutOf = ({ payload }: Change): string => {
  const row = payload as {
    readonly id?: string
    readonly taskId?: string
    readonly sessionId?: string
    readonly subject?: string
  }
  return row.id ?? row.taskId ?? row.sessionId ?? row.subject ?? ''
}

const shortPayload = (change: Change): unknown => {
  switch (change.topic) {
    case 'sessions.changed': {
      const { title, lifecycle, activity } = change.payload
      return { title, lifecycle, activity: activity.kind }
    }
    case 'worktrees.changed': {
      const { branch, headSha, changedFiles } = change.payload
      return { branch, headSha, changedFiles }
    }
    case 'tasks.changed': {
      const { key, title, state, reason } = change.payload
      return { key, title, state, reason }
    }
    default:
      return change.payload
  }
}
