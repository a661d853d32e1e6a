import type { Lease, LeaseEnd, LeaseWaiter, WaitEnd } from '../../../../shared/contract/leases.ts'
import type { ConflictTest } from '../../../../shared/contract/lease-claims.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { Line } from './lease-parts.ts'
import { dueEnd, grantWants, nextGrants, type LeaseState, type Owner } from './lease-rules.ts'
import { endLease, listDueLeases, listHeldLeases, listHeldLeasesOf, putLease } from './leases-store.ts'
import { endWaiter, listWaiters } from './waiters-store.ts'

export const readState = async (tx: Tx, conflict: ConflictTest): Promise<LeaseState> => ({
  held: await listHeldLeases(tx),
  waiters: await listWaiters(tx),
  conflict,
})

/** Writes leases that are held and tells them. Answers the last event's number; 0 when there were none. */
export const putLeases = async ({ tx, emit }: CommandContext, leases: readonly Lease[]): Promise<number> => {
  let seq = 0
  for (const lease of leases) if (await putLease(tx, lease)) seq = await emit('leases.changed', lease.id, lease)
  return seq
}

/** Ends leases, each once. Who waits for them is served by `settleLine`. */
export const endLeases = async (
  { tx, now, emit }: CommandContext,
  leases: readonly Lease[],
  whyOf: (lease: Lease) => LeaseEnd,
): Promise<number> => {
  let seq = 0
  for (const lease of leases) {
    const { id, projectId, sessionId } = lease
    const why = whyOf(lease)
    if (await endLease(tx, id, why, now)) seq = await emit('leases.removed', id, { id, projectId, sessionId, why })
  }
  return seq
}

export const endWaiters = async (
  { tx, now, emit }: CommandContext,
  waiters: readonly LeaseWaiter[],
  why: WaitEnd,
): Promise<number> => {
  let seq = 0
  for (const { id, projectId, sessionId } of waiters)
    if (await endWaiter(tx, id, why, now)) seq = await emit('waiters.removed', id, { id, projectId, sessionId, why })
  return seq
}

/** Gives every waiter whose turn has come all that it asked for. To be called by whatever makes something free. */
export const settleLine = async (context: CommandContext, line: Line): Promise<void> => {
  const state = await readState(context.tx, line.conflict)
  for (const waiter of nextGrants(state)) {
    await grant(context, waiter, waiter.wants)
    await endWaiters(context, [waiter], 'granted')
    await line.granted(context, waiter)
  }
}

export const grant = async (
  context: CommandContext,
  owner: Owner,
  wants: LeaseWaiter['wants'],
): Promise<{ readonly leases: readonly Lease[]; readonly seq: number }> => {
  const { tx, now, newId } = context
  const own = await listHeldLeasesOf(tx, owner.sessionId)
  const leases = grantWants(owner, wants, own, { now, newLeaseId: () => newId('lse') })
  return { leases, seq: await putLeases(context, leases) }
}

/** Ends what is past its time and serves those who waited for it. */
export const endDue = async (context: CommandContext, line: Line): Promise<void> => {
  const { tx, now } = context
  const due = await listDueLeases(tx, now)
  await endLeases(context, due, (lease) => dueEnd(lease, now) ?? 'expired')
  const waiters = (await listWaiters(tx)).filter(({ expiresAt }) => expiresAt <= now)
  await endWaiters(context, waiters, 'expired')
  if (due.length + waiters.length > 0) await settleLine(context, line)
}

/** Ends all that a session has and waits for. */
export const endOwned = async (
  context: CommandContext,
  line: Line,
  sessionId: SessionId,
  why: 'owner-ended' | 'attempt-ended',
): Promise<void> => {
  const leases = await listHeldLeasesOf(context.tx, sessionId)
  const waiters = (await listWaiters(context.tx)).filter((waiter) => waiter.sessionId === sessionId)
  await endWaiters(context, waiters, why)
  await endLeases(context, leases, () => why)
  if (leases.length + waiters.length > 0) await settleLine(context, line)
}
