import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { SuspendListener } from '../../kernel/suspend-watch.ts'
import { endDue, endLeases, endWaiters, putLeases, settleLine } from './lease-changes.ts'
import { createLine, type LeasesDeps } from './lease-parts.ts'
import { type Owner } from './lease-rules.ts'
import { forgetEndedLeases, listDueLeases, listHeldLeases } from './leases-store.ts'
import { forgetEndedWaiters, listWaiters, moveWaiterEnd } from './waiters-store.ts'

/** An owner that asks what became of its lease asks within a day. */
const endedKeptMs = 24 * 60 * 60_000

/** Ends what is past its time or whose owner's process has ended. Writes nothing when there is nothing to end. */
export const sweepLeases = async (deps: LeasesDeps): Promise<void> => {
  await deps.lookForSuspend()
  const hasWork = await deps.database.read(async (tx) => {
    const now = deps.clock.now()
    if ((await listDueLeases(tx, now)).length > 0) return true
    const waiters = await listWaiters(tx)
    if (waiters.some(({ expiresAt }) => expiresAt <= now)) return true
    const isGone = createGoneTest(deps, tx)
    for (const owner of [...(await listHeldLeases(tx)), ...waiters]) if (await isGone(owner)) return true
    return false
  })
  if (!hasWork) return
  await deps.runCommand({ name: 'sweep-leases', by: systemIdentity }, async (context) => {
    const { tx, now } = context
    const line = createLine(deps)
    const isGone = createGoneTest(deps, tx)
    // The dead leave the line before anything is freed, or it would be granted to them.
    for (const waiter of await listWaiters(tx))
      if (await isGone(waiter)) await endWaiters(context, [waiter], 'owner-ended')
    for (const lease of await listHeldLeases(tx))
      if (await isGone(lease)) await endLeases(context, [lease], () => 'owner-ended')
    await endDue(context, line)
    await settleLine(context, line)
    await forgetEndedLeases(tx, now - endedKeptMs)
    await forgetEndedWaiters(tx, now - endedKeptMs)
    return ok(undefined)
  })
}

/** Whether the very process that owns something has ended; asks once for each session. */
const createGoneTest = (deps: LeasesDeps, tx: Tx) => {
  const living = new Map<SessionId, string | null>()
  return async ({ sessionId, incarnationId }: Owner): Promise<boolean> => {
    const known = living.get(sessionId)
    const live = known === undefined ? ((await deps.sessions.findOwner(tx, sessionId))?.incarnationId ?? null) : known
    living.set(sessionId, live)
    return live !== incarnationId
  }
}

/** Moves every deadline by the time in which nobody could work. */
export const creditSuspend: SuspendListener = async (context, gapMs) => {
  const { tx, emit } = context
  const moved = (await listHeldLeases(tx)).map((lease) => ({
    ...lease,
    expiresAt: lease.expiresAt + gapMs,
    holdUntil: lease.holdUntil + gapMs,
    rev: lease.rev + 1,
  }))
  await putLeases(context, moved)
  for (const waiter of await listWaiters(tx)) {
    const expiresAt = waiter.expiresAt + gapMs
    await moveWaiterEnd(tx, waiter.id, expiresAt)
    await emit('waiters.changed', waiter.id, { ...waiter, expiresAt })
  }
}
