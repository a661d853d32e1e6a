import { describe, expect, it } from 'vitest'
import { deliveryStateSchema, type Delivery } from '../../../../shared/contract/mail.ts'
import type { DeliveryId, IncarnationId, MessageId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import {
  canMove,
  endDelivery,
  injectDelivery,
  isOver,
  isRepeat,
  leaseMs,
  proofMs,
  proveDelivery,
  returnDelivery,
  takeDelivery,
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
