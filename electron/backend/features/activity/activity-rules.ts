import {
  activityGroupSchema,
  type ActivityEntry,
  type ActivityGroup,
  type ActivityQuery,
} from '../../../../shared/contract/activity.ts'
import type { Topic } from '../../../../shared/contract/changes.ts'
import type { EventBundle } from '../../../../shared/event-lines/bundle-events.ts'
import { eventLine, groupOfTopic } from '../../../../shared/event-lines/event-line.ts'
import { projectOfEvent, refsOf } from '../../../../shared/event-lines/event-refs.ts'
import type { EventNames } from '../../../../shared/event-lines/logged-event.ts'
import { cutText } from '../../../../shared/lib/inert-text.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'

/** What decides which lines are wanted. */
export type LineFilter = Pick<ActivityQuery, 'projectId' | 'groups' | 'actors' | 'sessionId' | 'taskId' | 'text'>

/** The topics of some groups; of all that are told for none. */
export const topicsOf = (groups: readonly ActivityGroup[]): readonly Topic[] => {
  const wanted: readonly ActivityGroup[] = groups.length === 0 ? activityGroupSchema.options : groups
  return (Object.keys(groupOfTopic) as Topic[]).filter((topic) => {
    const group = groupOfTopic[topic]
    return group !== undefined && wanted.includes(group)
  })
}

/** Long enough for a sentence, and for a refusal with what to do next. */
const longestWhat = 300
const longestReason = 600

/** The line of a bundle; null when it is no news, or not what the filter wants. */
export const entryOf = (bundle: EventBundle, names: EventNames, filter: LineFilter): ActivityEntry | null => {
  const line = eventLine(bundle, names)
  if (!line) return null
  const { seq, at } = bundle[0]
  const projectId = projectOfEvent(bundle[0], names)
  const entry: ActivityEntry = {
    seq,
    at,
    group: line.group,
    projectId,
    actor: line.actor,
    who: inert(line.who, longestWhat),
    what: inert(line.what, longestWhat),
    reason: line.reason === null || line.reason.trim() === '' ? null : inert(line.reason, longestReason),
    object: line.object && { ...line.object, label: inert(line.object.label, longestWhat) },
  }
  return isWanted(entry, bundle, filter) ? entry : null
}

const inert = (text: string, longest: number): string => {
  const line = visibleLine(text.toWellFormed().trim())
  return line.length <= longest ? line : `${cutText(line, longest - 1)}…`
}

const isWanted = (entry: ActivityEntry, bundle: EventBundle, filter: LineFilter): boolean => {
  const { projectId, actors, sessionId, taskId } = filter
  // What belongs to no project, as a pause of all handing out, concerns each of them.
  if (projectId !== null && entry.projectId !== null && entry.projectId !== projectId) return false
  if (actors.length > 0 && !actors.includes(entry.actor)) return false
  const objectId = entry.object?.id ?? null
  if (
    sessionId !== null &&
    objectId !== sessionId &&
    !bundle.some((event) => refsOf(event).sessionIds.includes(sessionId))
  )
    return false
  if (taskId !== null && objectId !== taskId && !bundle.some((event) => refsOf(event).taskIds.includes(taskId)))
    return false
  return holdsWords(entry, filter.text)
}

const holdsWords = ({ who, what, reason }: ActivityEntry, text: string): boolean => {
  const searched = `${who} ${what} ${reason ?? ''}`.toLowerCase()
  const words = text.trim().toLowerCase().split(/\s+/)
  return words.every((word) => searched.includes(word))
}
