import type { ActivityEntry, ActivityPage, ActivityQuery } from '../../../../shared/contract/activity.ts'
import { bundleEvents, isSameCommand } from '../../../../shared/event-lines/bundle-events.ts'
import type { LoggedEvent } from '../../../../shared/event-lines/logged-event.ts'
import type { Tx } from '../../db/tx.ts'
import { lastArchivedSeq, lastSeq, listEvents } from '../../kernel/events-store.ts'
import { entryOf, topicsOf } from './activity-rules.ts'
import { readEventNames, type NameSources } from './event-names.ts'

/** So many numbers are gone through for one page: some milliseconds, however rare what is looked for. */
export const windowEvents = 4000
/** Enough for a screen at once, as most events are a line or a part of one. */
const batchEvents = 250
/** More than any command tells of one thing. */
const mostSiblings = 100

/**
 * A page of the log, newest first. What is cut off at its end, also in the midst of what one command told, is the
 * beginning of the next one.
 */
export const readPage = async (tx: Tx, sources: NameSources, query: ActivityQuery): Promise<ActivityPage> => {
  const newest = await lastSeq(tx)
  const archived = await lastArchivedSeq(tx)
  const reader = await createReader(tx, sources, query)
  const start = Math.min(query.before ?? newest + 1, newest + 1)
  const end = Math.max(query.after ?? 0, archived)
  const floor = Math.max(end, start - 1 - windowEvents)
  const known = { newest, isArchived: archived > 0 }
  const entries: ActivityEntry[] = []
  let before = start
  let shown = start
  while (before > floor + 1) {
    const events = await reader.read(before, floor)
    const last = events.at(-1)
    if (!last) break
    for (const entry of await reader.tell(events)) {
      // Its line is on the page before, which ended in the midst of it.
      if (entry.seq >= shown) continue
      if (entries.length === query.limit) return { ...known, entries, next: shown }
      entries.push(entry)
      shown = entry.seq
    }
    before = last.seq
  }
  return { ...known, entries, next: floor > end ? floor + 1 : null }
}

const createReader = async (tx: Tx, sources: NameSources, query: ActivityQuery) => {
  const filter = { topics: topicsOf(query.groups), naming: await namesSought(tx, sources, query) }
  const read = async (before: number, after: number): Promise<readonly LoggedEvent[]> => {
    const events = await listEvents(tx, { ...filter, before, after, limit: batchEvents })
    const [first, last] = [events[0], events.at(-1)]
    if (!first || !last) return events
    // The same command may have told more on either side of what was read.
    const above = (
      await listEvents(tx, { ...filter, before: before + mostSiblings, after: before - 1, limit: mostSiblings })
    ).filter((event) => isSameCommand(event, first))
    if (events.length < batchEvents) return [...above, ...events]
    const whole = events.filter((event) => !isSameCommand(event, last))
    return [...above, ...(whole.length > 0 ? whole : events)]
  }
  const tell = async (events: readonly LoggedEvent[]): Promise<ActivityEntry[]> => {
    const names = await readEventNames(tx, sources, events)
    return bundleEvents(events).flatMap((bundle) => entryOf(bundle, names, query) ?? [])
  }
  return { read, tell }
}

/** What an event has to name to be about a session or a task; null when it may be about anything. */
const namesSought = async (
  tx: Tx,
  { sessions }: NameSources,
  { sessionId, taskId }: ActivityQuery,
): Promise<readonly string[] | null> => {
  if (taskId !== null) return [taskId]
  if (sessionId === null) return null
  const session = (await sessions.list(tx)).find(({ id }) => id === sessionId)
  return session?.worktreeId ? [sessionId, session.worktreeId] : [sessionId]
}
