import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangesItem } from '../../../shared/contract/changes.ts'
import { ok } from '../../../shared/lib/result.ts'
import { listSettings, putSetting } from '../features/settings/settings-store.ts'
import { createChangesFeed, mostReplayedChanges, type ChangesFeed } from './changes-feed.ts'
import { systemIdentity } from './identity.ts'
import { createTestKernel, type TestKernel } from './testing.ts'

let kernel: TestKernel
let feed: ChangesFeed
const stop = new AbortController()

beforeEach(() => {
  kernel = createTestKernel()
  feed = createChangesFeed({
    database: kernel.database,
    readSnapshot: async (tx) => ({
      settings: await listSettings(tx),
      projects: [],
      agents: [],
      worktrees: [],
      terminals: [],
      sessions: [],
      asks: [],
      leases: [],
      waiters: [],
      overlaps: [],
      threads: [],
      messages: [],
      deliveries: [],
      reports: [],
      outages: [],
      subagents: [],
      teammates: [],
      teamTasks: [],
      merges: [],
      checks: [],
      checkRuns: [],
      pullRequests: [],
      mergeQueues: [],
      mergeEntries: [],
      tasks: [],
      dependencies: [],
      attempts: [],
      dispatch: { paused: null, rev: 0 },
    }),
  })
  let told = 0
  kernel.onCommit(() => {
    feed.publish(kernel.changes.slice(told))
    told = kernel.changes.length
  })
})
afterEach(() => kernel.close())

const set = (value: number) =>
  kernel.runCommand({ name: 'set', by: systemIdentity }, async ({ tx, now, emit }) => {
    await putSetting(tx, { key: 'draft:n', value }, now)
    await emit('settings.changed', 'draft:n', { key: 'draft:n', value })
    return ok(value)
  })

const next = async (stream: AsyncGenerator<ChangesItem>) => {
  const item = await stream.next()
  if (item.done) throw new Error('the stream ended')
  return item.value
}

describe('the feed of changes', () => {
  it('starts with a snapshot and goes on with every change after it', async () => {
    await set(1)
    const stream = feed.subscribe(null, stop.signal)
    expect(await next(stream)).toMatchObject({ kind: 'snapshot', seq: 1, state: { settings: [{ value: 1 }] } })
    await set(2)
    expect(await next(stream)).toMatchObject({ kind: 'changes', changes: [{ seq: 2, payload: { value: 2 } }] })
    await stream.return()
  })

  it('replays what was missed and nothing else', async () => {
    for (const value of [1, 2, 3]) await set(value)
    const stream = feed.subscribe(1, stop.signal)
    const item = await next(stream)
    expect(item.kind === 'changes' && item.changes.map((change) => change.seq)).toEqual([2, 3])
    await stream.return()
  })

  it('sends a fresh snapshot when the gap is too long, or the number is not of this database', async () => {
    await Promise.all(Array.from({ length: mostReplayedChanges + 1 }, (_, n) => set(n)))
    for (const after of [0, 999_999]) {
      const stream = feed.subscribe(after, stop.signal)
      expect(await next(stream)).toMatchObject({ kind: 'snapshot', seq: mostReplayedChanges + 1 })
      await stream.return()
    }
  })

  it('loses and doubles nothing between snapshot and changes while others write', async () => {
    const writing = (async () => {
      for (let value = 1; value <= 300; value += 1) await set(value)
    })()
    const seen: number[] = []
    const stream = feed.subscribe(null, stop.signal)
    const first = await next(stream)
    let at = first.kind === 'snapshot' ? first.seq : 0
    const start = at
    while (at < 300) {
      const item = await next(stream)
      if (item.kind === 'changes') seen.push(...item.changes.map((change) => change.seq))
      at = seen.at(-1) ?? at
    }
    await writing
    await stream.return()
    expect(seen).toEqual(Array.from({ length: 300 - start }, (_, n) => start + n + 1))
  })

  it('ends when its listener goes away', async () => {
    const gone = new AbortController()
    const stream = feed.subscribe(null, gone.signal)
    await next(stream)
    const end = stream.next()
    gone.abort()
    expect((await end).done).toBe(true)
  })
})
