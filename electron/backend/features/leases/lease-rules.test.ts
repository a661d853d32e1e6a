import { describe, expect, it } from 'vitest'
import type { Lease, LeaseMode, LeasePolicy, LeaseTarget, LeaseWaiter } from '../../../../shared/contract/leases.ts'
import { createConflictTest, targetText } from '../../../../shared/contract/lease-claims.ts'
import type { IncarnationId, LeaseId, ProjectId, SessionId, WaiterId } from '../../../../shared/lib/ids.ts'
import {
  dueEnd,
  grantWants,
  judgeAcquire,
  judgeEdit,
  leaseTtlMs,
  longestHoldMs,
  nextGrants,
  readTarget,
  readWants,
  renewLease,
} from './lease-rules.ts'

const projectId = 'prj_1' as ProjectId
const [anna, bert, cleo] = ['ses_anna', 'ses_bert', 'ses_cleo'] as unknown as [SessionId, SessionId, SessionId]
const path = (pattern: string): LeaseTarget => ({ kind: 'path', pattern })
let made = 0
const lease = (sessionId: SessionId, change: Partial<Lease> = {}): Lease => ({
  id: `lse_${(made += 1)}` as LeaseId,
  projectId,
  sessionId,
  incarnationId: `inc_${sessionId}` as IncarnationId,
  target: path('a'),
  mode: 'exclusive',
  policy: 'enforce',
  acquiredAt: 0,
  expiresAt: leaseTtlMs,
  holdUntil: longestHoldMs,
  rev: 1,
  ...change,
})
const want = (text: string, mode: LeaseMode = 'exclusive', policy: LeasePolicy = 'enforce') => {
  const target = readTarget(text, false)
  if (!target.ok) throw new Error(target.refusal.message)
  return { target: target.value, mode, policy }
}
const waiter = (sessionId: SessionId, ...texts: string[]): LeaseWaiter => ({
  id: `wtr_${(made += 1)}` as WaiterId,
  projectId,
  sessionId,
  incarnationId: `inc_${sessionId}` as IncarnationId,
  wants: texts.map((text) => want(text)),
  askedAt: 0,
  expiresAt: 1,
})

describe('a target', () => {
  it.each([
    ['src/**', { kind: 'path', pattern: 'src/**' }],
    [' ./src/x ', { kind: 'path', pattern: 'src/x' }],
    ['resource: Port:5173', { kind: 'resource', name: 'port:5173' }],
    ['./resource:merge', { kind: 'path', pattern: 'resource:merge' }],
  ])('%j is read as %o, and its own text is read as the same', (text, expected) => {
    const read = readTarget(text, false)
    expect(read).toEqual({ ok: true, value: expected })
    if (read.ok) expect(readTarget(targetText(read.value), false)).toEqual(read)
  })

  it.each(['resource:', 'resource:a b', 'resource:../x', `resource:${'x'.repeat(101)}`])('%j is refused', (text) => {
    expect(readTarget(text, false)).toMatchObject({ ok: false, refusal: { code: 'INVALID' } })
  })

  it('is wanted once, in one order, with the usual policy of its kind', () => {
    const read = readWants({ targets: ['b', 'resource:x', './b', 'a'], mode: 'shared', policy: null }, false)
    expect(read).toEqual({
      ok: true,
      value: [
        { target: path('a'), mode: 'shared', policy: 'warn' },
        { target: path('b'), mode: 'shared', policy: 'warn' },
        { target: { kind: 'resource', name: 'x' }, mode: 'shared', policy: 'enforce' },
      ],
    })
    expect(readWants({ targets: ['a', '/b'], mode: 'shared', policy: null }, false).ok).toBe(false)
  })
})

describe('two claims', () => {
  const conflict = createConflictTest(true)
  const base = lease(anna)
  it.each<[string, Partial<Lease>, boolean]>([
    ['of two sessions for the same', {}, true],
    ['written in other letters, where case does not count', { target: path('A') }, true],
    ['of which one only warns', { policy: 'warn' }, true],
    ['of which one only advises', { policy: 'advisory' }, false],
    ['of which one would share', { mode: 'shared' }, true],
    ['of one session', { sessionId: anna }, false],
    ['of two projects', { projectId: 'prj_2' as ProjectId }, false],
    ['for a file and a resource', { target: { kind: 'resource', name: 'a' } }, false],
  ])('%s conflict: %o: %s', (_name, change, expected) => {
    const other = lease(bert, change)
    expect(conflict(base, other)).toBe(expected)
    expect(conflict(other, base)).toBe(expected)
  })

  it('that both only warn, or both share, do not conflict', () => {
    const warn = { policy: 'warn' } as const
    const share = { mode: 'shared' } as const
    expect(conflict(lease(anna, warn), lease(bert, warn))).toBe(false)
    expect(conflict(lease(anna, share), lease(bert, share))).toBe(false)
  })

  it('for a port conflict in all projects, for a merge slot in one', () => {
    const of = (name: string, project: string) =>
      lease(project === 'prj_1' ? anna : bert, {
        projectId: project as ProjectId,
        target: { kind: 'resource', name },
      })
    expect(conflict(of('port:1', 'prj_1'), of('port:1', 'prj_2'))).toBe(true)
    expect(conflict(of('merge', 'prj_1'), of('merge', 'prj_2'))).toBe(false)
    expect(conflict(of('port:1', 'prj_1'), of('port:2', 'prj_2'))).toBe(false)
  })
})

