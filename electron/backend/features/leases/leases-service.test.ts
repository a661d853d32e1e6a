import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LeaseMode, LeasePolicy, LeaseRequest } from '../../../../shared/contract/leases.ts'
import type { LeaseId, ProjectId, SessionId, WaiterId } from '../../../../shared/lib/ids.ts'
import type { Identity } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createTestSessions, type TestSession } from '../../testing/test-sessions.ts'
import { findOwner } from '../sessions/find-owner.ts'
import { leaseTtlMs, longestHoldMs, mostLeases } from './lease-rules.ts'
import { createLeasesService, type LeasesService } from './leases-service.ts'
import { renewGapMs } from './renew-leases.ts'

const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const otherProject = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAW' as ProjectId
const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }
const minuteMs = 60_000

let kernel: TestKernel
let now: number
let sessions: ReturnType<typeof createTestSessions>
let leases: LeasesService
let looks: number
let anna: TestSession
let bert: TestSession
let cleo: TestSession

const openService = () =>
  createLeasesService({
    ...kernel,
    log: silentLog,
    sessions: { findOwner },
    ignoresCase: false,
    lookForSuspend: async () => void (looks += 1),
  })
beforeEach(async () => {
  now = 1_000_000
  looks = 0
  kernel = createTestKernel(() => now)
  sessions = createTestSessions(kernel, projectId)
  ;[anna, bert, cleo] = [await sessions.add('Anna'), await sessions.add('Bert'), await sessions.add('Cleo')]
  leases = await openService()
})
afterEach(async () => {
  await leases.close()
  await kernel.close()
})

const as = ({ sessionId }: TestSession): Identity => ({ kind: 'session', id: sessionId, right: 'full' })
interface Ask {
  readonly targets: readonly string[]
  readonly mode?: LeaseMode
  readonly policy?: LeasePolicy | null
  readonly wait?: boolean
  readonly requestId?: string
}
const request = ({ targets, mode = 'exclusive', policy = 'enforce', wait = false, requestId }: Ask): LeaseRequest => ({
  targets: [...targets],
  mode,
  policy,
  wait,
  requestId: requestId ?? kernel.newId('int'),
})
const acquire = (who: TestSession, ask: Ask) => leases.acquire(who, request(ask), as(who))
const granted = async (who: TestSession, ...targets: string[]) => {
  const result = await acquire(who, { targets })
  if (!result.ok || result.value.kind !== 'granted') throw new Error(JSON.stringify(result))
  return result.value
}
const waits = async (who: TestSession, ...targets: string[]) => {
  const result = await acquire(who, { targets, wait: true })
  if (!result.ok || result.value.kind !== 'waiting') throw new Error(JSON.stringify(result))
  return result.value.waiter
}
const held = async () =>
  (await kernel.database.read(leases.list)).map(({ sessionId, target }) => [
    sessionId === anna.sessionId ? 'anna' : sessionId === bert.sessionId ? 'bert' : 'cleo',
    target.kind === 'path' ? target.pattern : target.name,
  ])
const inLine = async () => (await kernel.database.read(leases.listWaiters)).map(({ id }) => id)
const lastSeq = () => kernel.changes.at(-1)?.seq
const refusal = async (result: Promise<{ ok: boolean; refusal?: { code: string; message: string } }>) =>
  (await result).refusal ?? { code: 'none', message: '' }

