import type { MergeEntry, MergeEntryState, MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { MarkKind } from '../../ui/status-mark.tsx'

const marks: Readonly<Record<MergeEntryState, MarkKind>> = {
  proposed: 'needs-you',
  waiting: 'queued',
  checking: 'setting-up',
  merging: 'setting-up',
  merged: 'passed',
  conflicted: 'failed',
  failed: 'failed',
  moved: 'needs-you',
  withdrawn: 'stopped',
}
export const markOf = (state: MergeEntryState): MarkKind => marks[state]

const words: Readonly<Record<MergeEntryState, string>> = {
  proposed: 'Proposed',
  waiting: 'Waits',
  checking: 'Gates run',
  merging: 'Merging',
  merged: 'Merged',
  conflicted: 'Conflicts',
  failed: 'Failed',
  moved: 'Moved on',
  withdrawn: 'Withdrawn',
}

/** The state of an entry in a word or two, with how far its gates are. */
export const wordOfEntry = (
  { state }: Pick<MergeEntry, 'state'>,
  queue: Pick<MergeQueue, 'run'> | undefined,
): string => {
  const progress = state === 'checking' ? queue?.run?.progress : null
  if (queue?.run?.of === 'target' && state === 'checking') return 'Checks the target'
  return progress && progress.of > 0 ? `Gates ${progress.done} of ${progress.of}` : words[state]
}

/** What the queue does, for its heading. */
export const wordOfQueue = ({ hold, run }: MergeQueue, inLine: number): string => {
  if (hold?.by === 'person') return 'Paused'
  if (hold) return 'Held'
  if (run) return run.round === 2 ? 'Gates run once more' : 'Gates run'
  return inLine === 0 ? 'Nothing in line' : 'At work'
}

export const summaryWords = (state: 'held' | 'gates' | 'paused' | 'idle'): string | null => {
  switch (state) {
    case 'held':
      return 'held'
    case 'gates':
      return 'gates running'
    case 'paused':
      return 'paused'
    default:
      return null
  }
}

/** Who was asked to mend an entry; null where nobody was. */
export const routeWords = ({ route }: MergeEntry): string | null => {
  if (!route) return null
  if (route.to === 'resolver') return 'Another session resolves it.'
  return route.sessionId === null ? 'It is a task for others.' : 'Its session was told.'
}