describe('a request', () => {
  const conflict = createConflictTest(false)
  const ask = (sessionId: SessionId, ...texts: string[]) => waiter(sessionId, ...texts)

  it('is judged by what is held and by who came before', () => {
    const held = [lease(anna, { target: path('a/**') })]
    const waiters = [waiter(bert, 'a/x', 'b')]
    const state = { held, waiters, conflict }
    expect(judgeAcquire(state, ask(cleo, 'c'))).toEqual({ kind: 'free' })
    expect(judgeAcquire(state, ask(cleo, 'b'))).toEqual({ kind: 'blocked', holders: [], ahead: waiters })
    expect(judgeAcquire(state, ask(cleo, 'a/y'))).toEqual({ kind: 'blocked', holders: held, ahead: [] })
    expect(judgeAcquire(state, ask(anna, 'a/y'))).toEqual({ kind: 'free' })
    expect(judgeAcquire(state, ask(anna, 'b'))).toMatchObject({ kind: 'deadlock', ahead: waiters })
  })

  it('of several sharers is granted to all of them, up to the next who wants it alone', () => {
    const share = (sessionId: SessionId) => ({ ...waiter(sessionId), wants: [want('a', 'shared')] })
    const line = [share(anna), share(bert), waiter(cleo, 'a'), share(anna)]
    const granted = nextGrants({ held: [], waiters: line, conflict })
    expect(granted.map(({ id }) => id)).toEqual([line[0]?.id, line[1]?.id])
  })

  it('is granted as it stands: a shared and an exclusive lease are not made one that is stricter than both', () => {
    const own = [lease(anna, { mode: 'shared', policy: 'enforce' })]
    const owner = { projectId, sessionId: anna, incarnationId: 'inc_2' as IncarnationId }
    const now = { now: 5, newLeaseId: () => 'lse_new' as LeaseId }
    const [fresh] = grantWants(owner, [want('a', 'exclusive', 'warn')], own, now)
    expect(fresh).toMatchObject({ id: 'lse_new', mode: 'exclusive', policy: 'warn', expiresAt: 5 + leaseTtlMs, rev: 1 })
    const [stricter] = grantWants(owner, [want('a', 'exclusive')], [fresh as Lease], now)
    expect(stricter).toMatchObject({ id: 'lse_new', policy: 'enforce', incarnationId: 'inc_2', rev: 2 })
    const [covered] = grantWants(owner, [want('a', 'shared', 'warn')], [stricter as Lease], now)
    expect(covered).toMatchObject({ id: 'lse_new', mode: 'exclusive', policy: 'enforce' })
  })
})

describe('a lease', () => {
  it('ends without a sign of life, and after the longest hold with one', () => {
    const fresh = lease(anna)
    expect(dueEnd(fresh, leaseTtlMs - 1)).toBeNull()
    expect(dueEnd(fresh, leaseTtlMs)).toBe('expired')
    const late = renewLease(fresh, longestHoldMs - 1)
    expect(late.expiresAt).toBe(longestHoldMs)
    expect(dueEnd(late, longestHoldMs)).toBe('held-too-long')
  })

  it('never ends earlier for having been renewed', () => {
    const credited = lease(anna, { expiresAt: 3 * leaseTtlMs })
    expect(renewLease(credited, 1)).toEqual({ ...credited, rev: 2 })
  })
})

describe('an edit', () => {
  const shared = { mode: 'shared' } as const
  const warn = { policy: 'warn' } as const
  it.each<[string, readonly Lease[], string]>([
    ['where nobody has a lease', [], 'free'],
    ['under its own lease', [lease(anna)], 'own'],
    ['under the enforced lease of another', [lease(bert, warn), lease(cleo)], 'refused'],
    ['under the warning lease of another', [lease(bert, warn)], 'warn'],
    ['under both, its own and a warning one', [lease(anna, warn), lease(bert, warn)], 'warn'],
    ['under an advisory lease', [lease(bert, { policy: 'advisory' })], 'free'],
    ['where others share and it does not', [lease(bert, shared)], 'refused'],
    ['where it shares with others', [lease(bert, shared), lease(anna, shared)], 'own'],
    [
      'where it shares and another wants to be warned',
      [lease(bert, warn), lease(anna, { ...shared, ...warn })],
      'warn',
    ],
  ])('%s', (_name, covering, expected) => {
    expect(judgeEdit(covering, anna).kind).toBe(expected)
  })

  it('is refused with the leases that refuse it, not with those that only warn', () => {
    const [warning, refusing] = [lease(bert, warn), lease(cleo)]
    expect(judgeEdit([warning, refusing], anna)).toEqual({ kind: 'refused', leases: [refusing] })
  })
})