describe('acquiring', () => {
  it('grants all of it at once, with the number of the event, and tells each lease', async () => {
    const { leases: rows, seq } = await granted(anna, 'src/b.ts', './src/a.ts', 'resource:port:5173')
    expect(seq).toBe(lastSeq())
    expect(rows.map(({ target }) => target)).toEqual([
      { kind: 'resource', name: 'port:5173' },
      { kind: 'path', pattern: 'src/a.ts' },
      { kind: 'path', pattern: 'src/b.ts' },
    ])
    expect(rows[0]).toMatchObject({
      ...anna,
      projectId,
      acquiredAt: now,
      expiresAt: now + leaseTtlMs,
      holdUntil: now + longestHoldMs,
    })
    expect(kernel.changes.slice(-3).map(({ topic, payload }) => [topic, payload])).toEqual(
      rows.map((row) => ['leases.changed', row]),
    )
    expect(await kernel.database.read(leases.list)).toEqual(rows)
  })

  it('grants nothing when one of it is held, and says by whom, how long, and what to do', async () => {
    await granted(anna, 'src/**')
    now += 5 * minuteMs
    const { code, message } = await refusal(acquire(bert, { targets: ['docs/x.md', 'src/a.ts'] }))
    expect(code).toBe('HELD')
    expect(message).toBe(
      `src/** is leased by “Anna” (${anna.sessionId}) (exclusive, 10 min left unless it goes on). ` +
        'Send its owner a message (mail send), stand in line (lease acquire with wait), or ask for less.',
    )
    expect(await held()).toEqual([['anna', 'src/**']])
    expect(kernel.changes.at(-1)).toMatchObject({
      topic: 'refusals.recorded',
      payload: { subject: bert.sessionId, command: 'acquire-leases', code: 'HELD', by: `session:${bert.sessionId}` },
    })
  })

  it('answers a repeat of a request with the same, and changes nothing', async () => {
    const ask = { targets: ['src/**'], requestId: 'request-1' }
    const first = await acquire(anna, ask)
    const seq = lastSeq()
    expect(await acquire(anna, ask)).toEqual(first)
    expect(lastSeq()).toBe(seq)
  })

  it('lets what only warns overlap, and says with whom; what only advises hinders nobody', async () => {
    await acquire(anna, { targets: ['src/**'], policy: null })
    const result = await acquire(bert, { targets: ['src/a.ts'], policy: 'warn' })
    expect(result).toMatchObject({ value: { kind: 'granted', overlapping: [{ policy: 'warn', ...anna }] } })
    expect(await refusal(acquire(cleo, { targets: ['src/a.ts'] }))).toMatchObject({ code: 'HELD' })
    expect(await acquire(cleo, { targets: ['src/a.ts'], policy: 'advisory' })).toMatchObject({ ok: true })
  })

  it('shares among those who share', async () => {
    await acquire(anna, { targets: ['src/**'], mode: 'shared' })
    expect(await acquire(bert, { targets: ['src/a.ts'], mode: 'shared' })).toMatchObject({
      value: { kind: 'granted', overlapping: [] },
    })
    expect(await refusal(acquire(cleo, { targets: ['src/b.ts'] }))).toMatchObject({ code: 'HELD' })
  })

  it('makes what is held already as strict as was asked, and goes on with it', async () => {
    const [before] = (await granted(anna, 'src/**')).leases
    now += minuteMs
    const again = await acquire(anna, { targets: ['src/**'], mode: 'shared', policy: 'warn' })
    const expected = { ...before, expiresAt: now + leaseTtlMs, rev: 2 }
    expect(again).toMatchObject({ value: { leases: [expected] } })
    expect(await kernel.database.read(leases.list)).toEqual([expected])
  })

  it('keeps resources of a project apart and those of the computer together', async () => {
    const dora = await sessions.add('Dora', { projectId: otherProject })
    await granted(anna, 'resource:merge', 'resource:port:80', 'src/**')
    expect(await acquire(dora, { targets: ['resource:merge', 'src/**'] })).toMatchObject({ ok: true })
    expect(await refusal(acquire(dora, { targets: ['resource:PORT:80'] }))).toMatchObject({ code: 'HELD' })
  })

  it('is refused to a process that is not the one that speaks for its session', async () => {
    const next = await (await sessions.end(anna.sessionId), sessions.begin(anna.sessionId))
    const { code, message } = await refusal(acquire(anna, { targets: ['a'] }))
    expect(code).toBe('NOT_RUNNING')
    expect(message).toContain('replaced')
    expect(await acquire(next, { targets: ['a'] })).toMatchObject({ ok: true })
    await sessions.end(anna.sessionId)
    expect(await refusal(leases.acquireFor(anna.sessionId, request({ targets: ['a'] }), person))).toEqual({
      code: 'NOT_RUNNING',
      message: '“Anna” does not run, and a lease ends with its process. Resume it first.',
    })
    const nobody = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId
    expect(await refusal(leases.acquireFor(nobody, request({ targets: ['a'] }), person))).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('is refused for what is no target, and for more than one session may have', async () => {
    expect(await refusal(acquire(anna, { targets: ['a', '../b'] }))).toMatchObject({ code: 'INVALID' })
    expect(await refusal(acquire(anna, { targets: ['resource:a b'] }))).toMatchObject({ code: 'INVALID' })
    for (let n = 0; n < mostLeases; n += 20)
      await granted(anna, ...Array.from({ length: 20 }, (_, at) => `src/${n + at}.ts`))
    expect(await refusal(acquire(anna, { targets: ['docs'] }))).toMatchObject({ code: 'TOO_MANY' })
  })
})

describe('the line', () => {
  it('is served first come first, by one grant for each release', async () => {
    await granted(anna, 'a')
    const [first, second] = [await waits(bert, 'a'), await waits(cleo, 'a', 'b')]
    expect(await inLine()).toEqual([first.id, second.id])
    await leases.release(anna, [], as(anna))
    expect(await held()).toEqual([['bert', 'a']])
    expect(await inLine()).toEqual([second.id])
    await leases.release(bert, ['a'], as(bert))
    expect(await held()).toEqual([
      ['cleo', 'a'],
      ['cleo', 'b'],
    ])
    expect(await inLine()).toEqual([])
  })

  it('is not jumped by one who comes later, though what it asks for is free', async () => {
    await granted(anna, 'src/a.ts')
    await waits(bert, 'src/**')
    const { code, message } = await refusal(acquire(cleo, { targets: ['src/b.ts'] }))
    expect(code).toBe('HELD')
    expect(message).toContain(`“Bert” (${bert.sessionId}) asked before`)
    expect(await acquire(cleo, { targets: ['docs/b.ts'] })).toMatchObject({ value: { kind: 'granted' } })
  })

  it('keeps the place of one who asks again for the same', async () => {
    await granted(anna, 'a')
    const first = await waits(bert, 'a')
    await waits(cleo, 'a')
    expect((await waits(bert, './a')).id).toBe(first.id)
    expect(await inLine()).toHaveLength(2)
  })

  it('refuses the one who would close a ring, and tells it what to release', async () => {
    await granted(anna, 'a')
    await granted(bert, 'b')
    await granted(cleo, 'c')
    await waits(anna, 'b')
    await waits(bert, 'c')
    const { code, message } = await refusal(acquire(cleo, { targets: ['a'], wait: true }))
    expect(code).toBe('DEADLOCK')
    expect(message).toContain('“Anna”')
    expect(message).toContain('lease release')
    await leases.release(cleo, ['c'], as(cleo))
    expect(await held()).toContainEqual(['bert', 'c'])
  })

  it('tells how the waiting ended, also when it ended before anyone listened', async () => {
    await granted(anna, 'a')
    const [first, second] = [await waits(bert, 'a'), await waits(cleo, 'a')]
    const never = new AbortController()
    const settled = leases.whenSettled(first.id, never.signal)
    await leases.release(anna, [], as(anna))
    expect(await settled).toBe('granted')
    expect(await leases.whenSettled(first.id, never.signal)).toBe('granted')
    const waiting = leases.whenSettled(second.id, never.signal)
    never.abort()
    expect(await waiting).toBeNull()
    expect(await leases.whenSettled(second.id, never.signal)).toBeNull()
    expect(await leases.whenSettled('wtr_01ARZ3NDEKTSV4RRFFQ69G5FAV' as WaiterId, never.signal)).toBeNull()
  })

  it('is left by who is taken out of it, and only by its own session or the person', async () => {
    await granted(anna, 'a')
    const [first, second] = [await waits(bert, 'a', 'b'), await waits(cleo, 'b')]
    expect(await refusal(leases.cancelWait(first.id, as(cleo)))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await leases.cancelWait(first.id, person)).toMatchObject({ ok: true })
    expect(await held()).toContainEqual(['cleo', 'b'])
    expect(await refusal(leases.cancelWait(second.id, as(cleo)))).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('giving back', () => {
  it('names what it means by id or by target, and gives back nothing when one of it is not held', async () => {
    const { leases: rows } = await granted(anna, 'a', 'b', 'c')
    const { code, message } = await refusal(leases.release(anna, ['a', 'z'], as(anna)))
    expect(code).toBe('NOT_FOUND')
    expect(message).toBe('You hold no lease on z. You hold a, b, c.')
    expect(await held()).toHaveLength(3)
    const released = await leases.release(anna, ['./a', String(rows[1]?.id), 'a'], as(anna))
    expect(released).toMatchObject({ value: { leases: [{ id: rows[0]?.id }, { id: rows[1]?.id }], seq: lastSeq() } })
    expect(kernel.changes.at(-1)).toMatchObject({
      topic: 'leases.removed',
      payload: { id: rows[1]?.id, sessionId: anna.sessionId, why: 'released' },
    })
  })

  it('of what has ended says why it did', async () => {
    const { leases: rows } = await granted(anna, 'a')
    now += leaseTtlMs
    await leases.sweep()
    const { message } = await refusal(leases.release(anna, [String(rows[0]?.id)], as(anna)))
    expect(message).toContain('no sign of life')
    expect(await refusal(leases.release(anna, [], as(anna)))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await refusal(leases.releaseOne(rows[0]?.id as LeaseId, person))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is also done by the person, for whom somebody waits', async () => {
    const { leases: rows } = await granted(anna, 'a')
    await waits(bert, 'a')
    const released = await leases.releaseOne(rows[0]?.id as LeaseId, person)
    expect(released).toMatchObject({ ok: true, value: { seq: expect.any(Number) } })
    expect(await held()).toEqual([['bert', 'a']])
  })
})

describe('the policy', () => {
  const leaseOf = async (who: TestSession) =>
    (await kernel.database.read(leases.list)).find(({ sessionId }) => sessionId === who.sessionId)?.id as LeaseId

  it('is not made stricter than what others hold allows', async () => {
    await acquire(anna, { targets: ['src/**'], policy: 'warn' })
    await acquire(bert, { targets: ['src/a.ts'], policy: 'warn' })
    expect(await refusal(leases.setPolicy(await leaseOf(anna), 'enforce', person))).toMatchObject({ code: 'HELD' })
    await leases.setPolicy(await leaseOf(bert), 'advisory', person)
    const set = await leases.setPolicy(await leaseOf(anna), 'enforce', person)
    expect(set).toMatchObject({ value: { lease: { policy: 'enforce', rev: 2 }, seq: lastSeq() } })
  })

  it('made milder lets in who waited for that', async () => {
    await granted(anna, 'a')
    await acquire(bert, { targets: ['a'], policy: 'warn', wait: true })
    await leases.setPolicy(await leaseOf(anna), 'warn', person)
    expect(await held()).toContainEqual(['bert', 'a'])
  })

  it('is not made stricter where that would close a ring', async () => {
    await granted(anna, 'a')
    await acquire(bert, { targets: ['b'], policy: 'warn' })
    await acquire(cleo, { targets: ['c'] })
    await acquire(bert, { targets: ['a'], policy: 'warn', wait: true })
    await acquire(anna, { targets: ['b', 'c'], policy: 'warn', wait: true })
    const { code, message } = await refusal(leases.setPolicy(await leaseOf(bert), 'enforce', person))
    expect(code).toBe('DEADLOCK')
    expect(message).toContain('“Anna”')
  })
})

describe('time', () => {
  it('ends a lease without a sign of life, and serves who waited', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    now += leaseTtlMs - 1
    await leases.sweep()
    expect(await held()).toEqual([['anna', 'a']])
    now += 1
    await leases.sweep()
    expect(await held()).toEqual([['bert', 'a']])
    expect(kernel.changes).toContainEqual(
      expect.objectContaining({ topic: 'leases.removed', payload: expect.objectContaining({ why: 'expired' }) }),
    )
  })

  it('is asked about a sleep before a lease is called expired', async () => {
    await granted(anna, 'a')
    now += leaseTtlMs
    looks = 0
    await leases.sweep()
    await acquire(bert, { targets: ['a'] })
    expect(looks).toBe(2)
  })

  it('of a sleep is credited to leases and waiters', async () => {
    const { leases: rows } = await granted(anna, 'a')
    const waiter = await waits(bert, 'a')
    now += 10 * longestHoldMs
    await sessions.command((context) => leases.creditSuspend(context, 10 * longestHoldMs))
    await leases.sweep()
    const [after] = await kernel.database.read(leases.list)
    expect(after?.expiresAt).toBe((rows[0]?.expiresAt ?? 0) + 10 * longestHoldMs)
    expect(after?.holdUntil).toBe((rows[0]?.holdUntil ?? 0) + 10 * longestHoldMs)
    expect(await kernel.database.read(leases.listWaiters)).toEqual([
      { ...waiter, expiresAt: waiter.expiresAt + 10 * longestHoldMs },
    ])
  })

  it('is renewed by activity, written once in a while, and not beyond the longest hold', async () => {
    await granted(anna, 'a')
    const begun = now
    const writes = () => kernel.changes.filter(({ topic }) => topic === 'leases.changed').length
    now += minuteMs
    await leases.noteActivity(anna)
    const count = writes()
    now += renewGapMs - 1
    await leases.noteActivity(anna)
    expect(writes()).toBe(count)
    now += 1
    await leases.noteActivity(anna)
    expect(writes()).toBe(count + 1)
    expect((await kernel.database.read(leases.list))[0]?.expiresAt).toBe(now + leaseTtlMs)
    while (now + 10 * minuteMs < begun + longestHoldMs) {
      now += 10 * minuteMs
      await leases.noteActivity(anna)
      await leases.sweep()
    }
    expect((await kernel.database.read(leases.list))[0]?.expiresAt).toBe(begun + longestHoldMs)
    now = begun + longestHoldMs
    await leases.sweep()
    expect(await held()).toEqual([])
    expect(kernel.changes.at(-1)).toMatchObject({ payload: { why: 'held-too-long' } })
  })

  it('of one who holds nothing costs nothing', async () => {
    const before = kernel.changes.length
    await leases.noteActivity(anna)
    await leases.sweep()
    expect(kernel.changes).toHaveLength(before)
    expect(await refusal(leases.renew(anna, as(anna)))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is also renewed when asked for', async () => {
    await granted(anna, 'a')
    now += minuteMs
    expect(await leases.renew(anna, as(anna))).toMatchObject({
      value: { leases: [{ expiresAt: now + leaseTtlMs }], seq: lastSeq() },
    })
  })

  it('ends a wait after the longest hold', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    now += longestHoldMs
    await leases.sweep()
    expect(await inLine()).toEqual([])
    expect(await held()).toEqual([])
  })
})

describe('the end of its owner', () => {
  it('frees what its process had and waited for, in favour of the living', async () => {
    await granted(anna, 'a')
    await granted(bert, 'b')
    const [dead, living] = [await waits(bert, 'a'), await waits(cleo, 'a', 'b')]
    const settled = leases.whenSettled(living.id, new AbortController().signal)
    await sessions.end(bert.sessionId)
    await sessions.end(anna.sessionId)
    expect(await settled).toBe('granted')
    expect(await leases.whenSettled(dead.id, new AbortController().signal)).toBe('owner-ended')
    expect(await held()).toEqual([
      ['cleo', 'a'],
      ['cleo', 'b'],
    ])
  })

  it('is noticed after a restart of the app, and its next process does not inherit', async () => {
    await granted(anna, 'a')
    await leases.close()
    await sessions.end(anna.sessionId)
    await sessions.begin(anna.sessionId)
    leases = await openService()
    expect(await held()).toEqual([['anna', 'a']])
    await leases.sweep()
    expect(await held()).toEqual([])
  })

  it('of its attempt frees all it has in the transaction of that', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    await sessions.command((context) => leases.endAttempt(context, anna.sessionId))
    expect(await held()).toEqual([['bert', 'a']])
    expect(kernel.changes.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ sessionId: anna.sessionId, why: 'attempt-ended' }),
    )
  })

  it('of its project removes every trace', async () => {
    await granted(anna, 'a')
    await waits(bert, 'a')
    await sessions.command((context) => leases.forgetProject(context, projectId))
    expect([await held(), await inLine()]).toEqual([[], []])
  })
})
