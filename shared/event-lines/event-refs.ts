import type { LeaseId, ProjectId, SessionId, TaskId, ThreadId } from '../lib/ids.ts'
import { actorOf, type EventNames, type LoggedEvent } from './logged-event.ts'

/** Every row that an event is about, by whom it was done included. */
export interface EventRefs {
  readonly projectId: ProjectId | null
  readonly sessionIds: readonly SessionId[]
  readonly taskIds: readonly TaskId[]
  readonly threadIds: readonly ThreadId[]
  readonly leaseIds: readonly LeaseId[]
}

/** The parts by which the rows of all topics name one another. */
interface AnyRow {
  readonly id?: string
  readonly projectId?: ProjectId
  readonly sessionId?: SessionId
  readonly taskId?: TaskId
  readonly dependsOnId?: TaskId
  readonly threadId?: ThreadId
  readonly subject?: string
  readonly by?: string | object
  readonly holder?: { readonly sessionId?: SessionId }
  readonly from?: { readonly sessionId?: SessionId }
  readonly recipient?: { readonly sessionId?: SessionId | null }
  readonly sides?: readonly { readonly sessionId: SessionId }[]
}

export const refsOf = (event: LoggedEvent): EventRefs => {
  const row = event.payload as AnyRow
  const ids = [row.id, event.topic === 'refusals.recorded' ? row.subject : undefined]
  const actor = actorOf(event.by)
  const ofPrefix = (prefix: string) => ids.filter((id) => id?.startsWith(prefix))
  const sessionIds = [
    ...ofPrefix('ses_'),
    actor.kind === 'session' ? actor.id : null,
    row.sessionId,
    row.holder?.sessionId,
    row.from?.sessionId,
    row.recipient?.sessionId,
    ...(row.sides ?? []).map((side) => side.sessionId),
  ]
  return {
    projectId: row.projectId ?? (ofPrefix('prj_')[0] as ProjectId | undefined) ?? null,
    sessionIds: known<SessionId>(sessionIds),
    taskIds: known<TaskId>([...ofPrefix('tsk_'), row.taskId, row.dependsOnId]),
    threadIds: known<ThreadId>([...ofPrefix('thr_'), row.threadId]),
    leaseIds: known<LeaseId>(ofPrefix('lse_')),
  }
}

const known = <Id extends string>(ids: readonly (string | null | undefined)[]): Id[] => [
  ...new Set(ids.filter((id): id is Id => id != null)),
]

/** The project an event belongs to: its own, or that of the task or session it is about; null when none is known. */
export const projectOfEvent = (event: LoggedEvent, names: EventNames): ProjectId | null => {
  const { projectId, taskIds, sessionIds } = refsOf(event)
  if (projectId !== null) return projectId
  for (const id of taskIds) {
    const task = names.task(id)
    if (task) return task.projectId
  }
  for (const id of sessionIds) {
    const session = names.session(id)
    if (session) return session.projectId
  }
  return null
}
