import type { LoggedEvent } from './logged-event.ts'

/** The events of one command about one thing: they are told in one line. Newest first, as they came. */
export type EventBundle = readonly [LoggedEvent, ...LoggedEvent[]]

/** Gathers what belongs together, in the order of the newest event of each bundle. */
export const bundleEvents = (events: readonly LoggedEvent[]): readonly EventBundle[] => {
  const bundles = new Map<string, [LoggedEvent, ...LoggedEvent[]]>()
  for (const event of events) {
    const key = `${event.command} ${event.at} ${event.by} ${partOf(event)}`
    const bundle = bundles.get(key)
    if (bundle) bundle.push(event)
    else bundles.set(key, [event])
  }
  return [...bundles.values()]
}

/** The last events of a list that may have siblings beyond its end: those of the command that told the very last one. */
export const isSameCommand = (a: LoggedEvent, b: LoggedEvent): boolean =>
  a.command === b.command && a.at === b.at && a.by === b.by

const partOf = (event: LoggedEvent): string => {
  switch (event.topic) {
    case 'tasks.changed':
      return event.payload.id
    case 'attempts.changed':
    case 'checkpoints.recorded':
    case 'comments.recorded':
      return event.payload.taskId
    // A new task tells of its epic beside itself; any other edge is a matter of its own.
    case 'dependencies.changed':
      return event.command === 'create-task' ? event.payload.taskId : String(event.seq)
    case 'leases.changed':
      return `held ${event.payload.sessionId}`
    case 'leases.removed':
      return `${event.payload.why} ${event.payload.sessionId}`
    // Asked for together; each ends by itself.
    case 'checkruns.changed':
      return event.command === 'run-checks' || event.command === 'run-gates' ? 'runs' : String(event.seq)
    default:
      return String(event.seq)
  }
}
