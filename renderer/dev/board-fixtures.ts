import type { Attempt, Checkpoint, Comment, Dependency, Task } from '../../shared/contract/task-rows.ts'
import type { AttemptId, CheckpointId, CommentId, IncarnationId, SessionId, TaskId } from '../../shared/lib/ids.ts'
import { sessionIdAt, worktreeIdAt } from './fixtures.ts'
import { attemptIdAt, attemptRow, dependencyRow, taskIdAt, taskRow } from './task-fixtures.ts'

const now = Date.now()
const minute = 60_000
const day = 24 * 60 * minute
const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`

/** A task as the board of the gallery shows it. */
export const cardRow = (n: number, title: string, change: Partial<Task> = {}): Task =>
  taskRow(n, { key: `LED-${n}`, title, changedAt: now - n * minute, rev: 1, ...change })

export const attemptOf = (n: number, taskId: TaskId, sessionId: SessionId, change: Partial<Attempt> = {}): Attempt =>
  attemptRow(n, taskId, {
    number: 1,
    epoch: 1,
    holder: { kind: 'session', sessionId, incarnationId: idAt('inc', n) as IncarnationId },
    worktreeId: worktreeIdAt(n),
    ...change,
  })

export const commentRow = (n: number, taskId: TaskId, body: string, by: Comment['by']): Comment => ({
  id: idAt('cmt', n) as CommentId,
  taskId,
  by,
  body,
  at: now - (60 - n) * minute,
})

export const checkpointRow = (n: number, taskId: TaskId, attemptId: AttemptId, summary: string): Checkpoint => ({
  id: idAt('chk', n) as CheckpointId,
  taskId,
  attemptId,
  summary,
  nextSteps: 'Write the migration, then the worker.',
  headSha: '8f31c0757a2f4c1e9d2b8f31c0757a2f4c1e9d2b',
  at: now - 20 * minute,
})

export const boardTasks: readonly Task[] = [
  cardRow(158, 'Webhook signing with rotating keys', { state: 'draft', labels: ['webhooks'] }),
  cardRow(156, 'Partial refunds on split transfers', { labels: ['payments'], priority: 1 }),
  cardRow(151, 'Statement PDF in the customer’s locale', { state: 'draft', labels: ['reports'] }),
  cardRow(147, 'Document the reconciliation job', { state: 'draft', labels: ['docs'], priority: 4 }),
  cardRow(144, 'Rate-limit transfers per account', {
    labels: ['payments', 'api', 'limits'],
    priority: 0,
    body: 'A burst from one account starves the others.\n\n- 60 transfers a minute\n- answer 429 with `Retry-After`',
    declaredPaths: ['src/transfers/**', 'test/transfers/**'],
    baseRef: 'release/24.11',
  }),
  cardRow(146, 'Cap webhook payloads at 256 KB', {
    labels: ['webhooks'],
    failedAttempts: 1,
    reason: 'Its agent ended.',
  }),
  cardRow(139, 'Idempotency keys on transfers', { state: 'in_progress', labels: ['payments'], claimEpoch: 1 }),
  cardRow(131, 'Split settlement worker from the API', {
    state: 'changes_requested',
    labels: ['settlement'],
    claimEpoch: 1,
  }),
  cardRow(142, 'Retry webhooks with backoff', { state: 'claimed', labels: ['webhooks'], claimEpoch: 1 }),
  cardRow(150, 'Flaky ledger balance test', { state: 'in_review', labels: ['tests'], claimEpoch: 2, kind: 'bug' }),
  cardRow(141, 'Retire the v1 webhook endpoint', {
    state: 'blocked',
    labels: ['webhooks'],
    failedAttempts: 2,
    reason: 'Attempt 2 failed too: the staging tenant still calls it.',
  }),
  cardRow(138, 'Alert on settlement drift over 0.01%', { state: 'deferred', deferUntil: now + 9 * day }),
  cardRow(117, 'Audit log export as CSV', { state: 'done', endedAt: now - 2 * 60 * minute }),
  cardRow(114, 'Postgres 18 in the test stack', { state: 'done', endedAt: now - day }),
  cardRow(109, 'Typed errors for bank adapters', {
    state: 'failed',
    endedAt: now - 2 * day,
    reason: 'The bank has taken its sandbox away.',
  }),
  cardRow(104, 'Drop the nightly balance rebuild', {
    state: 'cancelled',
    endedAt: now - 3 * day,
    reason: 'It is needed for the auditors.',
  }),
]

export const boardDependencies: readonly Dependency[] = [
  dependencyRow(156, 131, { satisfiedOn: 'merged' }),
  dependencyRow(156, 144),
  dependencyRow(144, 117),
  dependencyRow(146, 144, { kind: 'related' }),
]

export const boardAttempts: readonly Attempt[] = [
  attemptOf(2, taskIdAt(139), sessionIdAt(2)),
  attemptOf(3, taskIdAt(131), sessionIdAt(3)),
  attemptOf(1, taskIdAt(142), sessionIdAt(1), { state: 'granted', silentSince: now - 4 * minute }),
  attemptOf(4, taskIdAt(150), sessionIdAt(4), { state: 'submitted', number: 2, epoch: 2, headSha: 'a'.repeat(40) }),
  attemptOf(6, taskIdAt(150), sessionIdAt(6), {
    state: 'expired',
    outcome: 'Its agent ended (code 1).',
    rescueRef: 'refs/switchyard/rescue/att_6',
    endedAt: now - 90 * minute,
  }),
  attemptOf(7, taskIdAt(146), sessionIdAt(6), {
    state: 'failed',
    outcome: 'Its agent ended.',
    endedAt: now - 30 * minute,
  }),
]

export const boardComments: readonly Comment[] = [
  commentRow(1, taskIdAt(150), 'It fails only when two tests share the clock.', { kind: 'person', id: 'desktop' }),
  commentRow(2, taskIdAt(150), 'Found it: the fixture is made once.\nI make it anew for each test.', {
    kind: 'session',
    id: sessionIdAt(4),
  }),
]

export const boardCheckpoints: readonly Checkpoint[] = [
  checkpointRow(1, taskIdAt(150), attemptIdAt(4), 'The clock is injected; 40 runs are green.'),
]
