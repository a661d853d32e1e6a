import type { Lease } from '../../../../shared/contract/leases.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { systemIdentity, type Identity } from '../../kernel/identity.ts'
import { requireOwner, type OwnerRefusal } from './acquire-leases.ts'
import { putLeases } from './lease-changes.ts'
import type { LeaseIndex } from './lease-index.ts'
import type { LeasesDeps } from './lease-parts.ts'
import { renewLease, type Owner } from './lease-rules.ts'
import { listHeldLeasesOf } from './leases-store.ts'

/** A busy agent gives a sign of life many times a second; one write in this time says as much. */
export const renewGapMs = 20_000

type Asker = Pick<Owner, 'sessionId' | 'incarnationId'>

export const createRenewal = (deps: LeasesDeps, index: LeaseIndex) => {
  const renewedAt = new Map<SessionId, number>()

  const renew = async (asker: Asker, by: Identity): Promise<Result<{ leases: Lease[]; seq: number }, OwnerRefusal>> => {
    // Otherwise the time of a sleep would be credited on top of the renewal.
    await deps.lookForSuspend()
    return deps.runCommand({ name: 'renew-leases', by }, async (context) => {
      const owner = await requireOwner(deps, context.tx, asker)
      if (!owner.ok) return owner
      const own = await listHeldLeasesOf(context.tx, asker.sessionId)
      if (own.length === 0) return refuse('NOT_FOUND', 'You hold no lease. Ask for what you need (lease acquire).')
      const leases = own.map((lease) => renewLease(lease, context.now))
      return ok({ leases, seq: await putLeases(context, leases) })
    })
  }

  return {
    renew,
    noteActivity: async (asker: Asker): Promise<void> => {
      const now = deps.clock.now()
      if (!index.holds(asker.sessionId) || now - (renewedAt.get(asker.sessionId) ?? -renewGapMs) < renewGapMs) return
      renewedAt.set(asker.sessionId, now)
      await renew(asker, systemIdentity).catch((error: unknown) => {
        renewedAt.delete(asker.sessionId)
        deps.log.error(
          { err: error, session: asker.sessionId },
          'leases were not renewed; the next activity tries again',
        )
      })
    },
  }
}
