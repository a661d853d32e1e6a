import type { ActivityObject } from '../contract/activity.ts'
import type { EventBundle } from './bundle-events.ts'
import { refsOf } from './event-refs.ts'
import { quoted, titleOf, type EventNames, type EventOf, type EventWords, type LoggedEvent } from './logged-event.ts'

/** `it` is how the sentence calls the task. */
type Deed = (it: string, session: string) => string

/** What each command did, after the name of who gave it. One that is not named here is told by the state it led to. */
const deeds: Readonly<Record<string, Deed>> = {
  'create-task': (it) => `wrote ${it} down`,
  'update-task': (it) => `changed what is said of ${it}`,
  'place-task': (it) => `gave ${it} another place on the board`,
  'claim-task': (it) => `took up ${it}`,
  'start-on-task': (it, session) => `started ${session} on ${it}`,
  'note-activity': (it) => `began to work on ${it}`,
  'mark-attempt': (it) => `looked after the agent of ${it}`,
  'take-checkpoint': (it) => `took a checkpoint of ${it}`,
  'submit-attempt': (it) => `handed in ${it}`,
  'fail-attempt': (it) => `gave up ${it}`,
  'release-attempt': (it) => `gave back ${it}`,
  'expire-attempt': (it) => `found the agent of ${it} dead and took it back`,
  'book-rescue': (it) => `kept what the worktree of ${it} held`,
  'land-merge': (it) => `merged the work on ${it}`,
  'accept-task': (it) => `accepted the work on ${it}`,
  'request-changes': (it) => `requested changes of ${it}`,
  'reopen-task': (it) => `reopened ${it}`,
  'retry-task': (it) => `let ${it} be tried again`,
  'cancel-task': (it) => `cancelled ${it}`,
  'comment-task': (it) => `commented on ${it}`,
  'add-dependency': (it) => `added a dependency of ${it}`,
  'remove-dependency': (it) => `removed a dependency of ${it}`,
  'open-due-tasks': (it) => `opened ${it}, as its day had come`,
  'credit-suspend': (it) => `moved the deadlines of ${it} by the time the computer slept`,
}

/** What keeps a task's rows true and is nobody's news. */
const quiet: ReadonlySet<string> = new Set(['place-task', 'renew-lease', 'renew-attempt', 'credit-suspend'])

/** What was done to a task, after the name of who did it; the task's own history calls it “it”. */
export const taskDeed = (bundle: EventBundle, it: string, names: Pick<EventNames, 'session'>): string => {
  const deed = deeds[bundle[0].command]
  if (deed) return deed(it, sessionOf(bundle, names))
  const task = find(bundle, 'tasks.changed')
  return task ? `made ${it} ${task.payload.state.replaceAll('_', ' ')}` : bundle[0].command.replaceAll('-', ' ')
}

/** Null for what is told elsewhere, or by nobody. */
export const taskWords = (bundle: EventBundle, names: EventNames): EventWords | null => {
  const [first] = bundle
  const isOtherEdge = first.topic === 'dependencies.changed' && first.command === 'create-task'
  if (quiet.has(first.command) || isOtherEdge || !isNews(bundle)) return null
  const object = objectOf(bundle, names)
  const it = object?.label ?? 'a task that was removed'
  return { what: taskDeed(bundle, it, names), reason: reasonOf(bundle, names), object }
}

/** A sign of life is news when the work begins with it, a look after an agent when the agent is silent or late. */
const isNews = (bundle: EventBundle): boolean => {
  const [{ command }] = bundle
  if (command === 'note-activity') return find(bundle, 'tasks.changed') !== undefined
  if (command !== 'mark-attempt') return true
  const attempt = find(bundle, 'attempts.changed')?.payload
  return attempt?.silentSince != null || attempt?.warnedAt != null
}

const find = <Topic extends LoggedEvent['topic']>(bundle: EventBundle, topic: Topic): EventOf<Topic> | undefined =>
  bundle.find((event): event is LoggedEvent & EventOf<Topic> => event.topic === topic)

const objectOf = (bundle: EventBundle, names: EventNames): ActivityObject | null => {
  const [id] = refsOf(bundle[0]).taskIds
  const task = id && names.task(id)
  return task ? { kind: 'task', id, projectId: task.projectId, label: `${task.key} ${quoted(task.title)}` } : null
}

const sessionOf = (bundle: EventBundle, names: Pick<EventNames, 'session'>): string => {
  const holder = find(bundle, 'attempts.changed')?.payload.holder
  return holder?.kind === 'session' ? quoted(titleOf(holder.sessionId, names)) : 'a session'
}

const reasonOf = (bundle: EventBundle, names: EventNames): string | null => {
  const edge = find(bundle, 'dependencies.changed')?.payload ?? find(bundle, 'dependencies.removed')?.payload
  if (edge && bundle[0].command !== 'create-task') {
    const other = names.task(edge.dependsOnId)
    return other ? `${edge.kind.replaceAll('_', ' ')}: ${other.key} ${quoted(other.title)}` : null
  }
  const checkpoint = find(bundle, 'checkpoints.recorded')?.payload
  if (checkpoint) return checkpoint.summary
  const comment = find(bundle, 'comments.recorded')?.payload
  if (comment) return comment.body
  const attempt = find(bundle, 'attempts.changed')?.payload
  if (bundle[0].command === 'mark-attempt')
    return attempt?.silentSince == null
      ? 'The time for it is nearly over.'
      : 'Its process lives and says nothing. Look at its terminal.'
  if (bundle[0].command === 'book-rescue') return attempt?.rescueRef ? `Under ${attempt.rescueRef}` : null
  return find(bundle, 'tasks.changed')?.payload.reason ?? attempt?.outcome ?? null
}

export const dispatchWords = ({ payload }: EventOf<'dispatch.changed'>): EventWords =>
  payload.paused
    ? { what: 'paused the handing out of tasks', reason: `${payload.paused.reason} Resume it on the board.` }
    : { what: 'resumed the handing out of tasks' }
