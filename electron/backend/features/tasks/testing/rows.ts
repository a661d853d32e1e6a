import type { Attempt, Holder, Task } from '../../../../../shared/contract/task-rows.ts'
import type { AttemptId, IncarnationId, ProjectId, SessionId, TaskId } from '../../../../../shared/lib/ids.ts'

const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const taskIdAt = (n: number) => idAt('tsk', n) as TaskId
export const attemptIdAt = (n: number) => idAt('att', n) as AttemptId
export const sessionIdAt = (n: number) => idAt('ses', n) as SessionId
export const incarnationIdAt = (n: number) => idAt('inc', n) as IncarnationId
export const projectIdAt = (n: number) => idAt('prj', n) as ProjectId

export const sessionHolder = (session: number, incarnation = session): Holder => ({
  kind: 'session',
  sessionId: sessionIdAt(session),
  incarnationId: incarnationIdAt(incarnation),
})
export const processHolder = (pid: number): Holder => ({
  kind: 'process',
  pid,
  startTime: `start of ${pid}`,
  bootId: 'boot',
  label: 'worker',
})

/** Tasks and attempts as a rule gets them. */
export const taskRow = (change: Partial<Task> = {}): Task => ({
  id: taskIdAt(1),
  projectId: projectIdAt(1),
  key: 'APP-1',
  title: 'Do it',
  body: '',
  kind: 'task',
  state: 'open',
  reason: null,
  priority: 2,
  labels: [],
  requiredRole: null,
  allowedAgents: [],
  declaredPaths: [],
  baseRef: null,
  deferUntil: null,
  maxAttempts: 2,
  failedAttempts: 0,
  retryAt: null,
  claimEpoch: 0,
  doneWhen: 'completed',
  position: 1,
  createdAt: 0,
  changedAt: 0,
  endedAt: null,
  rev: 0,
  ...change,
})

export const attemptRow = (change: Partial<Attempt> = {}): Attempt => ({
  id: attemptIdAt(1),
  taskId: taskIdAt(1),
  number: 1,
  epoch: 1,
  holder: sessionHolder(1),
  worktreeId: null,
  state: 'running',
  leaseUntil: 1000,
  lastSignAt: 0,
  hardDeadline: 1_000_000,
  warnedAt: null,
  silentSince: null,
  headSha: null,
  outcome: null,
  rescueRef: null,
  createdAt: 0,
  endedAt: null,
  rev: 0,
  ...change,
})
