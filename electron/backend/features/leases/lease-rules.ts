import type {
  Lease,
  LeaseEnd,
  LeaseMode,
  LeasePolicy,
  LeaseTarget,
  LeaseWaiter,
  LeaseWant,
} from '../../../../shared/contract/leases.ts'
import type { IncarnationId, LeaseId, ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { targetText, type Claim, type ConflictTest } from '../../../../shared/contract/lease-claims.ts'
import { parseGlob } from '../../../../shared/lib/glob.ts'

/** Without a sign of life of its owner a lease ends after this: longer than an agent thinks, shorter than a lunch. */
export const leaseTtlMs = 15 * 60_000
/** However busy its owner is, a lease ends after this; who needs it longer asks again, behind those who wait. */
export const longestHoldMs = 4 * 60 * 60_000
/** One session's; more of them are better said by wider patterns. */
export const mostLeases = 200

export interface Owner {
  readonly projectId: ProjectId
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId
}

/** Everything held and everyone who waits, first come first, of all projects: some resources are the machine's. */
export interface LeaseState {
  readonly held: readonly Lease[]
  readonly waiters: readonly LeaseWaiter[]
  readonly conflict: ConflictTest
}

/** A pattern, or "resource:" and a name; `./resource:x` is a file of that name. */
export const readTarget = (text: string, ignoresCase: boolean): Result<LeaseTarget, 'INVALID'> => {
  const trimmed = text.trim()
  if (trimmed.startsWith('resource:')) {
    const name = trimmed.slice('resource:'.length).trim().toLowerCase()
    return /^[a-z0-9][a-z0-9:._/-]{0,99}$/.test(name)
      ? ok({ kind: 'resource', name })
      : refuse('INVALID', `${JSON.stringify(text)} names no resource. Write it like "resource:port:5173".`)
  }
  const glob = parseGlob(trimmed, ignoresCase)
  return glob.ok ? ok({ kind: 'path', pattern: glob.value.pattern }) : glob
}

/** What a request wants, in one order and each target once, so that two requests for the same are equal. */
export const readWants = (
  request: { readonly targets: readonly string[]; readonly mode: LeaseMode; readonly policy: LeasePolicy | null },
  ignoresCase: boolean,
): Result<LeaseWant[], 'INVALID'> => {
  const wants = new Map<string, LeaseWant>()
  for (const text of request.targets) {
    const target = readTarget(text, ignoresCase)
    if (!target.ok) return target
    const usual = target.value.kind === 'path' ? 'warn' : 'enforce'
    wants.set(targetText(target.value), { target: target.value, mode: request.mode, policy: request.policy ?? usual })
  }
  return ok([...wants.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, want]) => want))
}

type Asker = Pick<LeaseWaiter, 'projectId' | 'sessionId' | 'wants'>

/** What stands in the way: leases that are held, and those who asked for the same before. */
export interface Blockers {
  readonly holders: readonly Lease[]
  readonly ahead: readonly LeaseWaiter[]
}

export type AcquireVerdict =
  | { readonly kind: 'free' }
  | ({ readonly kind: 'blocked' } & Blockers)
  /** Somebody in the way waits, at last, for the asker: waiting would never end. */
  | ({ readonly kind: 'deadlock' } & Blockers)

/** Judges a request that comes last: after everybody who waits already. */
export const judgeAcquire = (state: LeaseState, asker: Asker): AcquireVerdict => {
  const blockers = blockersOf(state, asker, state.waiters)
  if (isFree(blockers)) return { kind: 'free' }
  return { kind: waitsFor(state, blockers, asker.sessionId) ? 'deadlock' : 'blocked', ...blockers }
}

/** Who has their turn now, in order. Each grant counts before the next one is judged. */
export const nextGrants = (state: LeaseState): readonly LeaseWaiter[] => {
  const granted: LeaseWaiter[] = []
  const waiting: LeaseWaiter[] = []
  for (const waiter of state.waiters) {
    const taken = granted.some((one) => isAgainst(state.conflict, one, waiter))
    const isNext = !taken && isFree(blockersOf(state, waiter, waiting))
    const list = isNext ? granted : waiting
    list.push(waiter)
  }
  return granted
}

/** Whether sessions wait for each other in a ring. A change of policy can close one, as a request can. */
export const hasDeadlock = (state: LeaseState): boolean =>
  state.waiters.some((waiter, at) =>
    waitsFor(state, blockersOf(state, waiter, state.waiters.slice(0, at)), waiter.sessionId),
  )

const isFree = ({ holders, ahead }: Blockers) => holders.length === 0 && ahead.length === 0

