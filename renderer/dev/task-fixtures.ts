import type { Attempt, Dependency, Task } from '../../shared/contract/task-rows.ts'
import type { AttemptId, IncarnationId, TaskId } from '../../shared/lib/ids.ts'
import { projectIdAt, sessionIdAt } from './fixtures.ts'

const now = Date.now()
const minute = 60_000
const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const taskIdAt = (n: number) => idAt('tsk', n) as TaskId
export const attemptIdAt = (n: number) => idAt('att', n) as AttemptId

export const taskRow = (n: number, change: Partial<Task> = {}): Task => ({
  id: taskIdAt(n),
  projectId: projectIdAt(1),
  key: `LA-${n}`,
  title: `Task ${n}`,
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
  doneWhen: 'merged',
  position: n,
  createdAt: now - 60 * minute,
  changedAt: now - minute,
  endedAt: null,
  rev: 0,
  ...change,
})

export const attemptRow = (n: number, taskId: TaskId, change: Partial<Attempt> = {}): Attempt => ({
  id: attemptIdAt(n),
  taskId,
  number: n,
  epoch: n,
  holder: { kind: 'session', sessionId: sessionIdAt(1), incarnationId: idAt('inc', 1) as IncarnationId },
  worktreeId: null,
  state: 'running',
  leaseUntil: now + 15 * minute,
  lastSignAt: now,
  hardDeadline: now + 240 * minute,
  warnedAt: null,
  silentSince: null,
  headSha: null,
  outcome: null,
  rescueRef: null,
  createdAt: now - minute,
  endedAt: null,
  rev: 1,
  ...change,
})

export const dependencyRow = (task: number, on: number, change: Partial<Dependency> = {}): Dependency => ({
  taskId: taskIdAt(task),
  dependsOnId: taskIdAt(on),
  kind: 'blocks',
  satisfiedOn: 'merged',
  createdAt: now,
  ...change,
})
