import type { Agent, AgentId } from '../../../shared/contract/agents.ts'
import type { Delivery, MessagePriority } from '../../../shared/contract/mail.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

export interface DeliveryWord {
  readonly tone: 'done' | 'waiting' | 'bad'
  readonly text: string
}

type Reader = Pick<Session, 'lifecycle' | 'runtime' | 'activity' | 'agentId'>
type Agents = ReadonlyMap<AgentId, Pick<Agent, 'statusSource' | 'wakesForMail'>>

/** When a message reaches a session as it is now, in words that can follow a colon. */
export const arrivalOf = (session: Reader, agents: Agents, priority: MessagePriority): string => {
  if (session.lifecycle === 'archived') return 'when it is taken out of the archive'
  if (session.lifecycle === 'planned' || session.lifecycle === 'preparing') return 'when it starts'
  if (session.runtime.kind !== 'alive') return 'when it runs again'
  const agent = agents.get(session.agentId)
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
      return { tone: 'waiting', text: 'Being handed over' }
    case 'injected':
      return { tone: 'waiting', text: injectedText(delivery) }
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
  return reader === undefined ? 'Queued' : `Queued: ${arrivalOf(reader, agents, delivery.priority)}`
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
  const word = delivery.isAckRequired ? 'Acknowledged' : 'Read'
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
