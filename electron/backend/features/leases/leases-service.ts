import type {
  Acquired,
  Lease,
  LeasePolicy,
  LeaseRequest,
  LeaseWaiter,
  WaitEnd,
} from '../../../../shared/contract/leases.ts'
import type { IncarnationId, LeaseId, ProjectId, SessionId, WaiterId } from '../../../../shared/lib/ids.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { SuspendListener } from '../../kernel/suspend-watch.ts'
import { acquireLeases, type AcquireRefusal, type OwnerRefusal } from './acquire-leases.ts'
import { createEditCheck, type EditCheck } from './check-edit.ts'
import { endOwned } from './lease-changes.ts'
import { createLeaseIndex } from './lease-index.ts'
import { createLine, type LeasesDeps } from './lease-parts.ts'
import { listHeldLeases, removeLeasesOf } from './leases-store.ts'
import { cancelWait, releaseLease, releaseOwn, setLeasePolicy } from './release-leases.ts'
import { createRenewal } from './renew-leases.ts'
import { creditSuspend, sweepLeases } from './sweep-leases.ts'
import { createWaits } from './wait-for-lease.ts'
import { listWaiters, removeWaitersOf } from './waiters-store.ts'

export type { EditCheck } from './check-edit.ts'
export type { LeasesDeps } from './lease-parts.ts'

/** A process that speaks for its session; who it is comes from its token. */
export interface LeaseOwner {
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId
}

type Seq = { readonly seq: number }

export interface LeasesService {
  /** Held ones, oldest first. */
  list(tx: Tx): Promise<Lease[]>
  /** Those in line, first come first. */
  listWaiters(tx: Tx): Promise<LeaseWaiter[]>
  /** All of the targets, or a place in line, or a refusal that says who has them. */
  acquire(owner: LeaseOwner, request: LeaseRequest, by: Identity): Promise<Result<Acquired, AcquireRefusal>>
  /** The same for whatever process of the session runs. */
  acquireFor(sessionId: SessionId, request: LeaseRequest, by: Identity): Promise<Result<Acquired, AcquireRefusal>>
  /** Moves the expiry of all that the process holds. */
  renew(owner: LeaseOwner, by: Identity): Promise<Result<{ leases: Lease[] } & Seq, OwnerRefusal>>
  /** Gives back what is named by id or by target as it was asked for; everything when nothing is named. */
  release(
    owner: LeaseOwner,
    named: readonly string[],
    by: Identity,
  ): Promise<Result<{ leases: Lease[] } & Seq, OwnerRefusal | 'INVALID'>>
  releaseOne(id: LeaseId, by: Identity): Promise<Result<Seq, 'NOT_FOUND'>>
  setPolicy(
    id: LeaseId,
    policy: LeasePolicy,
    by: Identity,
  ): Promise<Result<{ lease: Lease } & Seq, 'NOT_FOUND' | 'HELD' | 'DEADLOCK'>>
  /** Leaves the line. A session may only take itself out of it. */
  cancelWait(id: WaiterId, by: Identity): Promise<Result<Seq, 'NOT_FOUND'>>
  /** How the waiting ended; null when it is not known, or when the signal aborted first. */
  whenSettled(id: WaiterId, signal: AbortSignal): Promise<WaitEnd | null>

  /** Whether a session may edit a repository-relative path. Answered from memory. */
  checkEdit(sessionId: SessionId, path: string): Promise<EditCheck>
  /** The same of the person, who holds no lease. */
  checkEditOfPerson(projectId: ProjectId, path: string): Promise<EditCheck>
  /** Its agent did something: its leases go on. Writes seldom, however often it is called; never fails. */
  noteActivity(owner: LeaseOwner): Promise<void>

  /** For the tasks: all that a session has ends with its attempt, in the transaction of that. */
  endAttempt(context: CommandContext, sessionId: SessionId): Promise<void>
  /** Ends what is past its time or whose owner's process has ended, and serves those who waited. */
  sweep(): Promise<void>
  readonly creditSuspend: SuspendListener
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  close(): Promise<void>
}

/** Loads what is held and follows it. Nothing may be acquired before this has answered. */
export const createLeasesService = async (deps: LeasesDeps): Promise<LeasesService> => {
  const index = createLeaseIndex(deps.ignoresCase)
  for (const lease of await deps.database.read(listHeldLeases)) index.put(lease)
  const waits = createWaits(deps)
  const renewal = createRenewal(deps, index)
  let sweeping: Promise<void> = Promise.resolve()
  const stopListening = deps.onCommit((changes) => {
    index.follow(changes)
    waits.follow(changes)
    const hasEnded = changes.some(
      ({ topic, payload }) => topic === 'sessions.changed' && ['exited', 'lost'].includes(payload.runtime.kind),
    )
    if (hasEnded)
      sweeping = sweepLeases(deps).catch((error: unknown) =>
        deps.log.error({ err: error }, 'the leases of an ended session were not freed; it is tried again'),
      )
  })

  return {
    list: listHeldLeases,
    listWaiters,
    acquire: (owner, request, by) => acquireLeases(deps, owner, request, by),
    acquireFor: (sessionId, request, by) => acquireLeases(deps, { sessionId, incarnationId: null }, request, by),
    renew: renewal.renew,
    release: (owner, named, by) => releaseOwn(deps, owner, named, by),
    releaseOne: (id, by) => releaseLease(deps, id, by),
    setPolicy: (id, policy, by) => setLeasePolicy(deps, id, policy, by),
    cancelWait: (id, by) => cancelWait(deps, id, by),
    whenSettled: waits.whenSettled,
    ...createEditCheck(deps, index),
    noteActivity: renewal.noteActivity,
    endAttempt: (context, sessionId) => endOwned(context, createLine(deps), sessionId, 'attempt-ended'),
    sweep: () => sweepLeases(deps),
    creditSuspend,
    forgetProject: async ({ tx }, projectId) => {
      await removeLeasesOf(tx, projectId)
      await removeWaitersOf(tx, projectId)
    },
    close: async () => {
      stopListening()
      waits.close()
      await sweeping
    },
  }
}
