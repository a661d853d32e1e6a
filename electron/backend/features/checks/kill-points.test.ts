import { describe, expect, it } from 'vitest'
import type { Check, CheckRun } from '../../../../shared/contract/checks.ts'
import type { IntentId, ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { listNextIntents } from '../../kernel/intents-store.ts'
import { silentLog, type TestKernel } from '../../kernel/testing.ts'
import { fieldsOf, person } from '../../testing/check-lab.ts'
import { failEverywhere, killEverywhere, type Deed, type Stage } from '../../testing/kill-points.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'
import { createChecksService, type ChecksService } from './checks-service.ts'

const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const worktreeId = 'wt_01ARZ3NDEKTSV4RRFFQ69G5FAV' as WorktreeId
const sight = { head: 'a'.repeat(40), headTree: 'b'.repeat(40), tree: 'b'.repeat(40), isExact: true }
const ended = { kind: 'exited', code: 1, signal: null, at: 0 }

interface World {
  readonly checks: ChecksService
  readonly kernel: TestKernel
}

/** Beside a terminal whose program has ended already: only what is written down is to be cut off here. */
const stage: Stage<World> = {
  open: async (kernel) => ({
    kernel,
    checks: createChecksService({
      ...kernel,
      log: silentLog,
      git: undefined as never,
      agents: { environmentForTools: async () => ({}) },
      projects: { find: async () => ({ id: projectId }) as never, requireUsable: undefined as never },
      worktrees: {
        find: async () => undefined,
        requireFolder: async (id) => ok({ id, projectId, path: '/work' } as never),
      },
      terminals: {
        list: async () => [],
        find: async (_tx, id) => ({ id, kind: 'check', state: ended }) as never,
        start: undefined as never,
        stop: async () => undefined,
        remove: async () => undefined,
        text: async () => 'FAIL it',
        onNews: () => () => undefined,
      },
      sessions: { list: async () => [] },
      review: { point: async () => ok(sight) },
      lookForSuspend: async () => undefined,
      mostAtOnce: 2,
      stopGraceMs: 0,
    }),
  }),
  close: ({ checks }) => checks.close(),
}

const add = async ({ checks }: World, name = 'unit'): Promise<Check> =>
  valueOf(await checks.add(projectId, fieldsOf(name, 'npm test'), person))
const run = async ({ checks }: World): Promise<CheckRun> =>
  valueOf(await checks.run({ worktreeId, which: 'all', requestId: 'request-1' }, person)).runs[0] as CheckRun
/** Carries out what is to be done next, as the loop does. */
const carryOut = async ({ checks, kernel }: World): Promise<string> => {
  const [intent] = await kernel.database.read(listNextIntents)
  const outcome = await checks.handlers.get('check.run')?.(
    intent ?? { id: 'int_' as IntentId, kind: '', subject: '', payload: {}, attempts: 0, nextAt: 0 },
    new AbortController().signal,
  )
  return outcome?.kind ?? 'none'
}

const deeds: Readonly<Record<string, Deed<World, Check>>> = {
  'a check that is added': {
    prepare: async () => undefined as never,
    act: async ({ checks }) => codeOf(await checks.add(projectId, fieldsOf('unit', 'npm test'), person)),
    again: 'NAME_TAKEN',
  },
  'a check that is changed': {
    prepare: (world) => add(world),
    act: async ({ checks }, { id }) => codeOf(await checks.update(id, fieldsOf('unit', 'make test'), person)),
    isNewEachTime: true,
  },
  'a check that is moved': {
    prepare: async (world) => (await add(world, 'lint'), add(world)),
    act: async ({ checks }, { id }) => codeOf(await checks.move(id, null, person)),
    isNewEachTime: true,
  },
  'a check that is removed': {
    prepare: (world) => add(world),
    act: async ({ checks }, { id }) => codeOf(await checks.remove(id, person)),
    again: 'NOT_FOUND',
  },
  'a check that is brought back': {
    prepare: async (world) => {
      const check = await add(world)
      valueOf(await world.checks.remove(check.id, person))
      return check
    },
    act: async ({ checks }, { id }) => codeOf(await checks.restore(id, person)),
  },
  'a run that is asked for': {
    prepare: (world) => add(world),
    act: async (world) => (await run(world)).state.kind,
  },
  'a run that is cancelled before its turn': {
    prepare: async (world) => {
      const check = await add(world)
      await run(world)
      return check
    },
    act: async ({ checks, kernel }) => {
      const [first] = await kernel.database.read((tx) => checks.listRunsIn(tx, worktreeId))
      return first ? valueOf(await checks.cancel(first.id, person)).state.kind : 'none'
    },
  },
  'a run from its turn to its end': {
    prepare: async (world) => {
      const check = await add(world)
      await run(world)
      return check
    },
    act: carryOut,
    commits: 2,
  },
}

describe.each(Object.entries(deeds).map(([name, deed]) => ({ name, deed })))('$name', ({ deed }) => {
  it('killed at any call to the database has happened or has not, and happens once when it is asked for again', async () => {
    expect(await killEverywhere(stage, deed)).toBeGreaterThanOrEqual(5)
  })

  it('has not happened when any call to the database fails, and happens in the same process after that', () =>
    failEverywhere(stage, deed))
})
