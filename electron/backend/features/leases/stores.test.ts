import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lease, LeaseWaiter } from '../../../../shared/contract/leases.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { plansOf } from '../../db/testing.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import {
  endLease,
  findLease,
  forgetEndedLeases,
  listDueLeases,
  listHeldLeases,
  listHeldLeasesOf,
  putLease,
  removeLeasesOf,
} from './leases-store.ts'
import {
  addWaiter,
  endWaiter,
  findWaiter,
  forgetEndedWaiters,
  listWaiters,
  moveWaiterEnd,
  removeWaitersOf,
} from './waiters-store.ts'

let kernel: TestKernel
beforeEach(() => {
  kernel = createTestKernel(() => 100)
})
afterEach(() => kernel.close())

const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const write = async <Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> => {
  const done = await kernel.runCommand({ name: 'test', by: systemIdentity }, async ({ tx }) => ok(await work(tx)))
  return (done as { value: Value }).value
}
const read = <Value>(work: (tx: Tx) => Promise<Value>) => kernel.database.read(work)
const lease = (change: Partial<Lease> = {}): Lease => ({
  id: kernel.newId('lse'),
  projectId,
  sessionId: kernel.newId('ses'),
  incarnationId: kernel.newId('inc'),
  target: { kind: 'path', pattern: "it's/**" },
  mode: 'exclusive',
  policy: 'warn',
  acquiredAt: 1,
  expiresAt: 10,
  holdUntil: 20,
  rev: 1,
  ...change,
})

describe('leases', () => {
  it('come back as they were written, of either kind', async () => {
    const all = [lease(), lease({ target: { kind: 'resource', name: 'port:1' }, mode: 'shared', policy: 'enforce' })]
    for (const one of all) expect(await write((tx) => putLease(tx, one))).toBe(true)
    expect(await read(listHeldLeases)).toEqual(all)
    expect(await read((tx) => listHeldLeasesOf(tx, all[1]!.sessionId))).toEqual([all[1]])
    expect(await read((tx) => findLease(tx, all[0]!.id))).toEqual({ lease: all[0], end: null })
    expect(await read((tx) => findLease(tx, kernel.newId('lse')))).toBeUndefined()
  })

  it('are only changed from the row that was read, and not after their end', async () => {
    const first = lease()
    await write((tx) => putLease(tx, first))
    const renewed = { ...first, expiresAt: 15, rev: 2 }
    expect(await write((tx) => putLease(tx, renewed))).toBe(true)
    expect(await write((tx) => putLease(tx, { ...first, expiresAt: 12, rev: 2 }))).toBe(false)
    expect(await write((tx) => endLease(tx, first.id, 'expired', 30))).toBe(true)
    expect(await write((tx) => endLease(tx, first.id, 'released', 31))).toBe(false)
    expect(await write((tx) => putLease(tx, { ...renewed, rev: 3 }))).toBe(false)
    expect(await read((tx) => findLease(tx, first.id))).toEqual({ lease: renewed, end: { why: 'expired', at: 30 } })
    expect(await read(listHeldLeases)).toEqual([])
  })

  it('are held once by a session for a target and mode, and anew after the end', async () => {
    const first = lease()
    await write((tx) => putLease(tx, first))
    const second = { ...first, id: kernel.newId('lse') }
    await expect(write((tx) => putLease(tx, second))).rejects.toThrow('UNIQUE')
    expect(await write((tx) => putLease(tx, { ...second, mode: 'shared' }))).toBe(true)
    await write((tx) => endLease(tx, first.id, 'released', 2))
    expect(await write((tx) => putLease(tx, { ...second, id: kernel.newId('lse') }))).toBe(true)
  })

  it('are due at their time, the first first, and forgotten some time after their end', async () => {
    const [late, early, never] = [lease({ expiresAt: 9 }), lease({ expiresAt: 8 }), lease()]
    for (const one of [late, early, never]) await write((tx) => putLease(tx, one))
    expect(await read((tx) => listDueLeases(tx, 9))).toEqual([early, late])
    await write((tx) => endLease(tx, late.id, 'expired', 9))
    await write((tx) => endLease(tx, early.id, 'expired', 12))
    await write((tx) => forgetEndedLeases(tx, 10))
    expect(await read((tx) => findLease(tx, late.id))).toBeUndefined()
    expect(await read((tx) => findLease(tx, early.id))).toBeDefined()
    await write((tx) => removeLeasesOf(tx, projectId))
    expect(await read((tx) => findLease(tx, never.id))).toBeUndefined()
  })

  it('are found by an index: of a session, those that are due, and those to be forgotten', async () => {
    const plans = await write((tx) =>
      plansOf(tx, async (seen) => {
        await listHeldLeasesOf(seen, kernel.newId('ses'))
        await listDueLeases(seen, 1)
        await forgetEndedLeases(seen, 1)
      }),
    )
    expect(plans[0]).toBe('SEARCH leases USING INDEX leases_held (session_id=?)')
    expect(plans[1]).toContain('SEARCH leases USING INDEX leases_due (expires_at<?)')
    expect(plans[2]).toContain('USING INDEX leases_ended (ended_at>? AND ended_at<?)')
  })
})

describe('waiters', () => {
  const waiter = (): LeaseWaiter => ({
    id: kernel.newId('wtr'),
    projectId,
    sessionId: kernel.newId('ses'),
    incarnationId: kernel.newId('inc'),
    wants: [{ target: { kind: 'path', pattern: 'a' }, mode: 'shared', policy: 'enforce' }],
    askedAt: 1,
    expiresAt: 9,
  })

  it('stand in the order in which they came, whatever their ids', async () => {
    const [second, first, third] = [waiter(), waiter(), waiter()]
    for (const one of [first, second, third]) await write((tx) => addWaiter(tx, one))
    expect(await read(listWaiters)).toEqual([first, second, third])
    await write((tx) => endWaiter(tx, third.id, 'cancelled', 2))
    const last = waiter()
    await write((tx) => addWaiter(tx, last))
    expect(await read(listWaiters)).toEqual([first, second, last])
  })

  it('end once, and are remembered for a while', async () => {
    const one = waiter()
    await write((tx) => addWaiter(tx, one))
    await write((tx) => moveWaiterEnd(tx, one.id, 50))
    expect(await write((tx) => endWaiter(tx, one.id, 'granted', 5))).toBe(true)
    expect(await write((tx) => endWaiter(tx, one.id, 'expired', 6))).toBe(false)
    const known = { waiter: { ...one, expiresAt: 50 }, why: 'granted' }
    expect(await read((tx) => findWaiter(tx, one.id))).toEqual(known)
    await write((tx) => forgetEndedWaiters(tx, 5))
    expect(await read((tx) => findWaiter(tx, one.id))).toEqual(known)
    await write((tx) => forgetEndedWaiters(tx, 6))
    expect(await read((tx) => findWaiter(tx, one.id))).toBeUndefined()
  })

  it('of a project go with it', async () => {
    const one = waiter()
    await write((tx) => addWaiter(tx, one))
    await write((tx) => removeWaitersOf(tx, projectId))
    expect(await read(listWaiters)).toEqual([])
  })
})
