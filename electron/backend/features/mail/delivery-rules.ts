import type { Delivery, DeliveryState, Typing } from '../../../../shared/contract/mail.ts'
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
  typing: null,
})

/** Handed to a process by being typed at its prompt. */
export const takeForTyping = (
  delivery: Delivery,
  incarnationId: IncarnationId,
  what: Typing['what'],
  now: number,
): Delivery => ({
  ...takeDelivery(delivery, incarnationId, now),
  typing: { what, tries: triesOf(delivery, incarnationId) + 1, isUnanswered: false, isSubmitted: false },
})

/** How often it was typed to this process. */
const triesOf = ({ typing, incarnationId }: Delivery, to: IncarnationId) =>
  incarnationId === to ? (typing?.tries ?? 0) : 0

/** It was not typed after all: the prompt was no longer quiet. */
export const releaseTyping = (delivery: Delivery, now: number): Delivery => {
  const tries = (delivery.typing?.tries ?? 1) - 1
  return {
    ...next(delivery),
    dueAt: now,
    typing: delivery.typing && tries > 0 ? { ...delivery.typing, tries, isUnanswered: true } : null,
  }
}

/** The return behind it was pressed. Null when it is not this process's any more, or over. */
export const submitTyping = (delivery: Delivery, incarnationId: IncarnationId): Delivery | null => {
  const { typing, injectedAt } = delivery
  if (typing === null || typing.isSubmitted || injectedAt === null || isOver(delivery)) return null
  return delivery.incarnationId === incarnationId
    ? { ...next(delivery), typing: { ...typing, isSubmitted: true } }
    : null
}

/** What a process does proves that it took what was put before it; of what stands at its prompt unsent it proves nothing. */
export const isProvable = ({ typing }: Delivery): boolean => typing === null || typing.isSubmitted

/** Nobody types a message a third time at a prompt that did not take it twice. */
const mostTries = 2

/** Nothing that the agent did says that it took what was typed: it is not delivered, and waits. */
export const missTyping = (delivery: Delivery, typing: Typing, now: number): Delivery => ({
  ...next(delivery),
  dueAt: typing.tries < mostTries ? now : null,
  injectedAt: null,
  typing: { ...typing, isUnanswered: true },
})

/** The answer that carried it was sent. Null when it is not this process's any more, or over. */
export const injectDelivery = (delivery: Delivery, incarnationId: IncarnationId, now: number): Delivery | null => {
  if (!canMove(delivery.state, 'injected') || delivery.incarnationId !== incarnationId) return null
  // A second word that it was sent, with one sending: it is counted once.
  if (delivery.injectedAt !== null) return null
  return { ...next(delivery), state: 'injected', times: delivery.times + 1, dueAt: now + proofMs, injectedAt: now }
}

/**
 * The process went on after it was told. One that asks for an acknowledgement waits for that, or for the next process; one of
 * which only a notice was typed waits until it is read.
 */
export const proveDelivery = (delivery: Delivery, now: number): Delivery =>
  delivery.isAckRequired || delivery.typing?.what === 'notice'
    ? { ...next(delivery), seenAt: now, dueAt: null }
    : endDelivery(delivery, 'acked', null, now)

/** The process it was handed to is not there any more: the next one gets it anew. */
export const returnDelivery = (delivery: Delivery, now: number): Delivery => ({
  ...next(delivery),
  incarnationId: null,
  dueAt: now,
  injectedAt: null,
  seenAt: null,
  typing: null,
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
