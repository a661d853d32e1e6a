import type { Acquired, LeaseRequest, LeaseWaiter } from '../../../../shared/contract/leases.ts'
import { createOverlapTest } from '../../../../shared/contract/lease-claims.ts'
import type { IncarnationId, SessionId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { endDue, grant, readState } from './lease-changes.ts'
import { createLine, type LeasesDeps } from './lease-parts.ts'
import {
  judgeAcquire,
  longestHoldMs,
  mostLeases,
  readWants,
  type Blockers,
  type LeaseState,
  type Owner,
} from './lease-rules.ts'
import { deadlockMessage, heldMessage } from './lease-words-rules.ts'
import { addWaiter } from './waiters-store.ts'

export type OwnerRefusal = 'NOT_FOUND' | 'NOT_RUNNING'
export type AcquireRefusal = OwnerRefusal | 'INVALID' | 'HELD' | 'DEADLOCK' | 'TOO_MANY'

/** Who asks: an agent by its token, or the person for whatever process of the session runs. */
export interface Asker {
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId | null
}

type Wish = Owner & Pick<LeaseWaiter, 'wants'>

/** Grants all of the targets at once, or puts the asker in line, or refuses; never a part of them. */
export const acquireLeases = async (
  deps: LeasesDeps,
  asker: Asker,
  request: LeaseRequest,
  by: Identity,
): Promise<Result<Acquired, AcquireRefusal>> => {
  const wants = readWants(request, deps.ignoresCase)
  if (!wants.ok) return wants
  await deps.lookForSuspend()
  const { requestId } = request
  const options = { name: 'acquire-leases', by, requestId, recordRefusalUnder: asker.sessionId }
  return deps.runCommand(options, async (context): Promise<Result<Acquired, AcquireRefusal>> => {
    const owner = await requireOwner(deps, context.tx, asker)
    if (!owner.ok) return owner
    const line = createLine(deps)
    await endDue(context, line)
    const state = await readState(context.tx, line.conflict)
    const wish = { ...owner.value, wants: wants.value }
    const own = state.held.filter(({ sessionId }) => sessionId === asker.sessionId)
    if (own.length + wish.wants.length > mostLeases)
      return refuse(
        'TOO_MANY',
        `You hold ${own.length} leases. Release some (lease release), or ask for wider patterns.`,
      )
    const waiter = findSame(state, wish)
    if (waiter && request.wait)
      return ok({ kind: 'waiting', waiter, seq: await context.emit('waiters.changed', waiter.id, waiter) })
    const verdict = judgeAcquire(state, wish)
    if (verdict.kind === 'free') {
      const { leases, seq } = await grant(context, owner.value, wish.wants)
      return ok({ kind: 'granted', leases: [...leases], overlapping: overlappingOf(deps, state, wish), seq })
    }
    const titleOf = await readTitles(deps, context.tx, verdict)
    if (verdict.kind === 'deadlock') return refuse('DEADLOCK', deadlockMessage(verdict, titleOf))
    if (!request.wait) return refuse('HELD', heldMessage(verdict, titleOf, context.now))
    return ok(await standInLine(context, wish))
  })
}

/** The owner as it is in this transaction: a process that has been replaced no longer speaks for its session. */
export const requireOwner = async (deps: LeasesDeps, tx: Tx, asker: Asker): Promise<Result<Owner, OwnerRefusal>> => {
  const found = await deps.sessions.findOwner(tx, asker.sessionId)
  if (!found) return refuse('NOT_FOUND', 'This session is not there any more.')
  const { projectId, incarnationId } = found
  if (incarnationId === null)
    return refuse('NOT_RUNNING', `“${found.title}” does not run, and a lease ends with its process. Resume it first.`)
  if (asker.incarnationId !== null && asker.incarnationId !== incarnationId)
    return refuse(
      'NOT_RUNNING',
      'This process of the session has been replaced by a newer one, which speaks for it now.',
    )
  return ok({ projectId, sessionId: asker.sessionId, incarnationId })
}

/** The titles of those in the way, for the message. */
export const readTitles = async (deps: LeasesDeps, tx: Tx, { holders, ahead }: Blockers) => {
  const titles = new Map<SessionId, string>()
  for (const { sessionId } of [...holders, ...ahead]) {
    if (!titles.has(sessionId)) titles.set(sessionId, (await deps.sessions.findOwner(tx, sessionId))?.title ?? '?')
  }
  return (sessionId: SessionId) => titles.get(sessionId) ?? '?'
}

const overlappingOf = (deps: LeasesDeps, { held }: LeaseState, wish: Wish) => {
  const overlap = createOverlapTest(deps.ignoresCase)
  const { projectId, sessionId } = wish
  return held.filter(
    (lease) =>
      lease.sessionId !== sessionId &&
      lease.policy !== 'advisory' &&
      wish.wants.some(
        ({ target, mode }) =>
          (mode === 'exclusive' || lease.mode === 'exclusive') && overlap(lease, { projectId, target }),
      ),
  )
}

/** A session that asks again for what it waits for keeps its place. */
const findSame = ({ waiters }: LeaseState, wish: Wish) =>
  waiters.find(
    (waiter) => waiter.sessionId === wish.sessionId && JSON.stringify(waiter.wants) === JSON.stringify(wish.wants),
  )

const standInLine = async ({ tx, now, newId, emit }: CommandContext, wish: Wish): Promise<Acquired> => {
  const waiter = { id: newId('wtr'), ...wish, askedAt: now, expiresAt: now + longestHoldMs }
  await addWaiter(tx, waiter)
  return { kind: 'waiting', waiter, seq: await emit('waiters.changed', waiter.id, waiter) }
}
