import type { Why } from '../../../../shared/contract/activity.ts'
import type { TaskDetail } from '../../../../shared/contract/tasks.ts'
import { bundleEvents, isSameCommand } from '../../../../shared/event-lines/bundle-events.ts'
import type { LoggedEvent } from '../../../../shared/event-lines/logged-event.ts'
import type { SessionId, TaskId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import type { Tx } from '../../db/tx.ts'
import { lastSeq, listEvents } from '../../kernel/events-store.ts'
import { entryOf, type LineFilter } from './activity-rules.ts'
import type { ActivityDeps } from './activity-parts.ts'
import { readEventNames } from './event-names.ts'
import { windowEvents } from './read-page.ts'
import { whyOfSession, type Reason } from './why-rules.ts'
import { whyOfTask } from './why-task-rules.ts'

/** Enough to find with which event something became what it is. */
const mostEvents = 200

type ReadWhy = Promise<Result<Why, 'NOT_FOUND'>>

export const readWhyOfSession = (deps: ActivityDeps, id: SessionId): ReadWhy =>
  deps.database.read(async (tx) => {
    const sessions = await deps.sessions.list(tx)
    const session = sessions.find((one) => one.id === id)
    if (!session) return refuse('NOT_FOUND', 'This session is not there any more.')
    const topics = ['sessions.changed', 'refusals.recorded', 'asks.changed'] as const
    const events = await recent(tx, topics, id)
    const others = sessions.filter((one) => one.id !== id)
    return ok(await tell(deps, tx, session.title, whyOfSession({ session, others, events })))
  })

export const readWhyOfTask = async (deps: ActivityDeps, id: TaskId): ReadWhy => {
  const detail = await deps.tasks.detail(id)
  if (!detail.ok) return refuse('NOT_FOUND', detail.refusal.message)
  const { task } = detail.value
  return deps.database.read(async (tx) => {
    const sessions = (await deps.sessions.list(tx)).filter(({ projectId }) => projectId === task.projectId)
    const { dispatch } = await deps.tasks.listShown(tx)
    const events = await recent(
      tx,
      ['tasks.changed', 'dependencies.changed', 'refusals.recorded', 'dispatch.changed'],
      id,
    )
    const [attempt] = detail.value.attempts
    const reason = whyOfTask({
      task,
      waits: await readWaits(deps, tx, detail.value),
      attempt: attempt ? { row: attempt, holder: holderName(attempt, sessions) } : null,
      dispatch,
      sessions,
      events,
      now: deps.clock.now(),
    })
    return ok(await tell(deps, tx, `${task.key} ${task.title}`, reason))
  })
}

/** The last events about something; a pause of all handing out names no task and concerns each of them. */
const recent = async (tx: Tx, topics: readonly LoggedEvent['topic'][], id: string) => {
  const newest = await lastSeq(tx)
  const window = { before: newest + 1, after: newest - windowEvents, limit: mostEvents }
  const about = await listEvents(tx, { ...window, topics, naming: [id] })
  if (!topics.includes('dispatch.changed')) return about
  const pauses = await listEvents(tx, { ...window, topics: ['dispatch.changed'], naming: null })
  return [...about, ...pauses].sort((a, b) => b.seq - a.seq)
}

const readWaits = async ({ tasks }: ActivityDeps, tx: Tx, { task, dependencies }: TaskDetail) => {
  const waits = []
  for (const { taskId, dependsOnId, kind, satisfiedOn } of dependencies) {
    const isOn = taskId === task.id
    const other = await tasks.find(tx, isOn ? dependsOnId : taskId)
    if (other) waits.push({ direction: isOn ? ('on' as const) : ('by' as const), kind, satisfiedOn, other })
  }
  return waits
}

const holderName = (
  { holder }: TaskDetail['attempts'][number],
  sessions: readonly { readonly id: SessionId; readonly title: string }[],
): string =>
  holder.kind === 'process'
    ? holder.label
    : (sessions.find(({ id }) => id === holder.sessionId)?.title ?? 'A session that was deleted')

const everything: LineFilter = { projectId: null, groups: [], actors: [], sessionId: null, taskId: null, text: '' }

const tell = async (
  deps: ActivityDeps,
  tx: Tx,
  title: string,
  { sentence, next, until, event }: Reason,
): Promise<Why> => {
  const said = { title: visibleLine(title), sentence: visibleLine(sentence), next, until }
  if (!event) return { ...said, decidedBy: null }
  // With what the same command told beside it, as the log shows it.
  const around = await listEvents(tx, {
    topics: null,
    naming: null,
    before: event.seq + 20,
    after: event.seq - 20,
    limit: 40,
  })
  const command = around.filter((one) => isSameCommand(one, event))
  const names = await readEventNames(tx, deps, command)
  const bundle = bundleEvents(command).find((one) => one.some(({ seq }) => seq === event.seq))
  return { ...said, decidedBy: bundle ? entryOf(bundle, names, everything) : null }
}
