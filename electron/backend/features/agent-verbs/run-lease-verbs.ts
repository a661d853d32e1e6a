import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import type { Lease } from '../../../../shared/contract/leases.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse } from '../../../../shared/lib/result.ts'
import { recordRefusal } from '../../kernel/record-refusal.ts'
import { leaseLine } from './verb-lines-rules.ts'
import { readYard, type Asking, type Speaking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type LookName = 'lease.list' | 'lease.check'
type LeaseVerbName = Exclude<Extract<VerbName, `lease.${string}`>, LookName>

const ownIdOf = ({ worker }: Asking): SessionId | null => (worker.kind === 'session' ? worker.sessionId : null)

/** What anybody may ask of leases; only a session holds some. */
export const leaseLookRunners: VerbRunners<LookName, Asking> = {
  'lease.list': (deps, asking, { mine }) =>
    deps.database.read(async (tx) => {
      const own = ownIdOf(asking)
      const { titleOf } = await readYard(deps, tx, asking.projectId)
      const isSeen = (row: { readonly projectId: string; readonly sessionId: string }) =>
        row.projectId === asking.projectId && (!mine || row.sessionId === own)
      const leases = (await deps.leases.list(tx)).filter(isSeen).map((lease) => leaseLine(lease, own, titleOf))
      const waiters = (await deps.leases.listWaiters(tx)).filter(isSeen).map(({ id, sessionId, wants }) => ({
        id,
        by: titleOf(sessionId),
        targets: wants.map(({ target }) => targetText(target)),
        isMine: sessionId === own,
      }))
      return ok({ leases, waiters })
    }),
  'lease.check': async (deps, asking, { paths, commit }) => {
    const own = ownIdOf(asking)
    const refused: { path: string; message: string }[] = []
    const warned: { path: string; message: string }[] = []
    for (const path of paths) {
      const check = await (own === null
        ? deps.leases.checkEditOfPerson(asking.projectId, path)
        : deps.leases.checkEdit(own, path))
      if (check.kind === 'refused') refused.push({ path, message: check.message })
      if (check.kind === 'warn') warned.push({ path, message: check.message })
    }
    if (commit && refused.length > 0) {
      const message = refused.map(({ path, message: why }) => `${path}: ${why}`).join('\n')
      const tried = { by: asking.by, command: 'commit', subject: own ?? asking.projectId }
      await recordRefusal(deps, tried, { code: 'HELD', message })
    }
    return ok({ refused, warned })
  },
}

export const leaseVerbRunners: VerbRunners<LeaseVerbName> = {
  'lease.acquire': async (deps, speaking, request) => {
    const { requestId } = speaking
    const acquired = await deps.leases.acquire(speaking.holder, { ...request, requestId }, speaking.by)
    if (!acquired.ok) return acquired
    const { kind, seq } = acquired.value
    if (acquired.value.kind === 'waiting')
      return ok({ kind, leases: [], overlapping: [], waiterId: acquired.value.waiter.id, seq })
    const leases = await linesOf(deps, speaking, acquired.value.leases)
    return ok({
      kind,
      leases,
      overlapping: await linesOf(deps, speaking, acquired.value.overlapping),
      waiterId: null,
      seq,
    })
  },
  'lease.renew': async (deps, speaking) => {
    const renewed = await deps.leases.renew(speaking.holder, speaking.by)
    if (!renewed.ok) return renewed
    return ok({ leases: await linesOf(deps, speaking, renewed.value.leases), seq: renewed.value.seq })
  },
  'lease.release': async (deps, speaking, { targets }) => {
    const released = await deps.leases.release(speaking.holder, targets, speaking.by)
    if (!released.ok) return released
    return ok({ leases: await linesOf(deps, speaking, released.value.leases), seq: released.value.seq })
  },
  'lease.wait': async (deps, { session, signal }, { waiterId, seconds }) => {
    const isOwn = await deps.database.read(async (tx) =>
      (await deps.leases.listWaiters(tx)).some(({ id, sessionId }) => id === waiterId && sessionId === session.id),
    )
    // A place that is gone is asked after as well: it may have come to its end a moment ago.
    const until = AbortSignal.any([signal, AbortSignal.timeout((isOwn ? seconds : 1) * 1000)])
    const ended = await deps.leases.whenSettled(waiterId, until)
    return isOwn || ended !== null
      ? ok({ ended })
      : refuse('NOT_FOUND', 'You have no such place in line. See who waits and who holds (lease list).')
  },
}

const linesOf = (deps: VerbDeps, { session }: Speaking, leases: readonly Lease[]) =>
  deps.database.read(async (tx) => {
    const { titleOf } = await readYard(deps, tx, session.projectId)
    return leases.map((lease) => leaseLine(lease, session.id, titleOf))
  })
