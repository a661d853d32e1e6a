import type { ActivityGroup, ActivityObject } from '../contract/activity.ts'
import type { Topic } from '../contract/changes.ts'
import type { LeaseId, SessionId, TaskId } from '../lib/ids.ts'
import type { EventBundle } from './bundle-events.ts'
import { commentThreadWords, reviewWords } from './comment-words.ts'
import { checkRunWords, checkWords, removedCheckWords } from './check-words.ts'
import {
  actorOf,
  nameOfActor,
  quoted,
  sessionObject,
  titleOf,
  type EventLine,
  type EventNames,
  type EventOf,
  type EventWords,
  type LoggedEvent,
} from './logged-event.ts'
import { mergeWords } from './merge-words.ts'
import { entryWords, queueWords } from './queue-words.ts'
import { pullRequestWords, pushWords } from './remote-words.ts'
import { projectWords, removedSessionWords, sessionWords, subagentWords, worktreeWords } from './session-words.ts'
import {
  askWords,
  deliveryWords,
  endedLeaseWords,
  endedWaitWords,
  leaseWords,
  messageWords,
  overlapWords,
  waiterWords,
} from './shared-words.ts'
import { commitWords, stagingWords } from './staging-words.ts'
import { dispatchWords, taskWords } from './task-words.ts'
import { teammateWords, teamMessageWords, teamTaskWords } from './team-words.ts'

/** The topics that are told, and under which heading. What is not here is no news: settings, titles of terminals, finds. */
export const groupOfTopic: Partial<Readonly<Record<Topic, ActivityGroup>>> = {
  'tasks.changed': 'tasks',
  'attempts.changed': 'tasks',
  'checkpoints.recorded': 'tasks',
  'comments.recorded': 'tasks',
  'dependencies.changed': 'tasks',
  'dependencies.removed': 'tasks',
  'dispatch.changed': 'tasks',
  'sessions.changed': 'sessions',
  'sessions.removed': 'sessions',
  'reports.changed': 'sessions',
  'subagents.changed': 'sessions',
  'teammates.changed': 'sessions',
  'teamtasks.changed': 'sessions',
  'compactions.recorded': 'sessions',
  'asks.changed': 'questions',
  'leases.changed': 'leases',
  'leases.removed': 'leases',
  'waiters.changed': 'leases',
  'waiters.removed': 'leases',
  'radar.changed': 'leases',
  'messages.changed': 'mail',
  'teammessages.recorded': 'mail',
  'deliveries.changed': 'mail',
  'checks.changed': 'checks',
  'checks.removed': 'checks',
  'checkruns.changed': 'checks',
  'worktrees.changed': 'worktrees',
  'files.changed': 'worktrees',
  'projects.changed': 'worktrees',
  'merges.changed': 'worktrees',
  'pushes.recorded': 'worktrees',
  'pullrequests.changed': 'worktrees',
  'stagings.changed': 'worktrees',
  'commits.recorded': 'worktrees',
  'entries.changed': 'worktrees',
  'queues.changed': 'worktrees',
  'outages.changed': 'guard',
  'refusals.recorded': 'refusals',
  'sentreviews.recorded': 'mail',
  'commentthreads.changed': 'worktrees',
}

/** The events of one command as one line; null when they are no news. Newest first, as they are bundled. */
export const eventLine = (bundle: EventBundle, names: EventNames): EventLine | null => {
  const [event] = bundle
  const group = groupOfTopic[event.topic]
  const words = group && wordsOf(bundle, names)
  if (!words) return null
  return {
    group,
    actor: words.actor ?? actorOf(event.by).kind,
    who: words.who ?? nameOfActor(event.by, names),
    what: words.what,
    reason: words.reason ?? null,
    object: words.object ?? null,
  }
}

const wordsOf = (bundle: EventBundle, names: EventNames): EventWords | null => {
  const [event] = bundle
  switch (event.topic) {
    case 'tasks.changed':
    case 'attempts.changed':
    case 'checkpoints.recorded':
    case 'comments.recorded':
    case 'dependencies.changed':
    case 'dependencies.removed':
      return taskWords(bundle, names)
    case 'dispatch.changed':
      return dispatchWords(event)
    case 'leases.changed':
      return leaseWords(bundle, names)
    case 'leases.removed':
      return endedLeaseWords(bundle, names)
    case 'waiters.changed':
      return waiterWords(event, names)
    case 'waiters.removed':
      return endedWaitWords(event, names)
    case 'radar.changed':
      return overlapWords(event, names)
    case 'messages.changed':
      return messageWords(event, names)
    case 'deliveries.changed':
      return deliveryWords(event, names)
    case 'sentreviews.recorded':
      return reviewWords(event, names)
    case 'commentthreads.changed':
      return commentThreadWords(event, names)
    case 'asks.changed':
      return askWords(event, names)
    case 'checks.changed':
      return checkWords(event)
    case 'checks.removed':
      return removedCheckWords(event)
    case 'checkruns.changed':
      return checkRunWords(bundle, names)
    case 'teammates.changed':
      return teammateWords(event, names)
    case 'teamtasks.changed':
      return teamTaskWords(event, names)
    case 'teammessages.recorded':
      return teamMessageWords(event, names)
    default:
      return ownWords(event, names)
  }
}

