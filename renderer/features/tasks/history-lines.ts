import type { HistoryEntry } from '../../../shared/contract/tasks.ts'
import { bundleEvents } from '../../../shared/event-lines/bundle-events.ts'
import { actorOf, nameOfActor, type EventNames, type LoggedEvent } from '../../../shared/event-lines/logged-event.ts'
import { taskDeed } from '../../../shared/event-lines/task-words.ts'

export interface HistoryLine {
  readonly seq: number
  readonly at: number
  readonly who: string
  readonly what: string
}

/** The history of a task as people read it, newest first: a line for each command. */
export const historyLines = (
  entries: readonly HistoryEntry[],
  names: Pick<EventNames, 'session'>,
): readonly HistoryLine[] =>
  bundleEvents(entries as readonly LoggedEvent[]).map((bundle) => {
    const [event] = bundle
    const { seq, at, by } = event
    const what =
      event.topic === 'refusals.recorded'
        ? `${actorOf(by).kind === 'person' ? 'were' : 'was'} refused: ${event.payload.message}`
        : taskDeed(bundle, 'it', names)
    return { seq, at, who: nameOfActor(by, names), what }
  })
