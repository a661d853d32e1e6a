import { describe, expect, it } from 'vitest'
import type { IncarnationId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Incarnation } from './incarnations-store.ts'
import { createSessionTokens, hashToken, newToken } from './session-tokens.ts'
import { createStartSlots } from './start-slots.ts'

const never = () => new AbortController().signal
/** Whether a promise is settled once everything that is ready has run. */
const isSettled = async (promise: Promise<unknown>) => {
  let settled = false
  void promise.then(() => (settled = true))
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

describe('starting agents a few at a time', () => {
  it('gives so many turns at once, and the next one when one is given back, first come first served', async () => {
    const slots = createStartSlots({ most: 2, gapMs: 0 })
    const [first] = await Promise.all([slots.take(never()), slots.take(never())])
    const third = slots.take(never())
    const fourth = slots.take(never())
    expect(slots.isBusy()).toBe(true)
    expect(await isSettled(third)).toBe(false)
    first?.()
    expect(await isSettled(third)).toBe(true)
    expect(await isSettled(fourth)).toBe(false)
    ;(await third)?.()
    expect(await fourth).toBeTypeOf('function')
  })

  it('takes a turn back once, however often it is given', async () => {
    const slots = createStartSlots({ most: 1, gapMs: 0 })
    const giveBack = await slots.take(never())
    giveBack?.()
    giveBack?.()
    await slots.take(never())
    expect(await isSettled(slots.take(never()))).toBe(false)
  })

  it('gives no turn to one that does not want it any more, and none is lost by it', async () => {
    const slots = createStartSlots({ most: 1, gapMs: 0 })
    const first = await slots.take(never())
    const leaving = new AbortController()
    const second = slots.take(leaving.signal)
    const third = slots.take(never())
    leaving.abort()
    expect(await second).toBeNull()
    first?.()
    expect(await third).toBeTypeOf('function')
    expect(await slots.take(AbortSignal.abort())).toBeNull()
  })

  it('lets some time pass between two starts, though there is room', async () => {
    const slots = createStartSlots({ most: 5, gapMs: 40 })
    await slots.take(never())
    expect(slots.isBusy()).toBe(true)
    const second = slots.take(never())
    expect(await isSettled(second)).toBe(false)
    // Timers of the slots do not keep a process alive, so this one does while it waits.
    const alive = setInterval(() => undefined, 1000)
    expect(await second).toBeTypeOf('function')
    clearInterval(alive)
  })

  it('is free at first and when all turns are back', async () => {
    const slots = createStartSlots({ most: 1, gapMs: 0 })
    expect(slots.isBusy()).toBe(false)
    const giveBack = await slots.take(never())
    expect(slots.isBusy()).toBe(true)
    giveBack?.()
    expect(slots.isBusy()).toBe(false)
  })
})

describe('the token of a session', () => {
  const incarnation = (name: string, ...tokens: string[]) =>
    ({
      id: name as IncarnationId,
      sessionId: `ses-${name}` as SessionId,
      tokenHashes: tokens.map(hashToken),
    }) as unknown as Incarnation

  it('is long, random, and kept as a hash only', () => {
    const [a, b] = [newToken(), newToken()]
    expect(a).toMatch(/^[0-9a-f]{64}$/)
    expect(a).not.toBe(b)
    expect(hashToken(a)).toMatch(/^[0-9a-f]{64}$/)
    expect(hashToken(a)).not.toContain(a.slice(0, 16))
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('names its holder while its incarnation lives', () => {
    const tokens = createSessionTokens()
    const [mine, other] = [newToken(), newToken()]
    tokens.admit(incarnation('a', mine))
    tokens.admit(incarnation('b', other))
    expect(tokens.holderOf(mine)).toEqual({ sessionId: 'ses-a', incarnationId: 'a' })
    expect(tokens.holderOf(other)).toEqual({ sessionId: 'ses-b', incarnationId: 'b' })
    tokens.dismiss('a' as IncarnationId)
    expect(tokens.holderOf(mine)).toBeNull()
    expect(tokens.holderOf(other)).not.toBeNull()
  })

  it('of a start that was tried again counts, both the old one and the new one', () => {
    const tokens = createSessionTokens()
    const [old, fresh] = [newToken(), newToken()]
    tokens.admit(incarnation('a', old))
    tokens.admit(incarnation('a', old, fresh))
    expect(tokens.holderOf(old)).toEqual(tokens.holderOf(fresh))
    tokens.admit(incarnation('a', fresh))
    expect(tokens.holderOf(old)).toBeNull()
  })

  it.each(['', 'x', 'a'.repeat(63), hashToken('known')])('is not %j', (guess) => {
    const tokens = createSessionTokens()
    tokens.admit(incarnation('a', 'known'))
    expect(tokens.holderOf(guess)).toBeNull()
  })
})
