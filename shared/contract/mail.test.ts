import { describe, expect, it } from 'vitest'
import { deliverySchema, newMessageSchema, newReplySchema, partySchema, recipientSchema } from './mail.ts'

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe('a new message', () => {
  const message = {
    to: ['@bert'],
    kind: 'note',
    subject: 'Parser',
    body: 'Hello',
    priority: 'normal',
    isAckRequired: false,
    expiresInMs: null,
    dedupKey: null,
    requestId: 'request-1',
  }
  it.each<[string, object, boolean]>([
    ['as an agent writes it', {}, true],
    ['to twenty', { to: Array.from({ length: 20 }, () => 'person') }, true],
    ['to more', { to: Array.from({ length: 21 }, () => 'person') }, false],
    ['to nobody', { to: [] }, false],
    ['to a name of blanks', { to: ['  '] }, false],
    ['of a kind that is not for writing', { kind: 'notice' }, false],
    ['without a subject', { subject: ' ' }, false],
    ['with the longest body', { body: 'x'.repeat(32 * 1024) }, true],
    ['with a longer one', { body: `${'x'.repeat(32 * 1024)}x` }, false],
    ['with a body that is longer when it is written', { body: 'é'.repeat(16 * 1024 + 1) }, false],
    ['with an empty body', { body: '' }, false],
    ['with a NUL', { body: 'a\u0000' }, false],
    ['that expires at once', { expiresInMs: 0 }, false],
    ['that expires in a week', { expiresInMs: 7 * 24 * 3_600_000 }, true],
    ['of an unknown priority', { priority: 'asap' }, false],
    ['with a short request id', { requestId: 'x' }, false],
  ])('%s is accepted: %s', (_name, change, expected) => {
    expect(newMessageSchema.safeParse({ ...message, ...change }).success).toBe(expected)
  })

  it('says what to do when it is too long', () => {
    const judged = newMessageSchema.safeParse({ ...message, body: 'x'.repeat(40_000) })
    expect(judged.error?.issues[0]?.message).toBe('Use at most 32 KB; put the rest in a file and name it.')
  })

  it('that answers another may leave out whom it is for', () => {
    const { body, priority, isAckRequired, requestId } = message
    const reply = { messageId: `msg_${ulid}`, to: [], body, priority, isAckRequired, requestId }
    expect(newReplySchema.safeParse(reply).success).toBe(true)
    expect(newReplySchema.safeParse({ ...reply, messageId: `thr_${ulid}` }).success).toBe(false)
  })
})

describe('who writes and who gets it', () => {
  it('is one of a few', () => {
    expect(partySchema.safeParse({ kind: 'session', sessionId: `ses_${ulid}` }).success).toBe(true)
    expect(partySchema.safeParse({ kind: 'role', role: 'x' }).success).toBe(false)
    expect(recipientSchema.safeParse({ kind: 'role', role: 'reviewer', sessionId: null }).success).toBe(true)
    expect(recipientSchema.safeParse({ kind: 'system' }).success).toBe(false)
  })

  it('has a delivery in one of six states', () => {
    const state = deliverySchema.shape.state
    for (const known of ['queued', 'leased', 'injected', 'acked', 'expired', 'bounced'])
      expect(state.safeParse(known).success).toBe(true)
    expect(state.safeParse('read').success).toBe(false)
  })
})
