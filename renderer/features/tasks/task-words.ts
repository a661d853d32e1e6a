import type {
  Attempt,
  AttemptState,
  Comment,
  DependencyKind,
  Task,
  TaskState,
} from '../../../shared/contract/task-rows.ts'

const stateWords: Readonly<Record<TaskState, string>> = {
  draft: 'Draft',
  open: 'Open',
  claimed: 'Claimed',
  in_progress: 'In progress',
  in_review: 'In review',
  changes_requested: 'Changes requested',
  blocked: 'Blocked',
  deferred: 'Deferred',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}
export const stateWord = (state: TaskState): string => stateWords[state]

/** Within a sentence: "which is in progress". */
export const stateInSentence = (state: TaskState): string =>
  state === 'changes_requested' ? 'waiting for changes' : stateWords[state].toLowerCase()

const attemptWords: Readonly<Record<AttemptState, string>> = {
  granted: 'Starting',
  running: 'Running',
  submitted: 'Handed in',
  accepted: 'Accepted',
  released: 'Given back',
  failed: 'Failed',
  expired: 'Ended with its session',
  superseded: 'Superseded',
  cancelled: 'Taken back',
}
export const attemptWord = (state: AttemptState): string => attemptWords[state]

export const priorities = [0, 1, 2, 3, 4] as const
const priorityNames = ['Urgent', 'High', 'Normal', 'Low', 'Some day'] as const
/** What a new task gets; a card says nothing about it. */
export const usualPriority = 2
export const priorityName = (priority: number): string => priorityNames[priority] ?? `Priority ${priority}`

export const kindNames: Readonly<Record<Task['kind'], string>> = {
  task: 'Task',
  bug: 'Bug',
  feature: 'Feature',
  chore: 'Chore',
  epic: 'Epic',
}

/** What a dependency means, before the other task: "Waits for". */
export const dependencyNames: Readonly<Record<DependencyKind, string>> = {
  blocks: 'Waits for',
  any_of: 'Waits for one of',
  on_failure: 'Only if it fails',
  parent: 'Part of',
  related: 'Related to',
  discovered_from: 'Found while working on',
}

/** The same from the other end. */
export const reverseDependencyNames: Readonly<Record<DependencyKind, string>> = {
  blocks: 'Waited for by',
  any_of: 'Waited for by, as one of several',
  on_failure: 'If it fails, then',
  parent: 'Contains',
  related: 'Related to',
  discovered_from: 'Led to',
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

export const dayOf = (at: number): string => dayFormat.format(at)
/** The clock alone on the same day, else the day too. */
export const momentOf = (at: number, now: number): string =>
  dayOf(at) === dayOf(now) ? clockFormat.format(at) : `${dayOf(at)}, ${clockFormat.format(at)}`

/** Why a task lies where it lies, in one line; null when its column says it all. */
export const reasonLine = (task: Task, now: number): string | null => {
  switch (task.state) {
    case 'deferred':
      return task.deferUntil === null ? 'Deferred, no day named' : `Deferred until ${dayOf(task.deferUntil)}`
    case 'blocked':
      return `Blocked: ${task.reason ?? 'no reason was given'}`
    case 'changes_requested':
      return 'Changes were requested'
    case 'failed':
    case 'cancelled':
      return `${stateWord(task.state)}: ${task.reason ?? 'no reason was given'}`
    case 'open':
      return openLine(task, now)
    default:
      return null
  }
}

const openLine = (task: Task, now: number): string | null => {
  if (task.retryAt !== null && task.retryAt > now)
    return `Pauses until ${momentOf(task.retryAt, now)} after a failed attempt`
  if (task.failedAttempts > 0) return `${attemptCount(task.failedAttempts)} of ${task.maxAttempts} failed`
  return null
}

const attemptCount = (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`)

/** Who works on it when it is not a session of the list. */
export const holderName = (attempt: Pick<Attempt, 'holder'>): string =>
  attempt.holder.kind === 'process' ? attempt.holder.label : 'A session that is gone'

export const authorName = ({ kind, id }: Comment['by'], sessionTitle: string | undefined): string => {
  if (kind === 'person') return 'You'
  if (kind === 'system') return 'Switchyard'
  return sessionTitle ?? `Session ${id}`
}

/** A blocker beside its key: what it waits for there. */
export const waitWord = (kind: DependencyKind, other: Pick<Task, 'state'>): string =>
  kind === 'on_failure'
    ? `unless it fails; it is ${stateInSentence(other.state)}`
    : `which is ${stateInSentence(other.state)}`

/** What became of a task, for the notice of it; null when nothing did. */
export const saidAfter = (before: Task, after: Task): string | null => {
  if (before.state === after.state)
    return before.position === after.position ? null : `${after.key} has another place on the board.`
  switch (after.state) {
    case 'changes_requested':
      return `${after.key} went back to its session with your comment.`
    case 'deferred':
      return `${after.key} is ${lowered(reasonLine(after, after.changedAt) ?? '')}.`
    default:
      return `${after.key} is ${stateInSentence(after.state)}${before.endedAt === null ? '' : ' again'}.`
  }
}

const lowered = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1)
