import type { Agent, AgentId } from '../../../shared/contract/agents.ts'
import type { Delivery, MessagePriority, Typing } from '../../../shared/contract/mail.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

export interface DeliveryWord {
  readonly tone: 'done' | 'waiting' | 'bad'
  readonly text: string
}

type Reader = Pick<Session, 'lifecycle' | 'runtime' | 'activity' | 'agentId' | 'isMailTyped'>
type Agents = ReadonlyMap<AgentId, Pick<Agent, 'statusSource' | 'wakesForMail' | 'takesTypedMail'>>

/** When a message reaches a session as it is now, in words that can follow a colon. */
export const arrivalOf = (session: Reader, agents: Agents, priority: MessagePriority): string => {
  if (session.lifecycle === 'archived') return 'when it is taken out of the archive'
  if (session.lifecycle === 'planned' || session.lifecycle === 'preparing') return 'when it starts'
  if (session.runtime.kind !== 'alive') return 'when it runs again'
  const agent = agents.get(session.agentId)
  if (agent?.takesTypedMail === true) return typedArrival(session, priority)
  // Nobody tells this agent: it has to look.
  if (agent?.statusSource !== 'hooks') return 'when it looks into its mail'
  switch (session.activity.kind) {
    case 'working':
    case 'unknown':
      return 'at its next step'
    case 'needs-you':
      return 'once you have answered it'
    case 'idle':
      return agent.wakesForMail && priority !== 'low' ? 'wakes it now' : 'at its next turn'
    default:
      return unreachable(session.activity.kind)
  }
}

/** Of an agent that is told by a line typed at its prompt, when that is quiet. */
const typedArrival = ({ activity, isMailTyped }: Reader, priority: MessagePriority): string => {
  if (!isMailTyped || priority === 'low') return 'when it looks into its mail'
  return activity.kind === 'needs-you' ? 'once you have answered it' : 'typed once its prompt is quiet'
}

interface Question {
  readonly delivery: Delivery
  readonly sentAt: number
  /** Who is to read it, when that is a session that is still there. */
  readonly reader: Reader | undefined
  readonly agents: Agents
}

/** What became of a message for one of its recipients. */
export const deliveryWord = (question: Question): DeliveryWord => {
  const { delivery } = question
  switch (delivery.state) {
    case 'queued':
      return { tone: 'waiting', text: queuedText(question) }
    case 'leased':
      return { tone: 'waiting', text: delivery.typing === null ? 'Being handed over' : 'Being typed' }
    case 'injected':
      return delivery.typing === null
        ? { tone: 'waiting', text: injectedText(delivery) }
        : typedWord(delivery, delivery.typing)
    case 'acked':
      return { tone: 'done', text: ackedText(question) }
    case 'expired':
      return { tone: 'bad', text: 'Expired before it was read' }
    case 'bounced':
      return { tone: 'bad', text: delivery.why === null ? 'Did not arrive' : `Did not arrive. ${delivery.why}` }
    default:
      return unreachable(delivery.state)
  }
}

const queuedText = ({ delivery, reader, agents }: Question): string => {
  const { recipient, isAckRequired, seenAt } = delivery
  if (recipient.kind === 'person') {
    if (seenAt !== null && isAckRequired) return 'Seen, waits for your acknowledgement'
    return 'Waits for you'
  }
  if (recipient.kind === 'role' && recipient.sessionId === null)
    return `Queued: for the first “${recipient.role}” that is free`
  if (reader === undefined) return 'Queued'
  const arrival = arrivalOf(reader, agents, delivery.priority)
  return arrival === 'typed once its prompt is quiet' ? 'Waits for a quiet prompt' : `Queued: ${arrival}`
}

const typedWord = ({ incarnationId, seenAt }: Delivery, { what, tries, isUnanswered }: Typing): DeliveryWord => {
  if (incarnationId === null)
    return { tone: 'waiting', text: 'Typed to an agent that has ended; its next process gets it' }
  if (isUnanswered) {
    const text =
      tries > 1
        ? 'Typed twice and not taken: not delivered, waits until the agent looks or starts again'
        : 'Typed and not taken: not delivered, waits for a quiet prompt'
    return { tone: 'bad', text }
  }
  if (seenAt === null) return { tone: 'waiting', text: 'Typed, not known to be taken yet' }
  return {
    tone: 'waiting',
    text: what === 'notice' ? 'A notice was typed, not read yet' : 'Typed, not acknowledged yet',
  }
}

const injectedText = ({ incarnationId, seenAt, times, isAckRequired }: Delivery): string => {
  if (seenAt !== null && isAckRequired) return 'Read, not acknowledged yet'
  // Its process ended before it was known to have read it.
  if (incarnationId === null) return 'Given to an agent that has ended; its next process gets it again'
  return times > 1
    ? `Given to the agent ${times} times, not known to be read`
    : 'Given to the agent, not known to be read yet'
}

const ackedText = ({ delivery, sentAt }: Question): string => {
  const word = delivery.isAckRequired ? 'Acknowledged' : delivery.typing === null ? 'Read' : 'Typed and taken'
  return delivery.endedAt === null ? word : `${word} in ${durationText(delivery.endedAt - sentAt)}`
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** "11 s", "4 min", "2 h", "3 days": the greatest unit alone. */
export const durationText = (ms: number): string => {
  const span = Math.max(0, ms)
  if (span < minute) return `${Math.max(1, Math.round(span / second))} s`
  if (span < hour) return `${Math.floor(span / minute)} min`
  if (span < day) return `${Math.floor(span / hour)} h`
  return span < 2 * day ? '1 day' : `${Math.floor(span / day)} days`
}
