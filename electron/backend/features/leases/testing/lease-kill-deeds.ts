import type { LeasePolicy, LeaseRequest } from '../../../../../shared/contract/leases.ts'
import type { LeaseId, WaiterId } from '../../../../../shared/lib/ids.ts'
import type { Deed } from '../../../testing/kill-points.ts'
import { as, person, projectId } from '../../../testing/lease-lab.ts'
import type { TestSession } from '../../../testing/test-sessions.ts'
import { leaseTtlMs } from '../lease-rules.ts'
import type { LeasesService } from '../leases-service.ts'
import type { LeaseWorld } from '../../../testing/lease-world.ts'

interface People {
  readonly anna: TestSession
  readonly bert: TestSession
}
type Held = People & { readonly id: string }
type LeaseDeed<What> = Deed<LeaseWorld, What>
/** What each deed is about differs; whoever runs them hands it from one half to the other. */
export type AnyLeaseDeed = LeaseDeed<never>
const deed = <What>(made: LeaseDeed<What>): AnyLeaseDeed => made as unknown as AnyLeaseDeed

export type LeaseRead = 'list' | 'listWaiters' | 'whenSettled' | 'checkEdit' | 'checkEditOfPerson'

const wish = (targets: readonly string[], part: Partial<LeaseRequest> = {}): LeaseRequest => ({
  targets: [...targets],
  mode: 'exclusive',
  policy: 'enforce',
  wait: false,
  requestId: 'the-request',
  ...part,
})

const people = async ({ sessions }: LeaseWorld): Promise<People> => ({
  anna: await sessions.add('Anna'),
  bert: await sessions.add('Bert'),
})
/** Anna has both files. */
const held = async (world: LeaseWorld): Promise<Held> => {
  const { anna, bert } = await people(world)
  const got = await world.leases.acquire(anna, wish(['src/a.ts', 'src/b.ts'], { requestId: 'before-it' }), as(anna))
  const [first] = got.ok && got.value.kind === 'granted' ? got.value.leases : []
  if (!first) throw new Error(JSON.stringify(got))
  return { anna, bert, id: first.id }
}
/** Bert waits for one of them. */
const waited = async (world: LeaseWorld): Promise<Held> => {
  const before = await held(world)
  const request = wish(['src/a.ts', 'resource:port:1'], { wait: true, requestId: 'waits-for-it' })
  const placed = await world.leases.acquire(before.bert, request, as(before.bert))
  if (!placed.ok || placed.value.kind !== 'waiting') throw new Error(JSON.stringify(placed))
  return { ...before, id: placed.value.waiter.id }
}

const codeOf = (result: { readonly ok: boolean; readonly refusal?: { readonly code: string } }) =>
  result.refusal?.code ?? 'ok'
const inCommand = async ({ sessions }: LeaseWorld, work: Parameters<typeof sessions.command>[0]) => {
  await sessions.command(work)
  return 'ok'
}
const setPolicy = (policy: LeasePolicy) => async (world: LeaseWorld, one: Held) => {
  const [lease] = await world.kernel.database.read(world.leases.list)
  return codeOf(await world.leases.setPolicy(lease?.id ?? (one.id as LeaseId), policy, person))
}

