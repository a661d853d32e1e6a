import { createConflictTest } from '../../../shared/contract/lease-claims.ts'
import type { Lease, LeaseWaiter } from '../../../shared/contract/leases.ts'

/** A line of the list: a lease, and beneath it those who wait for what it covers; at the end who waits for others in line. */
export type LeaseRow =
  | { readonly kind: 'lease'; readonly key: string; readonly lease: Lease; readonly waiting: number }
  | { readonly kind: 'waiter'; readonly key: string; readonly waiter: LeaseWaiter; readonly isBeneath: boolean }

/** Who holds what, and who waits for it. Somebody who waits for several leases stands beneath each of them. */
export const leaseRows = (
  leases: readonly Lease[],
  waiters: readonly LeaseWaiter[],
  ignoresCase: boolean,
): readonly LeaseRow[] => {
  const conflict = createConflictTest(ignoresCase)
  const placed = new Set<LeaseWaiter>()
  const held = leases.flatMap((lease): LeaseRow[] => {
    const own = waiters.filter(({ projectId, sessionId, wants }) =>
      wants.some((want) => conflict({ ...want, projectId, sessionId }, lease)),
    )
    for (const waiter of own) placed.add(waiter)
    return [
      { kind: 'lease', key: lease.id, lease, waiting: own.length },
      ...own.map((waiter): LeaseRow => waiterRow(`${lease.id} ${waiter.id}`, waiter, true)),
    ]
  })
  const others = waiters.filter((waiter) => !placed.has(waiter))
  return [...held, ...others.map((waiter) => waiterRow(waiter.id, waiter, false))]
}

const waiterRow = (key: string, waiter: LeaseWaiter, isBeneath: boolean): LeaseRow => ({
  kind: 'waiter',
  key,
  waiter,
  isBeneath,
})
