import type { LeaseMode, LeasePolicy, LeaseRequest } from '../../../shared/contract/leases.ts'
import type { ProjectId, WaiterId } from '../../../shared/lib/ids.ts'
import { createLeasesService } from '../features/leases/leases-service.ts'
import { findOwner } from '../features/sessions/find-owner.ts'
import type { Identity } from '../kernel/identity.ts'
import { createTestKernel, silentLog } from '../kernel/testing.ts'
import { createTestSessions, type TestSession } from './test-sessions.ts'

export const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
export const otherProject = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAW' as ProjectId
export const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }
export const as = ({ sessionId }: TestSession): Identity => ({ kind: 'session', id: sessionId, right: 'full' })

interface Wish {
  readonly targets: readonly string[]
  readonly mode?: LeaseMode
  readonly policy?: LeasePolicy | null
  readonly wait?: boolean
  readonly requestId?: string
}

export type LeaseLab = Awaited<ReturnType<typeof openLeaseLab>>

/** Leases on a real database with three sessions whose agents run, a clock that is moved by hand, and counts of reads and looks for a sleep. */
export const openLeaseLab = async () => {
  const clock = { now: 1_000_000, looks: 0, reads: 0 }
  const kernel = createTestKernel(() => clock.now)
  const sessions = createTestSessions(kernel, projectId)
  const read: typeof kernel.database.read = (work) => {
    clock.reads += 1
    return kernel.database.read(work)
  }
  const served: WaiterId[] = []
  const openService = (options: { readonly ignoresCase: boolean }) =>
    createLeasesService({
      ...kernel,
      database: { ...kernel.database, read },
      log: silentLog,
      sessions: { findOwner },
      ...options,
      granted: async (_context, waiter) => void served.push(waiter.id),
      lookForSuspend: async () => void (clock.looks += 1),
    })
  const [anna, bert, cleo] = [await sessions.add('Anna'), await sessions.add('Bert'), await sessions.add('Cleo')]
  const names = new Map([anna, bert, cleo].map(({ sessionId }, at) => [sessionId, ['anna', 'bert', 'cleo'][at]]))
  let leases = await openService({ ignoresCase: false })

  const request = ({ targets, mode, policy, wait, requestId }: Wish): LeaseRequest => ({
    targets: [...targets],
    mode: mode ?? 'exclusive',
    policy: policy === undefined ? 'enforce' : policy,
    wait: wait ?? false,
    requestId: requestId ?? kernel.newId('int'),
  })
  const acquire = (who: TestSession, wish: Wish) => leases.acquire(who, request(wish), as(who))
  return {
    kernel,
    clock,
    /** The waiters that were told of their turn. */
    served,
    sessions,
    anna,
    bert,
    cleo,
    leases: () => leases,
    /** As if the app was started anew. */
    reopen: async (options = { ignoresCase: false }) => {
      await leases.close()
      leases = await openService(options)
    },
    request,
    acquire,
    granted: async (who: TestSession, ...targets: string[]) => {
      const result = await acquire(who, { targets })
      if (!result.ok || result.value.kind !== 'granted') throw new Error(JSON.stringify(result))
      return result.value
    },
    waits: async (who: TestSession, ...targets: string[]) => {
      const result = await acquire(who, { targets, wait: true })
      if (!result.ok || result.value.kind !== 'waiting') throw new Error(JSON.stringify(result))
      return result.value.waiter
    },
    listHeld: () => kernel.database.read(leases.list),
    /** Who holds what, in words. */
    held: async () =>
      (await kernel.database.read(leases.list)).map(({ sessionId, target }) => [
        names.get(sessionId),
        target.kind === 'path' ? target.pattern : target.name,
      ]),
    inLine: async () => (await kernel.database.read(leases.listWaiters)).map(({ id }) => id),
    lastSeq: () => kernel.changes.at(-1)?.seq,
    close: async () => {
      await leases.close()
      await kernel.close()
    },
  }
}

/** The refusal a call ends with; of code "none" when it was not refused. */
export const refusal = async (result: Promise<{ ok: boolean; refusal?: { code: string; message: string } }>) =>
  (await result).refusal ?? { code: 'none', message: '' }
