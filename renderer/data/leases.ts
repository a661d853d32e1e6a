import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Lease, LeaseWaiter } from '../../shared/contract/leases.ts'
import type { LeaseId, ProjectId, SessionId, WaiterId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

export const useLease = (id: LeaseId): Lease | undefined =>
  useStore(useData().stores.leases.store, (rows) => rows.byId.get(id))

export const useWaiter = (id: WaiterId): LeaseWaiter | undefined =>
  useStore(useData().stores.waiters.store, (rows) => rows.byId.get(id))

/** The leases held in a project, by what they cover; of all projects when null. */
export const useLeaseIds = (projectId: ProjectId | null): readonly LeaseId[] =>
  useStore(
    useData().stores.leases.store,
    useShallow((rows) => leaseIdsOf(rows.byId.values(), projectId)),
  )

export const leaseIdsOf = (leases: Iterable<Lease>, projectId: ProjectId | null): LeaseId[] =>
  [...leases]
    .filter((lease) => projectId === null || lease.projectId === projectId)
    .sort((a, b) => (targetOf(a) < targetOf(b) ? -1 : targetOf(a) > targetOf(b) ? 1 : a.id < b.id ? -1 : 1))
    .map(({ id }) => id)

const targetOf = ({ target }: Lease) => (target.kind === 'path' ? target.pattern : `resource:${target.name}`)

/** Who waits in a project, first come first. */
export const useWaiterIds = (projectId: ProjectId | null): readonly WaiterId[] =>
  useStore(
    useData().stores.waiters.store,
    useShallow((rows) => waiterIdsOf(rows.byId.values(), projectId)),
  )

export const waiterIdsOf = (waiters: Iterable<LeaseWaiter>, projectId: ProjectId | null): WaiterId[] =>
  [...waiters]
    .filter((waiter) => projectId === null || waiter.projectId === projectId)
    .sort((a, b) => a.askedAt - b.askedAt || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)

export const useLeaseCountOf = (sessionId: SessionId): number =>
  useStore(useData().stores.leases.store, (rows) => {
    let count = 0
    for (const lease of rows.byId.values()) if (lease.sessionId === sessionId) count += 1
    return count
  })
