import type { Delivery, DeliveryState } from '../../../../shared/contract/mail.ts'
import type { IncarnationId } from '../../../../shared/lib/ids.ts'

/** Between handing a message over and knowing that the answer was sent: milliseconds, unless the app dies in between. */
export const leaseMs = 30_000
/** Without a sign that the agent went on after it was told, it is told again. */
export const proofMs = 60_000

const transitions: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['leased', 'injected', 'acked', 'expired', 'bounced'],
  leased: ['leased', 'injected', 'acked', 'expired', 'bounced'],
  injected: ['injected', 'acked', 'expired', 'bounced'],
  acked: [],
  expired: [],
  bounced: [],
}

export const canMove = (from: DeliveryState, to: DeliveryState): boolean => transitions[from].includes(to)

type Ended = Extract<DeliveryState, 'acked' | 'expired' | 'bounced'>

/**
 * Handed to a process. That it was put before an earlier one proves nothing any more, so what was known of that is dropped:
 * only what this process gets and goes on after counts.
 */
export const takeDelivery = (delivery: Delivery, incarnationId: IncarnationId, now: number): Delivery => ({
  ...next(delivery),
  state: delivery.state === 'queued' ? 'leased' : delivery.state,
  incarnationId,
  dueAt: now + leaseMs,
  injectedAt: null,
  seenAt: null,
})

/** The answer that carried it was sent. Null when it is not this process's any more, or over. */
export const injectDelivery = (delivery: Delivery, incarnationId: IncarnationId, now: number): Delivery | null => {
  if (!canMove(delivery.state, 'injected') || delivery.incarnationId !== incarnationId) return null
  // A second word that it was sent, with one sending: it is counted once.
  if (delivery.injectedAt !== null) return null
  return { ...next(delivery), state: 'injected', times: delivery.times + 1, dueAt: now + proofMs, injectedAt: now }
}

/** The process went on after it was told. One that asks for an acknowledgement waits for that, or for the next process. */
export const proveDelivery = (delivery: Delivery, now: number): Delivery =>
  delivery.isAckRequired ? { ...next(delivery), seenAt: now, dueAt: null } : endDelivery(delivery, 'acked', null, now)

/** The process it was handed to is not there any more: the next one gets it anew. */
export const returnDelivery = (delivery: Delivery, now: number): Delivery => ({
  ...next(delivery),
  incarnationId: null,
  dueAt: now,
  injectedAt: null,
  seenAt: null,
})

export const endDelivery = (delivery: Delivery, state: Ended, why: string | null, now: number): Delivery => ({
  ...next(delivery),
  state,
  dueAt: null,
  seenAt: state === 'acked' ? (delivery.seenAt ?? now) : delivery.seenAt,
  endedAt: now,
  why,
})

/** It may have been read before: it was handed over, and nothing says whether that arrived. */
export const isRepeat = (delivery: Delivery): boolean => delivery.state !== 'queued'

export const isOver = ({ endedAt }: Delivery): boolean => endedAt !== null

const next = (delivery: Delivery): Delivery => ({ ...delivery, rev: delivery.rev + 1 })
