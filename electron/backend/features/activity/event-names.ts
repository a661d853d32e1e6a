import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import { refsOf } from '../../../../shared/event-lines/event-refs.ts'
import type { EventNames, LoggedEvent } from '../../../../shared/event-lines/logged-event.ts'
import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { LeaseId, SessionId, TaskId, ThreadId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { lastTold } from '../../kernel/events-store.ts'

export interface NameSources {
  readonly sessions: { list(tx: Tx): Promise<Session[]> }
  readonly tasks: { find(tx: Tx, id: TaskId): Promise<Task | undefined> }
}

/** The names of what events are about, looked up before they are told. What is gone is called as the log last knew it. */
export const readEventNames = async (
  tx: Tx,
  { sessions, tasks }: NameSources,
  events: readonly LoggedEvent[],
): Promise<EventNames> => {
  const refs = events.map(refsOf)
  const rows = await sessions.list(tx)
  const known = new Map(rows.map((row) => [row.id, row]))
  const sessionById = await lookUp(
    refs.flatMap((ref) => ref.sessionIds),
    async (id: SessionId) => known.get(id) ?? lastTold(tx, 'sessions.changed', id),
  )
  const taskById = await lookUp(
    refs.flatMap((ref) => ref.taskIds),
    async (id: TaskId) => (await tasks.find(tx, id)) ?? lastTold(tx, 'tasks.changed', id),
  )
  const threadById = await lookUp(
    refs.flatMap((ref) => ref.threadIds),
    (id: ThreadId) => lastTold(tx, 'threads.changed', id),
  )
  const leaseById = await lookUp(
    refs.flatMap((ref) => ref.leaseIds),
    (id: LeaseId) => lastTold(tx, 'leases.changed', id),
  )
  const byWorktree = new Map<WorktreeId, SessionId>()
  for (const { id, worktreeId } of rows) if (worktreeId !== null) byWorktree.set(worktreeId, id)
  return {
    session: (id) => sessionById.get(id) ?? known.get(id),
    task: (id) => taskById.get(id),
    threadSubject: (id) => threadById.get(id)?.subject,
    leaseTarget: (id) => {
      const lease = leaseById.get(id)
      return lease && targetText(lease.target)
    },
    sessionOfWorktree: (id) => byWorktree.get(id),
  }
}

const lookUp = async <Id, Row>(
  ids: readonly Id[],
  find: (id: Id) => Promise<Row | undefined>,
): Promise<Map<Id, Row>> => {
  const found = new Map<Id, Row>()
  for (const id of new Set(ids)) {
    const row = await find(id)
    if (row !== undefined) found.set(id, row)
  }
  return found
}
