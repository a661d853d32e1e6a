import { describe, expect, it } from 'vitest'
import { deliveryStateSchema, type Delivery } from '../../../../shared/contract/mail.ts'
import type { DeliveryId, IncarnationId, MessageId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import {
  canMove,
  endDelivery,
  injectDelivery,
  isOver,
  isProvable,
  missTyping,
  isRepeat,
  leaseMs,
  proofMs,
  proveDelivery,
  releaseTyping,
  returnDelivery,
  submitTyping,
  takeDelivery,
  takeForTyping,
} from './delivery-rules.ts'

const [first, second] = ['inc_1', 'inc_2'] as unknown as [IncarnationId, IncarnationId]
const queued: Delivery = {
  id: 'dlv_1' as DeliveryId,
  messageId: 'msg_1' as MessageId,
  projectId: 'prj_1' as ProjectId,
  recipient: { kind: 'session', sessionId: 'ses_1' as SessionId },
  priority: 'normal',
  isAckRequired: false,
  state: 'queued',
  incarnationId: null,
  times: 0,
  dueAt: 5,
  injectedAt: null,
  seenAt: null,
  expiresAt: null,
  endedAt: null,
  why: null,
  typing: null,
  rev: 1,
}
const inject = (delivery: Delivery, incarnationId: IncarnationId, now: number) => {
  const injected = injectDelivery(delivery, incarnationId, now)
  if (!injected) throw new Error('It was not injected.')
  return injected
}

it('a state is followed by later ones only, and what is over stays so', () => {
  const order = deliveryStateSchema.options
  for (const [from, state] of order.entries())
    for (const [to, next] of order.entries()) {
      const isSameAndOpen = from === to && (state === 'leased' || state === 'injected')
      expect(canMove(state, next), `${state} to ${next}`).toBe(isSameAndOpen || (from < 3 && to > from))
    }
})

describe('a delivery', () => {
  it('goes from the queue to the one who takes it, is put before it, and is done with once it went on', () => {
    const taken = takeDelivery(queued, first, 10)
    expect(taken).toEqual({ ...queued, state: 'leased', incarnationId: first, dueAt: 10 + leaseMs, rev: 2 })
    const injected = inject(taken, first, 20)
    expect(injected).toEqual({ ...taken, state: 'injected', times: 1, injectedAt: 20, dueAt: 20 + proofMs, rev: 3 })
    const proven = proveDelivery(injected, 30)
    expect(proven).toEqual({ ...injected, state: 'acked', seenAt: 30, dueAt: null, endedAt: 30, rev: 4 })
    expect([queued, taken, injected, proven].map(isOver)).toEqual([false, false, false, true])
    expect([queued, taken, injected].map(isRepeat)).toEqual([false, true, true])
  })

  it('that asks for an acknowledgement is seen and stays open, due to the next process alone', () => {
    const seen = proveDelivery(inject(takeDelivery({ ...queued, isAckRequired: true }, first, 1), first, 2), 3)
    expect(seen).toMatchObject({ state: 'injected', seenAt: 3, dueAt: null, endedAt: null })
    const returned = returnDelivery(seen, 9)
    expect(returned).toMatchObject({ state: 'injected', incarnationId: null, dueAt: 9, injectedAt: null, seenAt: null })
    expect(endDelivery(seen, 'acked', null, 9)).toMatchObject({ state: 'acked', seenAt: 3, endedAt: 9 })
  })

  it('that is taken again by another process has not been put before it yet', () => {
    const before = inject(takeDelivery(queued, first, 1), first, 2)
    const again = takeDelivery(before, second, 9)
    expect(again).toMatchObject({ state: 'injected', incarnationId: second, injectedAt: null, times: 1 })
    expect(inject(again, second, 10)).toMatchObject({ times: 2, injectedAt: 10 })
  })

  it('is put before nobody by one who has it no more, nor when it is over, nor twice by one sending', () => {
    const taken = takeDelivery(queued, first, 1)
    expect(injectDelivery(taken, second, 2)).toBeNull()
    expect(injectDelivery(inject(taken, first, 2), first, 3)).toBeNull()
    expect(injectDelivery(endDelivery(taken, 'expired', null, 2), first, 3)).toBeNull()
  })

  it('that bounces says why', () => {
    expect(endDelivery(queued, 'bounced', 'Deleted.', 7)).toEqual({
      ...queued,
      state: 'bounced',
      dueAt: null,
      endedAt: 7,
      why: 'Deleted.',
      rev: 2,
    })
  })
})

describe('a delivery that is typed', () => {
  const typedTo = (
    delivery: Delivery,
    incarnationId: IncarnationId,
    now: number,
    what: 'message' | 'notice' = 'message',
  ) => inject(takeForTyping(delivery, incarnationId, what, now), incarnationId, now)

  it('is done with once the agent went on, when all of it was typed', () => {
    expect(proveDelivery(typedTo(queued, first, 10), 20)).toMatchObject({ state: 'acked', seenAt: 20 })
  })

  it('waits to be read when only a notice was typed', () => {
    const told = proveDelivery(typedTo(queued, first, 10, 'notice'), 20)
    expect(told).toMatchObject({ state: 'injected', seenAt: 20, dueAt: null, endedAt: null })
    const read = inject(takeDelivery(told, first, 30), first, 30)
    expect(read.typing).toBeNull()
    expect(proveDelivery(read, 40).state).toBe('acked')
  })

  it('is proved by what the agent does only once the return behind it was pressed', () => {
    const given = typedTo(queued, first, 10)
    const submitted = submitTyping(given, first)
    expect(submitted).toEqual({ ...given, typing: { ...given.typing, isSubmitted: true }, rev: given.rev + 1 })
    expect([given, submitted!].map(isProvable)).toEqual([false, true])
    expect(isProvable(inject(takeDelivery(queued, first, 1), first, 2))).toBe(true)
    const others = [submitTyping(given, second), submitTyping(submitted!, first), submitTyping(queued, first)]
    const over = submitTyping(endDelivery(given, 'expired', null, 20), first)
    expect([...others, over]).toEqual([null, null, null, null])
  })

  it('is typed a second time to the same process, and not a third time', () => {
    const once = missTyping(
      typedTo(queued, first, 10),
      { what: 'message', tries: 1, isUnanswered: false, isSubmitted: true },
      70,
    )
    expect(once).toMatchObject({ state: 'injected', dueAt: 70, injectedAt: null, typing: { isUnanswered: true } })
    const again = takeForTyping(once, first, 'message', 80)
    expect(again.typing).toEqual({ what: 'message', tries: 2, isUnanswered: false, isSubmitted: false })
    expect(missTyping(again, again.typing!, 140)).toMatchObject({
      dueAt: null,
      typing: { tries: 2, isUnanswered: true },
    })
  })

  it('counts anew for the next process', () => {
    const given = typedTo(queued, first, 10)
    expect(returnDelivery(given, 20)).toMatchObject({ typing: null, dueAt: 20 })
    expect(takeForTyping(given, second, 'message', 30).typing?.tries).toBe(1)
  })

  it('that was not typed after all may be at once, and was not tried', () => {
    const released = releaseTyping(takeForTyping(queued, first, 'message', 10), 15)
    expect(released).toMatchObject({ state: 'leased', dueAt: 15, typing: null })
    const missed = missTyping(
      typedTo(queued, first, 10),
      { what: 'message', tries: 1, isUnanswered: false, isSubmitted: true },
      70,
    )
    expect(releaseTyping(takeForTyping(missed, first, 'message', 80), 85).typing).toEqual({
      what: 'message',
      tries: 1,
      isUnanswered: true,
      isSubmitted: false,
    })
  })
})
