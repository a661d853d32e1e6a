import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Attempt, Dispatch, Task } from '../../../../shared/contract/task-rows.ts'
import { obstaclesAmong, type Wait } from '../../../../shared/contract/task-waits.ts'
import type { EventOf, LoggedEvent } from '../../../../shared/event-lines/logged-event.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { listed, withoutStop, type Reason } from './why-rules.ts'

export interface TaskFacts {
  readonly task: Task
  readonly waits: readonly Wait<Pick<Task, 'id' | 'key' | 'title' | 'state'>>[]
  /** The newest one, with what its holder is called. */
  readonly attempt: { readonly row: Attempt; readonly holder: string } | null
  readonly dispatch: Dispatch
  /** The sessions of its project. */
  readonly sessions: readonly Pick<Session, 'lifecycle' | 'role' | 'agentId'>[]
  /** Its history with the refusals, and the pauses of all handing out; newest first. */
  readonly events: readonly LoggedEvent[]
  readonly now: number
}

type TaskEvent = LoggedEvent & EventOf<'tasks.changed'>

export const whyOfTask = (facts: TaskFacts): Reason => {
  const { task, attempt } = facts
  const event = stateEvent(facts)
  const say = (sentence: string, next: string | null = null): Reason => ({ sentence, next, until: null, event })
  const holder = `“${attempt?.holder ?? 'A session'}”`
  switch (task.state) {
    case 'draft':
      return say('It is a draft, and nobody takes up drafts', 'Open it, or start a session on it.')
    case 'open':
      return whyOpen(facts, event)
    case 'claimed':
      return say(`${holder} has taken it up and is starting`)
    case 'in_progress':
      return attempt?.row.silentSince == null
        ? say(`${holder} works on it`)
        : say(`${holder} has it, lives and says nothing`, 'Look at its terminal.')
    case 'in_review':
      return say(`${holder} handed it in, and it waits for you`, 'Accept it, or request changes.')
    case 'changes_requested':
      return say(`It waits for ${holder} to make the changes you requested`)
    case 'blocked':
      return say(
        `It is blocked: ${withoutStop(task.reason ?? 'no reason was given')}`,
        'Retry it when that is settled.',
      )
    case 'deferred':
      return {
        ...say(
          task.deferUntil === null ? 'It is deferred to no day in particular' : 'It is deferred',
          'Open it to have it done now.',
        ),
        until: task.deferUntil,
      }
    case 'done':
      return say('It is done')
    case 'failed':
    case 'cancelled':
      return say(
        `It ${task.state === 'failed' ? 'failed' : 'was cancelled'}: ${withoutStop(task.reason ?? 'no reason was given')}`,
        'Reopen it to have it tried again.',
      )
    default:
      return unreachable(task.state)
  }
}

/** The event with which the task came into its state. */
const stateEvent = ({ task, events }: TaskFacts): LoggedEvent | null => {
  const changes = events.filter((event): event is TaskEvent => event.topic === 'tasks.changed')
  const before = changes.findIndex(({ payload }) => payload.state !== task.state)
  return changes[before === -1 ? changes.length - 1 : before - 1] ?? null
}

const whyOpen = (facts: TaskFacts, event: LoggedEvent | null): Reason => {
  const { task, waits, dispatch, events, now } = facts
  const say = (sentence: string, next: string | null, decided = event): Reason => ({
    sentence,
    next,
    until: null,
    event: decided,
  })
  if (task.failedAttempts >= task.maxAttempts)
    return say(`All of its ${task.maxAttempts} attempts failed${because(task)}`, 'Retry it, or change what is asked.')
  if (task.retryAt !== null && task.retryAt > now)
    return {
      ...say(`It pauses after a failed attempt${because(task)}`, 'Retry it to have it tried now.'),
      until: task.retryAt,
    }
  const obstacles = obstaclesAmong(waits)
  if (obstacles.length > 0)
    return say(
      `It waits for ${describe(obstacles)}`,
      'Finish those, or remove the dependency.',
      edgeEvent(events, obstacles) ?? event,
    )
  if (dispatch.paused) {
    const paused = events.find((one) => one.topic === 'dispatch.changed' && one.payload.paused !== null)
    return say(
      `No task is handed out: ${withoutStop(dispatch.paused.reason)}`,
      'Resume the handing out on the board.',
      paused ?? event,
    )
  }
  return whyUntaken(facts, event)
}

/** It could be taken up; who might do it, and what they were told. */
const whyUntaken = ({ task, sessions, events }: TaskFacts, event: LoggedEvent | null): Reason => {
  const start = 'Start a session on it.'
  const here = sessions.filter(({ lifecycle }) => lifecycle !== 'archived' && lifecycle !== 'stopped')
  const say = (sentence: string, next: string, decided = event): Reason => ({
    sentence,
    next,
    until: null,
    event: decided,
  })
  if (task.requiredRole !== null && !here.some(({ role }) => role === task.requiredRole))
    return say(
      `It is for the role “${task.requiredRole}”, and no session that runs has it`,
      'Give a session that role.',
    )
  if (task.allowedAgents.length > 0 && !here.some(({ agentId }) => task.allowedAgents.includes(agentId)))
    return say(`It is for ${task.allowedAgents.join(' or ')}, and no session of that agent runs`, start)
  const refusal = events.find(
    (one): one is LoggedEvent & EventOf<'refusals.recorded'> => one.topic === 'refusals.recorded',
  )
  return refusal && refusal.seq > (event?.seq ?? 0)
    ? say(`Nobody has it; who asked last was refused: ${withoutStop(refusal.payload.message)}`, start, refusal)
    : say('It is ready, and no session has taken it up', start)
}

const because = ({ reason }: Task): string => (reason === null ? '' : `: ${withoutStop(reason)}`)

const describe = (obstacles: TaskFacts['waits']): string => {
  const names = obstacles.map(({ other, kind, direction }) => {
    const name = `${other.key} “${other.title}” (${other.state.replaceAll('_', ' ')})`
    return direction === 'on' && kind === 'on_failure' ? `${name} to fail` : name
  })
  return obstacles.length > 1 && obstacles.every(({ kind }) => kind === 'any_of')
    ? `one of ${listed(names)}`
    : listed(names)
}

const edgeEvent = (events: readonly LoggedEvent[], obstacles: TaskFacts['waits']): LoggedEvent | undefined =>
  events.find(
    (event) =>
      event.topic === 'dependencies.changed' &&
      obstacles.some(({ other }) => other.id === event.payload.dependsOnId || other.id === event.payload.taskId),
  )