const blockersOf = ({ held, conflict }: LeaseState, asker: Asker, before: readonly LeaseWaiter[]): Blockers => ({
  holders: held.filter((lease) => claimsOf(asker).some((claim) => conflict(lease, claim))),
  ahead: before.filter((waiter) => isAgainst(conflict, waiter, asker)),
})

const isAgainst = (conflict: ConflictTest, a: Asker, b: Asker) =>
  claimsOf(a).some((one) => claimsOf(b).some((other) => conflict(one, other)))

const claimsOf = ({ projectId, sessionId, wants }: Asker): Claim[] =>
  wants.map((want) => ({ ...want, projectId, sessionId }))

/** Whether those in the way wait for this session, directly or through others. */
const waitsFor = (state: LeaseState, blockers: Blockers, sessionId: SessionId): boolean => {
  const seen = new Set<SessionId>()
  const toVisit = sessionsIn(blockers)
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    if (next === sessionId) return true
    if (seen.has(next)) continue
    seen.add(next)
    for (const [at, waiter] of state.waiters.entries())
      if (waiter.sessionId === next) toVisit.push(...sessionsIn(blockersOf(state, waiter, state.waiters.slice(0, at))))
  }
  return false
}

const sessionsIn = ({ holders, ahead }: Blockers): SessionId[] =>
  [...holders, ...ahead].map(({ sessionId }) => sessionId)

/**
 * The rows a session has after it was granted its wants. One for each target and mode, as strict as was ever asked for it:
 * shared and exclusive are not made one, because together they would be stricter than either that was judged.
 */
export const grantWants = (
  owner: Owner,
  wants: readonly LeaseWant[],
  own: readonly Lease[],
  { now, newLeaseId }: { readonly now: number; readonly newLeaseId: () => LeaseId },
): Lease[] =>
  wants.map((want) => {
    const same = own.filter(({ target }) => targetText(target) === targetText(want.target))
    const enough = same.find((had) => had.mode === 'exclusive' && !isStricter(want.policy, had.policy))
    const had = enough ?? same.find(({ mode }) => mode === want.mode)
    if (had) {
      const policy = isStricter(want.policy, had.policy) ? want.policy : had.policy
      return renewLease({ ...had, incarnationId: owner.incarnationId, policy }, now)
    }
    const { projectId, sessionId, incarnationId } = owner
    const holdUntil = now + longestHoldMs
    const lease = { id: newLeaseId(), projectId, sessionId, incarnationId, ...want, acquiredAt: now, holdUntil }
    return { ...lease, expiresAt: now + leaseTtlMs, rev: 1 }
  })

const isStricter = (a: LeasePolicy, b: LeasePolicy) => strictness[a] > strictness[b]

const strictness: Readonly<Record<LeasePolicy, number>> = { advisory: 0, warn: 1, enforce: 2 }

/** A sign of life of its owner. Never brings the end nearer, and never beyond the longest hold. */
export const renewLease = (lease: Lease, now: number): Lease => ({
  ...lease,
  expiresAt: Math.max(lease.expiresAt, Math.min(now + leaseTtlMs, lease.holdUntil)),
  rev: lease.rev + 1,
})

/** Why a lease whose time has come ends; null while it has not. */
export const dueEnd = (lease: Lease, now: number): Extract<LeaseEnd, 'expired' | 'held-too-long'> | null => {
  if (now >= lease.holdUntil) return 'held-too-long'
  return now >= lease.expiresAt ? 'expired' : null
}

export type EditVerdict =
  | { readonly kind: 'free' | 'own' }
  /** It may go on; these expect otherwise. */
  | { readonly kind: 'warn'; readonly leases: readonly Lease[] }
  | { readonly kind: 'refused'; readonly leases: readonly Lease[] }

/** Judges an edit by the leases that cover the path. Those who share a target may all edit it. Null: one who holds none. */
export const judgeEdit = (covering: readonly Lease[], sessionId: SessionId | null): EditVerdict => {
  const own = covering.filter((lease) => lease.sessionId === sessionId)
  const isSharing = own.some(({ mode }) => mode === 'shared')
  const against = covering.filter(
    (lease) => lease.sessionId !== sessionId && !(isSharing && lease.mode === 'shared') && lease.policy !== 'advisory',
  )
  const enforced = against.filter(({ policy }) => policy === 'enforce')
  if (enforced.length > 0) return { kind: 'refused', leases: enforced }
  if (against.length > 0) return { kind: 'warn', leases: against }
  return { kind: own.length > 0 ? 'own' : 'free' }
}
