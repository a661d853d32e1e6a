import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  mergeEntrySchema,
  mergeQueueSchema,
  type MergeEntry,
  type MergeQueue,
} from '../../../../shared/contract/queue-rows.ts'
import type { CheckRunId, MergeId, ProjectId, SessionId, TaskId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import * as store from './queue-store.ts'
import { candidateOf, entryAt, entryIdAt, plainQueue, projectId } from './testing/queue-rows.ts'

let kernel: TestKernel
beforeAll(() => void (kernel = createTestKernel()))
afterAll(() => kernel.close())

const write = <Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> => {
  let value: Value
  return kernel
    .runCommand({ name: 'test', by: systemIdentity }, async ({ tx }) => {
      value = await work(tx)
      return { ok: true, value: undefined }
    })
    .then(() => value)
}
const { read } = { read: <Value>(work: (tx: Tx) => Promise<Value>) => kernel.database.read(work) }

const idOf = (kind: string) => `${kind}_${'1'.repeat(26)}`
/** An entry in which nothing is null. */
const full: MergeEntry = entryAt(1, {
  sessionId: idOf('ses') as SessionId,
  worktreeId: idOf('wt') as WorktreeId,
  taskId: idOf('tsk') as TaskId,
  movedTo: 'x',
  message: 'Do it',
  reason: 'Because.',
  conflicts: ['a.ts', 'ü\n.ts'],
  isApproved: false,
  isSuspect: true,
  rounds: 3,
  failedRun: idOf('run') as CheckRunId,
  state: 'conflicted',
  candidate: { ...candidateOf('c', 'b'), prepared: idOf('mrg') as MergeId },
  mergeId: idOf('mrg') as MergeId,
  route: { to: 'author', taskId: null, sessionId: null, at: 4 },
  endedAt: 5,
})

it('keeps an entry as it is, with and without all that may be missing', async () => {
  const bare = entryAt(2, { branch: null, state: 'failed' })
  await write(async (tx) => {
    await store.insertEntry(tx, full)
    await store.insertEntry(tx, bare)
  })
  expect(await read((tx) => store.findEntry(tx, full.id))).toEqual(full)
  expect(mergeEntrySchema.parse(await read((tx) => store.findEntry(tx, bare.id)))).toEqual(bare)
})

it('writes an entry only over the row it was made from', async () => {
  const before = entryAt(3)
  const after: MergeEntry = { ...before, head: 'y', conflicts: ['b'], isApproved: false, rev: 1 }
  await write((tx) => store.insertEntry(tx, before))
  expect(await write((tx) => store.updateEntry(tx, after, before))).toBe(true)
  expect(await write((tx) => store.updateEntry(tx, { ...after, head: 'z' }, before))).toBe(false)
  expect(await read((tx) => store.findEntry(tx, before.id))).toEqual(after)
})

it('has a branch in one line once, and again once the first has left it', async () => {
  const first = entryAt(4)
  const twin = { ...entryAt(5), branch: first.branch }
  await write((tx) => store.insertEntry(tx, first))
  await expect(write((tx) => store.insertEntry(tx, twin))).rejects.toThrow(/UNIQUE/)
  await write((tx) => store.updateEntry(tx, { ...first, state: 'failed', rev: 1 }, first))
  await write((tx) => store.insertEntry(tx, twin))
  await write((tx) => store.insertEntry(tx, { ...entryAt(6), branch: first.branch, target: 'other' }))
})

it('lists what is in line in its order, with what may come back, and what is shown', async () => {
  const target = 'listed'
  const ids = [11, 12, 13, 14, 15]
  await write(async (tx) => {
    await store.insertEntry(tx, entryAt(11, { target, position: 2 }))
    await store.insertEntry(tx, entryAt(12, { target, position: 1 }))
    await store.insertEntry(tx, entryAt(13, { target, position: 0, state: 'withdrawn', endedAt: 50 }))
    await store.insertEntry(tx, entryAt(14, { target, position: 3, state: 'withdrawn', endedAt: 100 }))
    await store.insertEntry(tx, entryAt(15, { target, position: 4, state: 'merged', endedAt: 100 }))
  })
  const own = await read((tx) => store.listEntriesOf(tx, { projectId, target }, 60))
  expect(own.map(({ id }) => id)).toEqual([12, 11, 14].map(entryIdAt))
  const shown = await read((tx) => store.listShownEntries(tx, 60, 1))
  expect(shown.map(({ id }) => id).filter((id) => ids.map(entryIdAt).includes(id))).toEqual([12, 11, 15].map(entryIdAt))
})

it('keeps a queue, and writes it only over the row it was made from', async () => {
  const run = {
    of: 'batch',
    entryIds: [entryIdAt(1)],
    commit: 'c',
    tree: 't',
    base: 'b',
    round: 1,
    startedAt: 1,
  } as const
  const queue: MergeQueue = {
    ...plainQueue,
    hold: { by: 'queue', cause: 'trouble', reason: 'Disk full.', tip: null, since: 3 },
    run: { ...run, entryIds: [...run.entryIds], progress: { done: 1, of: 3 } },
  }
  expect(await write((tx) => store.putQueue(tx, queue))).toBe(true)
  expect(mergeQueueSchema.parse(await read((tx) => store.findQueue(tx, queue)))).toEqual(queue)
  const next: MergeQueue = { ...queue, hold: null, run: null, needsApproval: false, batchSize: 8, rev: queue.rev + 1 }
  expect(await write((tx) => store.putQueue(tx, next))).toBe(true)
  expect(await write((tx) => store.putQueue(tx, { ...next, batchSize: 1 }))).toBe(false)
  expect(await read(store.listQueues)).toEqual([next])
})

it('forgets a project and tells what of it there was', async () => {
  const other = `prj_${'7'.repeat(26)}` as ProjectId
  await write(async (tx) => {
    await store.insertEntry(tx, entryAt(21, { projectId: other }))
    await store.putQueue(tx, { ...plainQueue, projectId: other })
  })
  const kept = (await read((tx) => store.listQueues(tx))).length
  const removed = await write((tx) => store.removeQueuesOf(tx, other))
  expect(removed.map(({ id }) => id)).toEqual([entryIdAt(21)])
  expect(await read((tx) => store.findQueue(tx, { projectId: other, target: 'main' }))).toBeUndefined()
  expect(await read((tx) => store.listQueues(tx))).toHaveLength(kept - 1)
})
