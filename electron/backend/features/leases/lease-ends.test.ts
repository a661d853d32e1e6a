import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LeaseId } from '../../../../shared/lib/ids.ts'
import { as, openLeaseLab, person, projectId, refusal, type LeaseLab } from '../../testing/lease-lab.ts'
import type { TestSession } from '../../testing/test-sessions.ts'
import { leaseTtlMs, longestHoldMs } from './lease-rules.ts'
import { renewGapMs } from './renew-leases.ts'

const minuteMs = 60_000
let lab: LeaseLab
let kernel: LeaseLab['kernel']
let clock: LeaseLab['clock']
let sessions: LeaseLab['sessions']
let anna: LeaseLab['anna']
let bert: LeaseLab['bert']
let cleo: LeaseLab['cleo']
let acquire: LeaseLab['acquire']
let granted: LeaseLab['granted']
let waits: LeaseLab['waits']
let listHeld: LeaseLab['listHeld']
let held: LeaseLab['held']
let inLine: LeaseLab['inLine']
let lastSeq: LeaseLab['lastSeq']
let reopen: LeaseLab['reopen']
beforeEach(async () => {
  lab = await openLeaseLab()
  ;({ kernel, clock, sessions, anna, bert, cleo, acquire, granted, waits, listHeld, held, inLine, lastSeq, reopen } =
    lab)
})
afterEach(() => lab.close())

describe('giving back', () => {
  it('names what it means by id or by target, and gives back nothing when one of it is not held', async () => {
    const { leases: rows } = await granted(anna, 'a', 'b', 'c')
    const { code, message } = await refusal(lab.leases().release(anna, ['a', 'z'], as(anna)))
    expect(code).toBe('NOT_FOUND')
    expect(message).toBe('You hold no lease on z. You hold a, b, c.')
    expect(await held()).toHaveLength(3)
    const released = await lab.leases().release(anna, ['./a', String(rows[1]?.id), 'a'], as(anna))
    expect(released).toMatchObject({ value: { leases: [{ id: rows[0]?.id }, { id: rows[1]?.id }], seq: lastSeq() } })
    expect(kernel.changes.at(-1)).toMatchObject({
      topic: 'leases.removed',
      payload: { id: rows[1]?.id, sessionId: anna.sessionId, why: 'released' },
    })
  })

  it('of what has ended says why it did', async () => {
    const { leases: rows } = await granted(anna, 'a')
    clock.now += leaseTtlMs
    await lab.leases().sweep()
    const { message } = await refusal(lab.leases().release(anna, [String(rows[0]?.id)], as(anna)))
    expect(message).toContain('no sign of life')
    expect(await refusal(lab.leases().release(anna, [], as(anna)))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await refusal(lab.leases().releaseOne(rows[0]?.id as LeaseId, person))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is also done by the person, for whom somebody waits', async () => {
    const { leases: rows } = await granted(anna, 'a')
    await waits(bert, 'a')
    const released = await lab.leases().releaseOne(rows[0]?.id as LeaseId, person)
    expect(released).toMatchObject({ ok: true, value: { seq: expect.any(Number) } })
    expect(await held()).toEqual([['bert', 'a']])
  })
})

describe('the policy', () => {
  const leaseOf = async (who: TestSession) =>
    (await listHeld()).find(({ sessionId }) => sessionId === who.sessionId)?.id as LeaseId

  it('is not made stricter than what others hold allows', async () => {
    await acquire(anna, { targets: ['src/**'], policy: 'warn' })
    await acquire(bert, { targets: ['src/a.ts'], policy: 'warn' })
    expect(await refusal(lab.leases().setPolicy(await leaseOf(anna), 'enforce', person))).toMatchObject({
      code: 'HELD',
    })
    await lab.leases().setPolicy(await leaseOf(bert), 'advisory', person)
    const set = await lab.leases().setPolicy(await leaseOf(anna), 'enforce', person)
    expect(set).toMatchObject({ value: { lease: { policy: 'enforce', rev: 2 }, seq: lastSeq() } })
  })

  it('made milder lets in who waited for that', async () => {
    await granted(anna, 'a')
    await acquire(bert, { targets: ['a'], policy: 'warn', wait: true })
    await lab.leases().setPolicy(await leaseOf(anna), 'warn', person)
    expect(await held()).toContainEqual(['bert', 'a'])
  })

  it('is not made stricter where that would close a ring', async () => {
    await granted(anna, 'a')
    await acquire(bert, { targets: ['b'], policy: 'warn' })
    await acquire(cleo, { targets: ['c'] })
    await acquire(bert, { targets: ['a'], policy: 'warn', wait: true })
    await acquire(anna, { targets: ['b', 'c'], policy: 'warn', wait: true })
    const { code, message } = await refusal(lab.leases().setPolicy(await leaseOf(bert), 'enforce', person))
    expect(code).toBe('DEADLOCK')
    expect(message).toContain('“Anna”')
  })
})

describe('time', () => {
  it('ends a lease without a sign of life, and serves who waited', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    clock.now += leaseTtlMs - 1
    await lab.leases().sweep()
    expect(await held()).toEqual([['anna', 'a']])
    clock.now += 1
    await lab.leases().sweep()
    expect(await held()).toEqual([['bert', 'a']])
    expect(kernel.changes).toContainEqual(
      expect.objectContaining({ topic: 'leases.removed', payload: expect.objectContaining({ why: 'expired' }) }),
    )
  })

  it('is asked about a sleep before a lease is called expired', async () => {
    await granted(anna, 'a')
    clock.now += leaseTtlMs
    clock.looks = 0
    await lab.leases().sweep()
    await acquire(bert, { targets: ['a'] })
    expect(clock.looks).toBe(2)
  })

  it('of a sleep is credited to leases and waiters', async () => {
    const { leases: rows } = await granted(anna, 'a')
    const waiter = await waits(bert, 'a')
    clock.now += 10 * longestHoldMs
    await sessions.command((context) => lab.leases().creditSuspend(context, 10 * longestHoldMs))
    await lab.leases().sweep()
    const [after] = await listHeld()
    expect(after?.expiresAt).toBe((rows[0]?.expiresAt ?? 0) + 10 * longestHoldMs)
    expect(after?.holdUntil).toBe((rows[0]?.holdUntil ?? 0) + 10 * longestHoldMs)
    expect(await kernel.database.read(lab.leases().listWaiters)).toEqual([
      { ...waiter, expiresAt: waiter.expiresAt + 10 * longestHoldMs },
    ])
  })

  it('is renewed by activity, written once in a while, and not beyond the longest hold', async () => {
    await granted(anna, 'a')
    const begun = clock.now
    const writes = () => kernel.changes.filter(({ topic }) => topic === 'leases.changed').length
    clock.now += minuteMs
    await lab.leases().noteActivity(anna)
    const count = writes()
    clock.now += renewGapMs - 1
    await lab.leases().noteActivity(anna)
    expect(writes()).toBe(count)
    clock.now += 1
    await lab.leases().noteActivity(anna)
    expect(writes()).toBe(count + 1)
    expect((await listHeld())[0]?.expiresAt).toBe(clock.now + leaseTtlMs)
    while (clock.now + 10 * minuteMs < begun + longestHoldMs) {
      clock.now += 10 * minuteMs
      await lab.leases().noteActivity(anna)
      await lab.leases().sweep()
    }
    expect((await listHeld())[0]?.expiresAt).toBe(begun + longestHoldMs)
    clock.now = begun + longestHoldMs
    await lab.leases().sweep()
    expect(await held()).toEqual([])
    expect(kernel.changes.at(-1)).toMatchObject({ payload: { why: 'held-too-long' } })
  })

  it('of one who holds nothing costs nothing', async () => {
    const before = kernel.changes.length
    await lab.leases().noteActivity(anna)
    await lab.leases().sweep()
    expect(kernel.changes).toHaveLength(before)
    expect(await refusal(lab.leases().renew(anna, as(anna)))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is also renewed when asked for', async () => {
    await granted(anna, 'a')
    clock.now += minuteMs
    expect(await lab.leases().renew(anna, as(anna))).toMatchObject({
      value: { leases: [{ expiresAt: clock.now + leaseTtlMs }], seq: lastSeq() },
    })
  })

  it('ends a wait after the longest hold', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    clock.now += longestHoldMs
    await lab.leases().sweep()
    expect(await inLine()).toEqual([])
    expect(await held()).toEqual([])
  })
})

