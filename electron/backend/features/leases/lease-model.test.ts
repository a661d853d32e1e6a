import * as fc from 'fast-check'
import { posix } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lease, LeaseMode, LeasePolicy, LeaseTarget, LeaseWaiter } from '../../../../shared/contract/leases.ts'
import type { LeaseId, ProjectId, WaiterId } from '../../../../shared/lib/ids.ts'
import type { Identity } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createTestSessions, type TestSession } from '../../testing/test-sessions.ts'
import { findOwner } from '../sessions/find-owner.ts'
import { createLeasesService, type LeasesService } from './leases-service.ts'

// No two owners hold overlapping exclusive enforced leases; who waits is served first come first; nothing is lost when a
// lease is released, expires, is made milder, or its owner dies, whatever the order, with the app started anew in between.

const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1000)
const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }

const targets = ['src/a.ts', 'src/*.ts', 'src/**', '**/*.md', 'docs/b.md', 'resource:port:1', 'resource:merge'] as const
// Any two of the patterns above that overlap at all do so in one of these.
const paths = ['src/a.ts', 'src/b.ts', 'src/x/c.ts', 'src/x/r.md', 'src/a.ts/r.md', 'docs/b.md', 'README.md'] as const

type Step =
  | {
      readonly kind: 'acquire'
      readonly who: number
      readonly targets: readonly string[]
      readonly mode: LeaseMode
      readonly policy: LeasePolicy
      readonly wait: boolean
    }
  | { readonly kind: 'release' | 'renew' | 'end' | 'end-attempt'; readonly who: number }
  | { readonly kind: 'release-one' | 'cancel'; readonly at: number }
  | { readonly kind: 'set-policy'; readonly at: number; readonly policy: LeasePolicy }
  | { readonly kind: 'time' | 'sleep'; readonly minutes: number }
  | { readonly kind: 'sweep' | 'restart' }

const who = fc.nat(2)
const at = fc.nat(5)
const policy = fc.constantFrom<LeasePolicy>('enforce', 'enforce', 'warn', 'advisory')
const acquire = fc.record({
  kind: fc.constant('acquire' as const),
  who,
  targets: fc.subarray([...targets], { minLength: 1, maxLength: 3 }),
  mode: fc.constantFrom<LeaseMode>('exclusive', 'exclusive', 'shared'),
  policy,
  wait: fc.constantFrom(true, true, false),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: acquire },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('release' as const, 'renew', 'end', 'end-attempt'), who }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('release-one' as const, 'cancel'), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set-policy' as const), at, policy }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('time' as const, 'sleep'), minutes: fc.constantFrom(1, 14, 16, 241) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('sweep' as const, 'restart') }) },
)

const covers = (target: LeaseTarget, path: string) =>
  target.kind === 'path' &&
  (posix.matchesGlob(path, target.pattern) || (!target.pattern.includes('*') && path.startsWith(`${target.pattern}/`)))
const overlap = (a: LeaseTarget, b: LeaseTarget) =>
  a.kind === 'resource' ? b.kind === 'resource' && a.name === b.name : paths.some((p) => covers(a, p) && covers(b, p))

interface Wish {
  readonly sessionId: string
  readonly target: LeaseTarget
  readonly mode: LeaseMode
  readonly policy: LeasePolicy
}
/** Written anew, by brute force over paths: the rule of the tree must agree with it. */
const mayNotMeet = (a: Wish, b: Wish) =>
  a.sessionId !== b.sessionId &&
  [a.mode, b.mode].includes('exclusive') &&
  [a.policy, b.policy].includes('enforce') &&
  ![a.policy, b.policy].includes('advisory') &&
  overlap(a.target, b.target)
const wishes = (waiter: LeaseWaiter): Wish[] => waiter.wants.map((want) => ({ ...want, sessionId: waiter.sessionId }))
const isAgainst = (a: readonly Wish[], b: readonly Wish[]) => a.some((one) => b.some((other) => mayNotMeet(one, other)))

let kernel: TestKernel
let now = 1_000_000
let leases: LeasesService
const sessions: TestSession[] = []
beforeAll(async () => {
  kernel = createTestKernel(() => now)
  const rows = createTestSessions(kernel, projectId)
  for (const title of ['Anna', 'Bert', 'Cleo']) sessions.push(await rows.add(title))
})
afterAll(() => kernel.close())

const openService = () =>
  createLeasesService({
    ...kernel,
    log: silentLog,
    sessions: { findOwner },
    ignoresCase: false,
    granted: async () => undefined,
    lookForSuspend: async () => undefined,
  })
const read = async () => ({
  held: await kernel.database.read(leases.list),
  line: await kernel.database.read(leases.listWaiters),
})
const pick = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % Math.max(1, items.length)]