/** Every operation of the leases that writes, each with what may come of it. */
export const leaseDeeds: Record<Exclude<keyof LeasesService, LeaseRead | 'close'>, Record<string, AnyLeaseDeed>> = {
  acquire: {
    'of many at once': deed({
      prepare: people,
      act: async ({ leases }, { anna }) =>
        codeOf(await leases.acquire(anna, wish(['src/**', 'docs/a.md', 'resource:port:1']), as(anna))),
    }),
    'that waits': deed({
      prepare: held,
      act: async ({ leases }, { bert }) =>
        codeOf(await leases.acquire(bert, wish(['src/**', 'docs/a.md'], { wait: true }), as(bert))),
    }),
    'that is refused': deed({
      prepare: held,
      act: async ({ leases }, { bert }) => codeOf(await leases.acquire(bert, wish(['src/**', 'docs/a.md']), as(bert))),
    }),
    'of what has just run out, with somebody waiting': deed({
      prepare: async (world, time) => {
        const before = await waited(world)
        time.now += leaseTtlMs
        return before
      },
      act: async ({ leases }, { anna }) => codeOf(await leases.acquire(anna, wish(['src/c.ts']), as(anna))),
    }),
  },
  acquireFor: {
    'whatever process runs': deed({
      prepare: people,
      act: async ({ leases }, { anna }) => codeOf(await leases.acquireFor(anna.sessionId, wish(['src/**']), person)),
    }),
  },
  renew: {
    'of all that is held': deed({
      prepare: async (world, time) => {
        const before = await held(world)
        time.now += 60_000
        return before
      },
      act: async ({ leases }, { anna }) => codeOf(await leases.renew(anna, as(anna))),
      isNewEachTime: true,
    }),
  },
  release: {
    'of everything, with somebody waiting': deed({
      prepare: waited,
      act: async ({ leases }, { anna }) => codeOf(await leases.release(anna, [], as(anna))),
      again: 'NOT_FOUND',
      isNewEachTime: true,
    }),
    'of what is not held': deed({
      prepare: held,
      act: async ({ leases }, { anna }) => codeOf(await leases.release(anna, ['src/a.ts', 'src/z.ts'], as(anna))),
      isNewEachTime: true,
    }),
  },
  releaseOne: {
    'by the person': deed({
      prepare: held,
      act: async ({ leases }, { id }) => codeOf(await leases.releaseOne(id as LeaseId, person)),
      again: 'NOT_FOUND',
    }),
  },
  setPolicy: {
    'to a milder one, with somebody waiting': deed({
      prepare: waited,
      act: setPolicy('advisory'),
      isNewEachTime: true,
    }),
  },
  cancelWait: {
    'by who waits': deed({
      prepare: waited,
      act: async ({ leases }, { bert, id }) => codeOf(await leases.cancelWait(id as WaiterId, as(bert))),
      again: 'NOT_FOUND',
    }),
  },
  noteActivity: {
    'of an owner': deed({
      prepare: async (world, time) => {
        const before = await held(world)
        time.now += 60_000
        return before
      },
      act: async ({ leases }, { anna }) => (await leases.noteActivity(anna), 'ok'),
      isNewEachTime: true,
      isTriedAgainLater: true,
    }),
  },
  endAttempt: {
    'with somebody waiting': deed({
      prepare: waited,
      act: (world, { anna }) => inCommand(world, (context) => world.leases.endAttempt(context, anna.sessionId)),
    }),
  },
  sweep: {
    'of an owner that ended, with somebody waiting': deed({
      prepare: async (world) => {
        const before = await waited(world)
        // Without the news of it, as when the app was not there: otherwise the leases sweep by themselves.
        const { sessionId } = before.anna
        await world.kernel.database.writer.run(
          `UPDATE incarnations SET state = 'ended' WHERE session_id = ?`,
          sessionId,
        )
        return before
      },
      act: async ({ leases }) => (await leases.sweep(), 'ok'),
    }),
    'of what has run out': deed({
      prepare: async (world, time) => {
        const before = await held(world)
        time.now += leaseTtlMs
        return before
      },
      act: async ({ leases }) => (await leases.sweep(), 'ok'),
    }),
  },
  creditSuspend: {
    'of a night': deed({
      prepare: waited,
      act: (world) => inCommand(world, (context) => world.leases.creditSuspend(context, 8 * 3_600_000)),
      isNewEachTime: true,
    }),
  },
  forgetProject: {
    'with leases and waiters': deed({
      prepare: waited,
      act: (world) => inCommand(world, (context) => world.leases.forgetProject(context, projectId)),
    }),
  },
}

export const leaseReads: Record<LeaseRead, (world: LeaseWorld) => Promise<unknown>> = {
  list: ({ kernel, leases }) => kernel.database.read(leases.list),
  listWaiters: ({ kernel, leases }) => kernel.database.read(leases.listWaiters),
  whenSettled: ({ leases }) => leases.whenSettled('wtr_none' as WaiterId, new AbortController().signal),
  checkEdit: ({ leases }) => leases.checkEdit('ses_none' as never, 'src/a.ts'),
  checkEditOfPerson: ({ leases }) => leases.checkEditOfPerson(projectId, 'src/a.ts'),
}