/** Of sessions, worktrees and projects, each by itself. */
const ownWords = (event: LoggedEvent, names: EventNames): EventWords | null => {
  switch (event.topic) {
    case 'sessions.changed':
      return sessionWords(event)
    case 'sessions.removed':
      return removedSessionWords(event, names)
    case 'subagents.changed':
      return subagentWords(event, names, titleOf(event.payload.sessionId, names))
    case 'reports.changed':
      return {
        what: `reports: ${event.payload.text}`,
        object: sessionObject(event.payload.sessionId, names),
      }
    case 'compactions.recorded':
      return {
        who: titleOf(event.payload.sessionId, names),
        actor: 'session',
        what: 'compacted its conversation',
        object: sessionObject(event.payload.sessionId, names),
      }
    case 'worktrees.changed':
      return worktreeWords(event, names)
    case 'projects.changed':
      return projectWords(event)
    case 'merges.changed':
      return mergeWords(event)
    case 'stagings.changed':
      return stagingWords(event, names)
    case 'commits.recorded':
      return commitWords(event, names)
    case 'entries.changed':
      return entryWords(event, names)
    case 'queues.changed':
      return queueWords(event)
    case 'pushes.recorded':
      return pushWords(event, names)
    case 'pullrequests.changed':
      return pullRequestWords(event, names)
    case 'files.changed':
      return {
        who: titleOf(event.payload.sessionId, names),
        actor: 'session',
        what: `changed ${event.payload.path}`,
        object: sessionObject(event.payload.sessionId, names),
      }
    case 'outages.changed':
      return outageWords(event, names)
    case 'refusals.recorded':
      return refusalWords(event, names)
    default:
      return null
  }
}

const outageWords = ({ payload, command }: EventOf<'outages.changed'>, names: EventNames): EventWords => {
  const object = sessionObject(payload.sessionId, names)
  const title = titleOf(payload.sessionId, names)
  if (command === 'dismiss-outage') return { what: `have seen the unchecked edits of ${quoted(title)}`, object }
  if (payload.edits === 0) return { what: `checks the edits of ${quoted(title)} again`, object }
  return {
    who: title,
    actor: 'session',
    what: `edited ${payload.lastPath}, which nobody had checked`,
    reason:
      payload.why === 'away'
        ? 'Switchyard was closed. Compare the file with what other sessions lease.'
        : 'The guard did not answer in time. Compare the file with what other sessions lease.',
    object,
  }
}

/** What was tried, as commands of ours and verbs of agents are called. */
const tries: Readonly<Record<string, string>> = {
  'claim-task': 'the task',
  'start-on-task': 'a session on the task',
  'acquire-leases': 'a lease',
  'release-leases': 'the release of a lease',
  'send-message': 'the sending of a message',
  'reply-to-message': 'a reply',
  'edit-file': 'an edit',
  'run-command': 'a command',
}

const refusalWords = ({ payload }: EventOf<'refusals.recorded'>, names: EventNames): EventWords => {
  const object = objectById(payload.subject, names)
  const tried = tries[payload.command] ?? quoted(payload.command.replaceAll(/[.-]/g, ' '))
  const of = object?.kind === 'task' ? `: ${object.label}` : ''
  const who = nameOfActor(payload.by, names)
  const was = who === 'You' ? 'were' : 'was'
  return { who, actor: actorOf(payload.by).kind, what: `${was} refused ${tried}${of}`, reason: payload.message, object }
}

const objectById = (id: string, names: EventNames): ActivityObject | null => {
  const task = id.startsWith('tsk_') ? names.task(id as TaskId) : undefined
  if (task)
    return { kind: 'task', id: id as TaskId, projectId: task.projectId, label: `${task.key} ${quoted(task.title)}` }
  const target = id.startsWith('lse_') ? names.leaseTarget(id as LeaseId) : undefined
  if (target !== undefined) return { kind: 'lease', id: id as LeaseId, label: target }
  return id.startsWith('ses_') ? sessionObject(id as SessionId, names) : null
}
