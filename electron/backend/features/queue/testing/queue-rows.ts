import type { Candidate, MergeEntry, MergeQueue } from '../../../../../shared/contract/queue-rows.ts'
import type { MergeEntryId, MergeId, ProjectId } from '../../../../../shared/lib/ids.ts'
import type { Changes, QueueState } from '../queue-rules.ts'
import { changedEntry } from '../queue-states-rules.ts'

export const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
export const entryIdAt = (n: number): MergeEntryId => `mqe_${String(n).padStart(26, '0')}` as MergeEntryId

export const candidateOf = (commit: string, base: string): Candidate => ({
  prepared: `mrg_${commit}` as MergeId,
  commit,
  tree: `tree of ${commit}`,
  base,
})

export const plainQueue: MergeQueue = {
  projectId,
  target: 'main',
  batchSize: 4,
  needsApproval: true,
  hold: null,
  run: null,
  rev: 1,
}

export const entryAt = (n: number, change: Partial<MergeEntry> = {}): MergeEntry => ({
  id: entryIdAt(n),
  projectId,
  target: 'main',
  sessionId: null,
  worktreeId: null,
  taskId: null,
  title: `Entry ${n}`,
  branch: `work-${n}`,
  head: `head-${n}`,
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

export const stateOf = (...entries: readonly MergeEntry[]): QueueState => ({ queue: plainQueue, entries })

/** Writes changes as the store would: a change that the table of states does not know is an error. */
export const applied = ({ queue, entries }: QueueState, changes: Changes, now = 2): QueueState => {
  const changeOf = new Map((changes.entries ?? []).map((change) => [change.id, change]))
  const after = entries.map((entry) => {
    const change = changeOf.get(entry.id)
    if (!change) return entry
    const changed = changedEntry(entry, change, now)
    if (!changed) throw new Error(`${entry.id} cannot go from ${entry.state} to ${change.state}.`)
    return changed
  })
  return {
    queue: changes.queue ? { ...queue, ...changes.queue, rev: queue.rev + 1 } : queue,
    entries: after.toSorted((a, b) => a.position - b.position),
  }
}
