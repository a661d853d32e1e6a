import type { LeaseTarget } from '../contract/leases.ts'
import type { LeaseId, ProjectId, SessionId, TaskId, ThreadId, WorktreeId } from '../lib/ids.ts'
import type { EventNames, LoggedEvent } from './logged-event.ts'

const idOf = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const projectId = idOf('prj', 1) as ProjectId
export const sessionId = (n: number) => idOf('ses', n) as SessionId
export const taskId = (n: number) => idOf('tsk', n) as TaskId
export const leaseId = (n: number) => idOf('lse', n) as LeaseId
export const threadId = (n: number) => idOf('thr', n) as ThreadId
export const worktreeId = (n: number) => idOf('wt', n) as WorktreeId

/** Two sessions, two tasks, a thread and a lease, as people call them. */
export const names: EventNames = {
  session: (id) => {
    const title = new Map([
      [sessionId(1), 'Fix the parser'],
      [sessionId(2), 'Review it'],
    ]).get(id)
    return title === undefined ? undefined : { title, projectId }
  },
  task: (id) => {
    const title = new Map([
      [taskId(1), 'Parse dates'],
      [taskId(2), 'Write the schema'],
    ]).get(id)
    return title === undefined ? undefined : { key: `APP-${Number(id.slice(-3))}`, title, projectId }
  },
  threadSubject: (id) => (id === threadId(1) ? 'Zones' : undefined),
  leaseTarget: (id) => (id === leaseId(1) ? 'src/**' : undefined),
  sessionOfWorktree: (id) => (id === worktreeId(1) ? sessionId(1) : undefined),
}

let seq = 0

/** An event with as much of its row as its words need. */
export const event = (
  topic: LoggedEvent['topic'],
  payload: object,
  { command = 'test', by = 'system:switchyard', at = 1000 }: { command?: string; by?: string; at?: number } = {},
): LoggedEvent => ({ seq: (seq += 1), at, topic, payload, command, by }) as LoggedEvent

export const path = (pattern: string): LeaseTarget => ({ kind: 'path', pattern })
