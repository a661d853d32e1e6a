import { ORPCError } from '@orpc/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewMessage, NewReply } from '../../../shared/contract/mail.ts'
import { createStores, type Stores } from '../../data/stores.ts'
import {
  deliveryIdAt,
  deliveryRow,
  messageIdAt,
  messageRow,
  threadIdAt,
  threadRow,
} from '../../dev/coordination-fixtures.ts'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import { createMailActions } from './use-mail-actions.ts'

let stores: Stores
let asked: unknown[]
let refused: string[]
beforeEach(() => {
  stores = createStores()
  asked = []
  refused = []
})

/** A backend that answers each verb in this way, and notes what it was asked. */
const actionsOn = (verbs: Readonly<Record<string, (input: never) => unknown>>) => {
  const mail = Object.fromEntries(
    Object.entries(verbs).map(([name, answer]) => [
      name,
      async (input: never) => {
        asked.push(input)
        return answer(input)
      },
    ]),
  )
  return createMailActions({ api: { mail } as never, stores, notices: { refuse: (text) => void refused.push(text) } })
}

const refuse = () => {
  throw new ORPCError('NOT_FOUND', { message: 'It is gone.' })
}
const person = { kind: 'person' } as const
const toSession = { kind: 'session', sessionId: sessionIdAt(1) } as const
const newer = deliveryRow(1, messageIdAt(1), person, { state: 'acked', endedAt: 5, seenAt: 5, rev: 2 })
const newMessage: NewMessage = {
  to: ['everyone'],
  kind: 'note',
  subject: 'Zones',
  body: 'Hello',
  priority: 'normal',
  isAckRequired: false,
  expiresInMs: null,
  dedupKey: null,
  requestId: 'request-1',
}

describe('sending', () => {
  const sent = {
    message: messageRow(1, threadIdAt(1), 'Hello'),
    deliveries: [deliveryRow(1, messageIdAt(1), toSession)],
    seq: 9,
  }

  it('puts the message and its deliveries at once', async () => {
    const { send } = actionsOn({ send: () => sent })
    expect(await send({ ...newMessage, projectId: projectIdAt(1) })).toEqual({ ok: true, value: sent })
    expect(stores.messages.get(messageIdAt(1))).toEqual(sent.message)
    expect(stores.deliveries.get(deliveryIdAt(1))).toEqual(sent.deliveries[0])
  })

  it('never puts an older delivery in the place of a newer one', async () => {
    const read = deliveryRow(1, messageIdAt(1), toSession, { state: 'acked', endedAt: 3, rev: 4 })
    stores.deliveries.put([read])
    const reply: NewReply = {
      messageId: messageIdAt(1),
      to: [],
      body: 'Yes',
      priority: 'normal',
      isAckRequired: false,
      requestId: 'request-2',
    }
    await actionsOn({ reply: () => sent }).reply(reply)
    expect(stores.deliveries.get(deliveryIdAt(1))).toEqual(read)
  })

  it('that is refused leaves everything as it was and says why', async () => {
    const { send } = actionsOn({ send: refuse })
    const result = await send({ ...newMessage, projectId: projectIdAt(1) })
    expect(result).toEqual({ ok: false, refusal: { code: 'NOT_FOUND', message: 'It is gone.' } })
    expect(stores.messages.store.getState().byId.size).toBe(0)
  })
})

