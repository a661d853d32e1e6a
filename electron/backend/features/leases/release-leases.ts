import type { Lease, LeasePolicy } from '../../../../shared/contract/leases.ts'
import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { LeaseId, WaiterId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import { readTitles, requireOwner, type OwnerRefusal } from './acquire-leases.ts'
import { endLeases, endWaiters, putLeases, readState, settleLine } from './lease-changes.ts'
import { createLine, type LeasesDeps } from './lease-parts.ts'
import { hasDeadlock, readTarget, type Owner } from './lease-rules.ts'
import { deadlockMessage, endedMessage, heldMessage } from './lease-words-rules.ts'
import { findLease, listHeldLeasesOf } from './leases-store.ts'
import { findWaiter } from './waiters-store.ts'

type Seq = { readonly seq: number }
type Asker = Pick<Owner, 'sessionId' | 'incarnationId'>

/** Gives back what its owner names, or everything. One that is not held is refused, and then nothing is given back. */
export const releaseOwn = (
  deps: LeasesDeps,
  asker: Asker,
  named: readonly string[],
  by: Identity,
): Promise<Result<{ leases: Lease[] } & Seq, OwnerRefusal | 'INVALID'>> =>
  deps.runCommand({ name: 'release-leases', by, recordRefusalUnder: asker.sessionId }, async (context) => {
    const owner = await requireOwner(deps, context.tx, asker)
    if (!owner.ok) return owner
    const own = await listHeldLeasesOf(context.tx, asker.sessionId)
    const chosen = new Set(named.length === 0 ? own : [])
    for (const text of named) {
      const found = await findNamed(deps, context.tx, own, text)
      if (!found.ok) return found
      for (const lease of found.value) chosen.add(lease)
    }
    const leases = [...chosen]
    if (leases.length === 0) return refuse('NOT_FOUND', 'You hold no lease, so there is nothing to release.')
    const seq = await endLeases(context, leases, () => 'released')
    await settleLine(context, createLine(deps))
    return ok({ leases, seq })
  })

const findNamed = async (
  deps: LeasesDeps,
  tx: Tx,
  own: readonly Lease[],
  text: string,
): Promise<Result<Lease[], 'NOT_FOUND' | 'INVALID'>> => {
  const byId = own.find(({ id }) => id === text)
  if (byId) return ok([byId])
  const record = text.startsWith('lse_') ? await findLease(tx, text as LeaseId) : undefined
  if (record?.end) return refuse('NOT_FOUND', endedMessage(record.lease, record.end.why))
  const target = readTarget(text, deps.ignoresCase)
  if (!target.ok) return target
  const wanted = targetText(target.value)
  const byTarget = own.filter((lease) => targetText(lease.target) === wanted)
  if (byTarget.length > 0) return ok(byTarget)
  const held = own.map((lease) => targetText(lease.target)).join(', ')
  return refuse('NOT_FOUND', `You hold no lease on ${wanted}. ${held ? `You hold ${held}.` : 'You hold none.'}`)
}

/** Ends a lease whoever holds it: the person's word. */
export const releaseLease = (deps: LeasesDeps, id: LeaseId, by: Identity): Promise<Result<Seq, 'NOT_FOUND'>> =>
  deps.runCommand({ name: 'release-lease', by }, async (context) => {
    const found = await requireHeld(context.tx, id)
    if (!found.ok) return found
    const seq = await endLeases(context, [found.value], () => 'released')
    await settleLine(context, createLine(deps))
    return ok({ seq })
  })

/** A stricter policy must be possible beside what others hold; a milder one may let somebody in who waits. */
export const setLeasePolicy = (
  deps: LeasesDeps,
  id: LeaseId,
  policy: LeasePolicy,
  by: Identity,
): Promise<Result<{ lease: Lease } & Seq, 'NOT_FOUND' | 'HELD' | 'DEADLOCK'>> =>
  deps.runCommand({ name: 'set-lease-policy', by }, async (context) => {
    const { tx, now } = context
    const found = await requireHeld(tx, id)
    if (!found.ok) return found
    const lease: Lease = { ...found.value, policy, rev: found.value.rev + 1 }
    const line = createLine(deps)
    const state = await readState(tx, line.conflict)
    const others = state.held.filter((one) => one.id !== id)
    const blockers = { holders: others.filter((one) => line.conflict(one, lease)), ahead: [] }
    if (blockers.holders.length > 0)
      return refuse('HELD', heldMessage(blockers, await readTitles(deps, tx, blockers), now))
    if (hasDeadlock({ ...state, held: [...others, lease] })) {
      const waiting = { holders: [], ahead: state.waiters.filter(({ sessionId }) => sessionId !== lease.sessionId) }
      return refuse('DEADLOCK', deadlockMessage(waiting, await readTitles(deps, tx, waiting)))
    }
    const seq = await putLeases(context, [lease])
    await settleLine(context, line)
    return ok({ lease, seq })
  })

const requireHeld = async (tx: Tx, id: LeaseId): Promise<Result<Lease, 'NOT_FOUND'>> => {
  const record = await findLease(tx, id)
  if (!record) return refuse('NOT_FOUND', 'This lease is not there any more.')
  return record.end ? refuse('NOT_FOUND', endedMessage(record.lease, record.end.why)) : ok(record.lease)
}

export const cancelWait = (deps: LeasesDeps, id: WaiterId, by: Identity): Promise<Result<Seq, 'NOT_FOUND'>> =>
  deps.runCommand({ name: 'cancel-lease-wait', by }, async (context) => {
    const found = await findWaiter(context.tx, id)
    const mayCancel = by.kind !== 'session' || found?.waiter.sessionId === by.id
    if (!found || found.why !== null || !mayCancel)
      return refuse('NOT_FOUND', 'Nobody waits under this id any more. See who waits and who holds (lease list).')
    const seq = await endWaiters(context, [found.waiter], 'cancelled')
    await settleLine(context, createLine(deps))
    return ok({ seq })
  })
