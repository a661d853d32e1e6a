import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionId, WaiterId } from '../../../../shared/lib/ids.ts'
import { as, openLeaseLab, otherProject, person, projectId, refusal, type LeaseLab } from '../../testing/lease-lab.ts'
import { leaseTtlMs, longestHoldMs, mostLeases } from './lease-rules.ts'

const minuteMs = 60_000
let lab: LeaseLab
let kernel: LeaseLab['kernel']
let clock: LeaseLab['clock']
let sessions: LeaseLab['sessions']
let anna: LeaseLab['anna']
let bert: LeaseLab['bert']
let cleo: LeaseLab['cleo']
let request: LeaseLab['request']
let acquire: LeaseLab['acquire']
let granted: LeaseLab['granted']
let waits: LeaseLab['waits']
let listHeld: LeaseLab['listHeld']
let held: LeaseLab['held']
let inLine: LeaseLab['inLine']
let lastSeq: LeaseLab['lastSeq']
beforeEach(async () => {
  lab = await openLeaseLab()
  ;({ kernel, clock, sessions, anna, bert, cleo, request, acquire, granted, waits, listHeld, held, inLine, lastSeq } =
    lab)
})
afterEach(() => lab.close())

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
      acquiredAt: clock.now,
      expiresAt: clock.now + leaseTtlMs,
      holdUntil: clock.now + longestHoldMs,
    })
    expect(kernel.changes.slice(-3).map(({ topic, payload }) => [topic, payload])).toEqual(
      rows.map((row) => ['leases.changed', row]),
    )
    expect(await listHeld()).toEqual(rows)
  })

  it('grants nothing when one of it is held, and says by whom, how long, and what to do', async () => {
    await granted(anna, 'src/**')
    clock.now += 5 * minuteMs
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
    clock.now += minuteMs
    const again = await acquire(anna, { targets: ['src/**'], mode: 'shared', policy: 'warn' })
    const expected = { ...before, expiresAt: clock.now + leaseTtlMs, rev: 2 }
    expect(again).toMatchObject({ value: { leases: [expected] } })
    expect(await listHeld()).toEqual([expected])
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
    expect(await refusal(lab.leases().acquireFor(anna.sessionId, request({ targets: ['a'] }), person))).toEqual({
      code: 'NOT_RUNNING',
      message: '“Anna” does not run, and a lease ends with its process. Resume it first.',
    })
    const nobody = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId
    expect(await refusal(lab.leases().acquireFor(nobody, request({ targets: ['a'] }), person))).toMatchObject({
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
    await lab.leases().release(anna, [], as(anna))
    expect(await held()).toEqual([['bert', 'a']])
    expect(await inLine()).toEqual([second.id])
    expect(lab.served).toEqual([first.id])
    await lab.leases().release(bert, ['a'], as(bert))
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
    await lab.leases().release(cleo, ['c'], as(cleo))
    expect(await held()).toContainEqual(['bert', 'c'])
  })

  it('tells how the waiting ended, also when it ended before anyone listened', async () => {
    await granted(anna, 'a')
    const [first, second] = [await waits(bert, 'a'), await waits(cleo, 'a')]
    const never = new AbortController()
    const settled = lab.leases().whenSettled(first.id, never.signal)
    await lab.leases().release(anna, [], as(anna))
    expect(await settled).toBe('granted')
    expect(await lab.leases().whenSettled(first.id, never.signal)).toBe('granted')
    const waiting = lab.leases().whenSettled(second.id, never.signal)
    never.abort()
    expect(await waiting).toBeNull()
    expect(await lab.leases().whenSettled(second.id, never.signal)).toBeNull()
    expect(await lab.leases().whenSettled('wtr_01ARZ3NDEKTSV4RRFFQ69G5FAV' as WaiterId, never.signal)).toBeNull()
  })

  it('is left by who is taken out of it, and only by its own session or the person', async () => {
    await granted(anna, 'a')
    const [first, second] = [await waits(bert, 'a', 'b'), await waits(cleo, 'b')]
    expect(await refusal(lab.leases().cancelWait(first.id, as(cleo)))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await lab.leases().cancelWait(first.id, person)).toMatchObject({ ok: true })
    expect(await held()).toContainEqual(['cleo', 'b'])
    expect(await refusal(lab.leases().cancelWait(second.id, as(cleo)))).toMatchObject({ code: 'NOT_FOUND' })
  })
})