describe('reading', () => {
  it('asks for each message and takes what became of it', async () => {
    stores.deliveries.put([deliveryRow(1, messageIdAt(1), person)])
    const { markRead } = actionsOn({ read: () => ({ delivery: newer, seq: 3 }) })
    expect(await markRead([messageIdAt(1), messageIdAt(2)])).toBeNull()
    expect(asked).toEqual([{ messageId: messageIdAt(1) }, { messageId: messageIdAt(2) }])
    expect(stores.deliveries.get(deliveryIdAt(1))).toEqual(newer)
  })

  it('stops at the first refusal', async () => {
    const { markRead } = actionsOn({ read: refuse })
    expect(await markRead([messageIdAt(1), messageIdAt(2)])).toMatchObject({ message: 'It is gone.' })
    expect(asked).toHaveLength(1)
  })

  it('of all leaves what asks for an acknowledgement, what was seen, and what is for others', async () => {
    stores.deliveries.put([
      deliveryRow(1, messageIdAt(1), person),
      deliveryRow(2, messageIdAt(2), person, { isAckRequired: true }),
      deliveryRow(3, messageIdAt(3), person, { seenAt: 4 }),
      deliveryRow(4, messageIdAt(4), toSession),
    ])
    await actionsOn({ ack: () => ({ deliveries: [newer], seq: 3 }) }).markAllRead()
    expect(asked).toEqual([{ messageIds: [messageIdAt(1)] }])
    expect(stores.deliveries.get(deliveryIdAt(1))?.state).toBe('acked')
  })
})

describe('acknowledging', () => {
  it('goes in parts that the backend takes', async () => {
    const ids = Array.from({ length: 150 }, (_, n) => messageIdAt(n))
    await actionsOn({ ack: () => ({ deliveries: [], seq: 3 }) }).acknowledge(ids)
    expect(asked.map((input) => (input as { messageIds: unknown[] }).messageIds.length)).toEqual([100, 50])
  })

  it('that is refused says so', async () => {
    await actionsOn({ ack: refuse }).acknowledge([messageIdAt(1)])
    expect(refused).toEqual(['It is gone.'])
  })
})

it('older messages are put beside the newer ones, and no thread goes back', async () => {
  const now = threadRow(1, 'Zones', { messageCount: 3 })
  stores.threads.put([now])
  const page = {
    threads: [threadRow(1, 'Zones', { messageCount: 2 }), threadRow(2, 'Older')],
    messages: [messageRow(1, threadIdAt(1), 'First'), messageRow(2, threadIdAt(2), 'Other')],
    deliveries: [newer],
    hasMore: false,
  }
  const fetched = await actionsOn({ page: () => page }).fetchOlder({ threadId: null, messageId: messageIdAt(3) })
  expect(fetched).toEqual({ ok: true, value: page })
  expect(asked).toMatchObject([{ threadId: null, projectId: null, before: messageIdAt(3) }])
  expect(stores.threads.get(threadIdAt(1))).toEqual(now)
  expect([...stores.threads.store.getState().byId.keys()]).toEqual([threadIdAt(1), threadIdAt(2)])
  expect(stores.messages.get(messageIdAt(1))?.body).toBe('First')
})

describe('what is missing of a thread', () => {
  const numbers = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => from - n)
  const pageOf = (ids: readonly number[], hasMore: boolean) => ({
    threads: [],
    messages: ids.map((n) => messageRow(n, threadIdAt(1), `Message ${n}`)),
    deliveries: [],
    hasMore,
  })

  it('is found between one that waits for the person and the newest', async () => {
    stores.messages.put([...numbers(9, 7), 1].map((n) => messageRow(n, threadIdAt(1), 'Here')))
    const { fetchMissing } = actionsOn({
      page: ({ before }: { before: string | null }) =>
        before === null ? pageOf(numbers(9, 8), true) : pageOf(numbers(7, 4), true),
    })
    expect(await fetchMissing(threadIdAt(1))).toBeNull()
    expect(asked).toMatchObject([{ before: null }, { before: messageIdAt(8) }])
    expect(stores.messages.get(messageIdAt(5))?.body).toBe('Message 5')
  })

  it('is given up for at the beginning, and when it is refused', async () => {
    stores.messages.put(numbers(2, 1).map((n) => messageRow(n, threadIdAt(1), 'Here')))
    expect(await actionsOn({ page: () => pageOf([2, 1], false) }).fetchMissing(threadIdAt(1))).toBeNull()
    expect(await actionsOn({ page: refuse }).fetchMissing(threadIdAt(1))).toMatchObject({ message: 'It is gone.' })
    expect(asked).toHaveLength(2)
  })
})
