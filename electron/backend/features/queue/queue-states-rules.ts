import type { MergeEntry, MergeEntryState, MergeQueue } from '../../../../shared/contract/queue-rows.ts'

/** Where an entry may go from where it is. Every change of a state is held against this table, whoever asks for it. */
export const entryTransitions: Readonly<Record<MergeEntryState, readonly MergeEntryState[]>> = {
  proposed: ['waiting', 'moved', 'withdrawn'],
  // Straight to merged: the target had it already.
  waiting: ['checking', 'merged', 'conflicted', 'failed', 'moved', 'withdrawn'],
  checking: ['waiting', 'merging', 'failed', 'moved', 'withdrawn'],
  merging: ['waiting', 'merged', 'moved', 'withdrawn'],
  // Back to proposed when it is an agent that puts it in line again.
  conflicted: ['proposed', 'waiting', 'withdrawn'],
  failed: ['proposed', 'waiting', 'withdrawn'],
  moved: ['proposed', 'waiting', 'withdrawn'],
  merged: [],
  withdrawn: ['proposed', 'waiting'],
}

/** In line, or on its way: no second entry of the same branch may stand beside it. */
export const isInLine = (state: MergeEntryState): boolean =>
  state === 'proposed' || state === 'waiting' || state === 'checking' || state === 'merging'

export const isEnded = (state: MergeEntryState): boolean => state === 'merged' || state === 'withdrawn'

const hasCandidate = (state: MergeEntryState): boolean => state === 'checking' || state === 'merging'

export type EntryChange = Partial<
  Omit<MergeEntry, 'id' | 'projectId' | 'target' | 'enqueuedAt' | 'changedAt' | 'endedAt' | 'rev'>
>
export type QueueChange = Partial<Omit<MergeQueue, 'projectId' | 'target' | 'rev'>>

/**
 * An entry with a change made to it; null when the change leads where the table does not. What belongs to a state goes with
 * it: the candidate of one that is checked, the paths of a conflict, the way out of a state that waits for somebody.
 */
export const changedEntry = (before: MergeEntry, change: EntryChange, now: number): MergeEntry | null => {
  const after: MergeEntry = { ...before, ...change }
  if (after.state !== before.state && !entryTransitions[before.state].includes(after.state)) return null
  const { state } = after
  return {
    ...after,
    candidate: hasCandidate(state) ? after.candidate : null,
    conflicts: state === 'conflicted' ? after.conflicts : [],
    movedTo: state === 'moved' ? after.movedTo : null,
    route: state === 'conflicted' || state === 'failed' ? after.route : null,
    failedRun: state === 'checking' || state === 'failed' ? after.failedRun : null,
    isSuspect: isInLine(state) && after.isSuspect,
    endedAt: isEnded(state) ? (before.endedAt ?? now) : null,
    changedAt: now,
    rev: before.rev + 1,
  }
}

const words: Readonly<Record<MergeEntryState, string>> = {
  proposed: 'proposed',
  waiting: 'waiting',
  checking: 'being checked',
  merging: 'being merged',
  merged: 'merged',
  conflicted: 'in conflict',
  failed: 'failed',
  moved: 'moved on',
  withdrawn: 'withdrawn',
}
export const wordOf = (state: MergeEntryState): string => words[state]
