import type { MergeEntryState } from '../contract/queue-rows.ts'
import {
  quoted,
  sessionObject,
  type EventNames,
  type EventOf,
  type EventWords,
  type LoggedEvent,
} from './logged-event.ts'

/** What somebody did to an entry, by their command. */
const deeds: Readonly<Record<string, string>> = {
  'approve-merge': 'agreed to merge',
  'withdraw-merge': 'withdrew from the merge queue',
  'restore-merge': 'put back in the merge queue',
  'retry-merge': 'put in the merge queue again',
  'resolve-merge': 'had another session mend',
}

/** What the queue itself found. That it was merged is told of the merge. */
const findings: Partial<Readonly<Record<MergeEntryState, string>>> = {
  conflicted: 'could not merge',
  failed: 'did not merge',
  moved: 'did not merge',
}

export const entryWords = (
  { payload: entry, command, at }: EventOf<'entries.changed'> & LoggedEvent,
  names: EventNames,
): EventWords | null => {
  const object = entry.sessionId === null ? null : sessionObject(entry.sessionId, names)
  const what = `${quoted(entry.title)} (${entry.branch ?? entry.head.slice(0, 8)} → ${entry.target})`
  const deed = deeds[command]
  if (deed) return { what: `${deed} ${what}`, object }
  if (command === 'enqueue-merge')
    return entry.state === 'proposed'
      ? { what: `proposes to merge ${what}`, reason: 'It waits for you to agree.', object }
      : entry.state === 'withdrawn'
        ? null
        : { what: `put ${what} in the merge queue`, reason: `At ${entry.head.slice(0, 8)}, ${entry.strategy}`, object }
  const finding = findings[entry.state]
  return command === 'run-queue' && finding && entry.changedAt === at
    ? { what: `${finding} ${what}`, reason: entry.reason, object }
    : null
}

export const queueWords = ({ payload, command, at }: EventOf<'queues.changed'> & LoggedEvent): EventWords | null => {
  const of = `the merge queue of ${payload.target}`
  switch (command) {
    case 'pause-queue':
      return { what: `paused ${of}`, reason: payload.hold?.reason || null }
    case 'resume-queue':
      return { what: `resumed ${of}` }
    case 'configure-queue':
      return {
        what: `set ${of} to ${payload.batchSize === 1 ? 'one branch' : `${payload.batchSize} branches`} at a time`,
        reason: payload.needsApproval ? 'What agents propose waits for you.' : 'What agents propose is merged unasked.',
      }
    default:
      return payload.hold?.by === 'queue' && payload.hold.since === at
        ? { what: `holds ${of}`, reason: payload.hold.reason }
        : null
  }
}