const play = async (taken: Step): Promise<void> => {
  const rows = createTestSessions(kernel, projectId)
  const session = 'who' in taken ? sessions[taken.who]! : sessions[0]!
  const by: Identity = { kind: 'session', id: session.sessionId, right: 'full' }
  const { held, line } = await read()
  switch (taken.kind) {
    case 'acquire': {
      const { mode, policy: wanted, wait } = taken
      const request = { targets: [...taken.targets], mode, policy: wanted, wait, requestId: kernel.newId('int') }
      return void (await leases.acquire(session, request, by))
    }
    case 'release':
      return void (await leases.release(session, [], by))
    case 'renew':
      return leases.noteActivity(session)
    case 'end':
      await rows.end(session.sessionId)
      await leases.sweep()
      sessions[taken.who] = await rows.begin(session.sessionId)
      return
    case 'end-attempt':
      return rows.command((context) => leases.endAttempt(context, session.sessionId))
    case 'release-one':
      return void (await leases.releaseOne(pick(held, taken.at)?.id ?? ('lse_none' as LeaseId), person))
    case 'cancel':
      return void (await leases.cancelWait(pick(line, taken.at)?.id ?? ('wtr_none' as WaiterId), person))
    case 'set-policy': {
      const id = pick(held, taken.at)?.id ?? ('lse_none' as LeaseId)
      return void (await leases.setPolicy(id, taken.policy, person))
    }
    case 'time':
    case 'sleep':
      now += taken.minutes * 60_000
      if (taken.kind === 'sleep') await rows.command((context) => leases.creditSuspend(context, taken.minutes * 60_000))
      return leases.sweep()
    case 'sweep':
      return leases.sweep()
    case 'restart':
      await leases.close()
      leases = await openService()
  }
}

/** Sessions that wait for nobody leave; what is left in the end waits for itself. */
const checkNoRing = (held: readonly Lease[], line: readonly LeaseWaiter[]) => {
  let waiting = new Set(line.map(({ sessionId }) => sessionId))
  const waitsForOneOf = (id: string, others: ReadonlySet<string>) =>
    line.some(
      (waiter, index) =>
        waiter.sessionId === id &&
        (isAgainst(
          held.filter(({ sessionId }) => others.has(sessionId)),
          wishes(waiter),
        ) ||
          line.slice(0, index).some((one) => others.has(one.sessionId) && isAgainst(wishes(one), wishes(waiter)))),
    )
  for (let left = -1; left !== waiting.size;) {
    left = waiting.size
    waiting = new Set([...waiting].filter((id) => waitsForOneOf(id, waiting)))
  }
  expect([...waiting], 'sessions that wait for each other').toEqual([])
}

const checkState = (held: readonly Lease[], line: readonly LeaseWaiter[]) => {
  for (const a of held) for (const b of held) expect(mayNotMeet(a, b), `${a.id} and ${b.id}`).toBe(false)
  // Who could have all of it now, and whom nobody before it is against, may not be left waiting.
  for (const [index, waiter] of line.entries()) {
    const isBlocked =
      isAgainst(held, wishes(waiter)) || line.slice(0, index).some((other) => isAgainst(wishes(other), wishes(waiter)))
    expect(isBlocked, `${waiter.id} waits for nothing`).toBe(true)
  }
  checkNoRing(held, line)
  for (const { sessionId, incarnationId } of [...held, ...line])
    expect(sessions).toContainEqual({ sessionId, incarnationId })
}

/** Whoever got something may not have passed somebody who stood before it and wants the same. */
const checkOrder = (before: readonly LeaseWaiter[], after: readonly LeaseWaiter[], fresh: readonly Lease[]) => {
  const still = before.filter(({ id }) => after.some((waiter) => waiter.id === id))
  const served = before.filter(({ id }) =>
    kernel.changes.some((c) => c.topic === 'waiters.removed' && c.payload.id === id && c.payload.why === 'granted'),
  )
  for (const waiter of still) {
    const place = before.indexOf(waiter)
    for (const passed of served.filter((one) => before.indexOf(one) > place))
      expect(isAgainst(wishes(waiter), wishes(passed)), `${passed.id} passed ${waiter.id}`).toBe(false)
    const ofNobody = fresh.filter((lease) => !served.some(({ sessionId }) => sessionId === lease.sessionId))
    expect(isAgainst(wishes(waiter), ofNobody), `${waiter.id} was passed`).toBe(false)
  }
}

const checkIndex = async (held: readonly Lease[]) => {
  for (const path of paths)
    for (const { sessionId } of sessions) {
      const { kind } = await leases.checkEdit(sessionId, path)
      const covering = held.filter(({ target }) => covers(target, path))
      const own = covering.filter((lease) => lease.sessionId === sessionId)
      const others = covering.filter(
        (lease) =>
          lease.sessionId !== sessionId && !(lease.mode === 'shared' && own.some((one) => one.mode === 'shared')),
      )
      const strict = (wanted: LeasePolicy) => others.some((lease) => lease.policy === wanted)
      const expected = strict('enforce') ? 'refused' : strict('warn') ? 'warn' : own.length > 0 ? 'own' : 'free'
      expect(kind, `${path} for ${sessionId}`).toBe(expected)
    }
}

/** Everyone gives back what they have, again and again: everyone who waits must have a turn. */
const drain = async () => {
  for (let { held, line } = await read(); line.length > 0; { held, line } = await read()) {
    expect(held.length, 'nobody holds anything, and somebody waits').toBeGreaterThan(0)
    for (const { id } of held) await leases.releaseOne(id, person)
    const after = await read()
    checkState(after.held, after.line)
  }
}

it(`holds over every order of what may happen (${runs} runs)`, { timeout: 60_000 + runs * 500 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      await kernel.database.writer.run('DELETE FROM leases')
      await kernel.database.writer.run('DELETE FROM lease_waiters')
      leases = await openService()
      for (const taken of steps) {
        const before = await read()
        kernel.changes.length = 0
        await play(taken)
        const { held, line } = await read()
        checkState(held, line)
        const fresh = held.filter(({ id, policy }) => before.held.find((lease) => lease.id === id)?.policy !== policy)
        if (taken.kind === 'acquire') checkOrder(before.line, line, fresh)
        else checkOrder(before.line, line, [])
        await checkIndex(held)
      }
      await drain()
      await leases.close()
    }),
    { numRuns: runs },
  )
})
