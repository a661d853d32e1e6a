import type { Ask } from '../contract/asks.ts'
import { targetText } from '../contract/lease-claims.ts'
import type { LeaseEnd, WaitEnd } from '../contract/leases.ts'
import type { EventBundle } from './bundle-events.ts'
import {
  quoted,
  sessionObject,
  titleOf,
  type EventNames,
  type EventOf,
  type EventWords,
  type LoggedEvent,
} from './logged-event.ts'

/** Leases, mail, overlaps and questions: what sessions share with one another and with the person. */

const leaseEnds: Readonly<Record<LeaseEnd, string | null>> = {
  released: null,
  expired: 'Its owner gave no sign of life.',
  'held-too-long': 'It was held for the longest time that is allowed. Ask for it again.',
  'owner-ended': 'The agent that held it ended.',
  'attempt-ended': 'The work on its task ended.',
}

export const leaseWords = (bundle: EventBundle, names: EventNames): EventWords | null => {
  const held = bundle.filter(
    (event): event is EventOf<'leases.changed'> & LoggedEvent => event.topic === 'leases.changed',
  )
  const [first] = held
  if (!first || first.command === 'renew-leases' || first.command === 'credit-suspend') return null
  const { id, sessionId, mode, policy } = first.payload
  const targets = held.map(({ payload }) => targetText(payload.target)).join(', ')
  const object = { kind: 'lease', id, label: targets } as const
  if (first.command === 'set-lease-policy') return { what: `made the lease of ${targets} ${policy}`, object }
  return {
    who: titleOf(sessionId, names),
    actor: 'session',
    what: `leased ${targets}`,
    reason: `${mode}, ${policy}`,
    object,
  }
}

export const endedLeaseWords = (bundle: EventBundle, names: EventNames): EventWords | null => {
  const ended = bundle.filter(
    (event): event is EventOf<'leases.removed'> & LoggedEvent => event.topic === 'leases.removed',
  )
  const [first] = ended
  if (!first) return null
  const { sessionId, why } = first.payload
  const targets = ended.map(({ payload }) => names.leaseTarget(payload.id) ?? 'a lease').join(', ')
  const object = sessionObject(sessionId, names)
  return why === 'released'
    ? { what: `released ${targets}`, object }
    : {
        who: titleOf(sessionId, names),
        actor: 'system',
        what: `lost the lease of ${targets}`,
        reason: leaseEnds[why],
        object,
      }
}

const waitEnds: Readonly<Record<WaitEnd, string>> = {
  granted: 'had its turn',
  cancelled: 'waits for its lease no more',
  expired: 'waited for its lease in vain',
  'owner-ended': 'ended while it waited for a lease',
  'attempt-ended': 'ended its task while it waited for a lease',
}

/** Null for a wait that was only moved by the time the computer slept. */
export const waiterWords = ({ payload, command }: EventOf<'waiters.changed'>, names: EventNames): EventWords | null =>
  command === 'acquire-leases'
    ? {
        who: titleOf(payload.sessionId, names),
        what: `waits for ${payload.wants.map(({ target }) => targetText(target)).join(', ')}`,
        reason: 'Others hold it. It is told when its turn has come.',
        object: sessionObject(payload.sessionId, names),
      }
    : null

export const endedWaitWords = ({ payload }: EventOf<'waiters.removed'>, names: EventNames): EventWords => ({
  who: titleOf(payload.sessionId, names),
  what: waitEnds[payload.why],
  object: sessionObject(payload.sessionId, names),
})

const overlapKinds = {
  'same-file': 'Both changed it, in different places.',
  'same-hunk': 'Both changed the same or adjoining lines.',
  'predicted-conflict': 'Merged as they are now, they would conflict.',
} as const

export const overlapWords = ({ payload }: EventOf<'radar.changed'>, names: EventNames): EventWords => {
  const [one, other] = payload.sides.map(({ sessionId }) => quoted(titleOf(sessionId, names)))
  const reason = overlapKinds[payload.kind]
  return {
    what: `saw ${one} and ${other} change ${payload.path}`,
    reason,
    object: sessionObject(payload.sides[0].sessionId, names),
  }
}

/** Null for the messages of a review, which has a line of its own. */
export const messageWords = (
  { payload, command }: EventOf<'messages.changed'>,
  names: EventNames,
): EventWords | null => {
  if (command === 'send-review') return null
  const subject = names.threadSubject(payload.threadId)
  const about = subject === undefined ? '' : ` about ${quoted(subject)}`
  const object = {
    kind: 'message',
    id: payload.id,
    threadId: payload.threadId,
    label: subject ?? 'the message',
  } as const
  return {
    what: `wrote to ${payload.to.join(', ')}${about}`,
    reason: payload.kind === 'notice' ? payload.body : null,
    object,
  }
}

/** Null while a message is only on its way. */
export const deliveryWords = ({ payload, by }: EventOf<'deliveries.changed'>, names: EventNames): EventWords | null => {
  const { recipient, state, why } = payload
  const object =
    recipient.kind === 'person' || recipient.sessionId === null ? null : sessionObject(recipient.sessionId, names)
  const whom = recipient.kind === 'person' ? 'you' : (object?.label ?? 'a session')
  if (state === 'bounced') return { what: `could not deliver a message to ${whom}`, reason: why, object }
  if (state === 'expired') return { what: `gave up a message to ${whom}`, reason: 'Its time was over.', object }
  return state === 'acked' && payload.isAckRequired && !by.startsWith('system')
    ? { what: 'acknowledged a message', object }
    : null
}

export const askWords = ({ payload: ask }: EventOf<'asks.changed'>, names: EventNames): EventWords | null => {
  const object = sessionObject(ask.sessionId, names)
  const title = titleOf(ask.sessionId, names)
  switch (ask.state.kind) {
    case 'open':
      return { who: title, actor: 'session', ...askedWords(ask), object }
    case 'answered':
      return {
        who: 'You',
        actor: 'person',
        what: `answered ${quoted(title)} in the ${ask.state.by}`,
        reason: ask.state.answer,
        object,
      }
    default:
      return { who: title, actor: 'session', what: 'went on without an answer', reason: ask.state.why, object }
  }
}

const askedWords = ({ detail }: Ask): { readonly what: string; readonly reason: string | null } => {
  switch (detail.kind) {
    case 'permission':
      return { what: `asked for permission (${detail.toolName})`, reason: detail.subject }
    case 'question':
      return { what: 'asked a question', reason: detail.questions.map(({ question }) => question).join(' ') }
    case 'plan':
      return { what: 'asked you to look at its plan', reason: null }
    default:
      return { what: 'waits for you in its terminal', reason: detail.what }
  }
}