describe('the end of its owner', () => {
  it('frees what its process had and waited for, in favour of the living', async () => {
    await granted(anna, 'a')
    await granted(bert, 'b')
    const [dead, living] = [await waits(bert, 'a'), await waits(cleo, 'a', 'b')]
    const settled = lab.leases().whenSettled(living.id, new AbortController().signal)
    await sessions.end(bert.sessionId)
    await sessions.end(anna.sessionId)
    expect(await settled).toBe('granted')
    expect(await lab.leases().whenSettled(dead.id, new AbortController().signal)).toBe('owner-ended')
    expect(await held()).toEqual([
      ['cleo', 'a'],
      ['cleo', 'b'],
    ])
  })

  it('is noticed after a restart of the app, and its next process does not inherit', async () => {
    await granted(anna, 'a')
    await lab.leases().close()
    await sessions.end(anna.sessionId)
    await sessions.begin(anna.sessionId)
    await reopen()
    expect(await held()).toEqual([['anna', 'a']])
    await lab.leases().sweep()
    expect(await held()).toEqual([])
  })

  it('of its attempt frees all it has in the transaction of that', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    await sessions.command((context) => lab.leases().endAttempt(context, anna.sessionId))
    expect(await held()).toEqual([['bert', 'a']])
    expect(kernel.changes.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ sessionId: anna.sessionId, why: 'attempt-ended' }),
    )
  })

  it('of its project removes every trace', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    await sessions.command((context) => lab.leases().forgetProject(context, projectId))
    expect([await held(), await inLine()]).toEqual([[], []])
  })
})
