import type { MergeEntry, MergeQueue } from '../../shared/contract/queue-rows.ts'
import type { MergeEntryId } from '../../shared/lib/ids.ts'
import { projectIdAt } from './fixtures.ts'

export const entryIdAt = (n: number) => `mqe_01JD0000000000000000000${String(n).padStart(3, '0')}` as MergeEntryId

export const queueRow = (change: Partial<MergeQueue> = {}): MergeQueue => ({
  projectId: projectIdAt(1),
  target: 'main',
  batchSize: 4,
  needsApproval: true,
  hold: null,
  run: null,
  rev: 1,
  ...change,
})

export const entryRow = (n: number, change: Partial<MergeEntry> = {}): MergeEntry => ({
  id: entryIdAt(n),
  projectId: projectIdAt(1),
  target: 'main',
  sessionId: null,
  worktreeId: null,
  taskId: null,
  title: `Branch ${n}`,
  branch: `switchyard/branch-${n}`,
  head: String(n).repeat(40).slice(0, 40),
  movedTo: null,
  strategy: 'squash',
  message: null,
  position: n,
  state: 'waiting',
  reason: null,
  conflicts: [],
  isApproved: true,
  isSuspect: false,
  rounds: 0,
  failedRun: null,
  candidate: null,
  mergeId: null,
  route: null,
  by: { kind: 'person', id: 'desktop' },
  enqueuedAt: 1,
  changedAt: 1,
  endedAt: null,
  rev: 0,
  ...change,
})
