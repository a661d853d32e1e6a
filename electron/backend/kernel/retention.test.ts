import fc from 'fast-check'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../../../shared/lib/result.ts'
import { answerKeptMs } from './answers-store.ts'
import { createChangesFeed } from './changes-feed.ts'
import { changesAfter, dropArchivedEvents, lastArchivedSeq, lastSeq } from './events-store.ts'
import { systemIdentity } from './identity.ts'
import { failIntent, finishedIntentKeptMs, finishIntent } from './intents-store.ts'
import { retain, startRetention, usualLimits, type RetentionDeps, type RetentionLimits } from './retention.ts'
import { createTestKernel, silentLog, type TestKernel } from './testing.ts'

const dayMs = 24 * 60 * 60 * 1000
const few: RetentionLimits = { keptEvents: 5, keptEventMs: 30 * dayMs, batchEvents: 3 }
const by = systemIdentity

let now = 0
let kernel: TestKernel
const setUp = () => {
  now = 1000 * dayMs
  kernel = createTestKernel(() => now)
}
beforeEach(setUp)
afterEach(() => kernel.close())

const deps = (changes: Partial<RetentionDeps> = {}): RetentionDeps => ({
  ...kernel,
  archivePath: archivePath(),
  dropOld: [],
  ...changes,
})
const archivePath = () => join(kernel.directory, 'events-archive.jsonl')
const run = (limits = few, changes: Partial<RetentionDeps> = {}) =>
  retain(deps(changes), new AbortController().signal, limits)
const happen = async (count: number) => {
  for (let n = 0; n < count; n += 1)
    await kernel.runCommand({ name: 'happen', by }, async ({ emit }) =>
      ok(await emit('settings.changed', 'draft:n', { key: 'draft:n', value: 'ö"\n' })),
    )
}
const kept = async () => {
  const rows = await kernel.database.read((tx) => tx.all<{ seq: number }>('SELECT seq FROM events ORDER BY seq'))
  return rows.map(({ seq }) => seq)
}
interface Line {
  readonly seq: number
  readonly at: number
  readonly payload: unknown
}
const archived = (): Line[] =>
  (existsSync(archivePath()) ? readFileSync(archivePath(), 'utf8') : '')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line)
const archivedNumbers = () => [...new Set(archived().map(({ seq }) => seq))].sort((a, b) => a - b)
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe('old events', () => {
  it('move whole into a private archive, except the newest and the young', async () => {
    await happen(9)
    const told = kernel.changes.slice()
    now += 31 * dayMs
    await happen(2)
    await run()
    expect(await kept()).toEqual([7, 8, 9, 10, 11])
    expect(archived()).toHaveLength(6)
    const { seq, at, topic, payload } = told[0] ?? {}
    const wanted = { seq, at, topic, subject: 'draft:n', command: 'happen', actor: 'system:switchyard', payload }
    expect(archived()[0]).toEqual(wanted)
    expect(statSync(archivePath()).mode & 0o777).toBe(0o600)
    // The number of the last one that left is known, and numbers go on.
    expect(await kernel.database.read(lastArchivedSeq)).toBe(6)
    await happen(1)
    expect(await kernel.database.read(lastSeq)).toBe(12)
  })

  it('stay where they are young, however many, and where they are few, however old', async () => {
    await happen(20)
    now += 29 * dayMs
    await run()
    expect(await kept()).toHaveLength(20)
    now += 300 * dayMs
    await run({ ...few, keptEvents: 20 })
    expect(await kept()).toHaveLength(20)
    expect(existsSync(archivePath())).toBe(false)
    expect(usualLimits).toMatchObject({ keptEvents: 50_000, keptEventMs: 30 * dayMs })
  })

  it('are in the table or in the archive whatever happens when, and the table has no gap', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('happen' as const), count: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('retain' as const), keptEvents: fc.nat({ max: 12 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        await kernel.close()
        setUp()
        for (const each of steps) {
          if (each.kind === 'happen') await happen(each.count)
          else if (each.kind === 'wait') now += each.days * dayMs
          else {
            const before = await kept()
            const limits = { ...few, keptEvents: each.keptEvents }
            await run(limits)
            const after = await kept()
            const gone = before.filter((seq) => !after.includes(seq))
            const isOld = (seq: number) => (kernel.changes[seq - 1]?.at ?? 0) < now - limits.keptEventMs
            expect(gone.every(isOld)).toBe(true)
            expect(after.length).toBeGreaterThanOrEqual(Math.min(before.length, limits.keptEvents))
            expect(after.slice(0, Math.max(0, after.length - limits.keptEvents)).some(isOld)).toBe(false)
          }
          const here = await kept()
          const total = kernel.changes.length
          expect(here).toEqual(upTo(total).slice(total - here.length))
          expect(archivedNumbers()).toEqual(upTo(total - here.length))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a database with an archive', () => {
  it('refuses to change events, to delete what was not archived, and to forget what was', async () => {
    await happen(4)
    const { writer } = kernel.database
    await kernel.runCommand({ name: 'test', by }, async ({ tx }) => ok(await dropArchivedEvents(tx, 2)))
    await expect(writer.run('DELETE FROM events WHERE seq = 3')).rejects.toThrow('never deleted, only archived')
    await expect(writer.run('UPDATE events SET at = 0 WHERE seq = 3')).rejects.toThrow('never changed')
    for (const sql of [
      "UPDATE meta SET value = '1' WHERE key = 'archived-events'",
      "UPDATE meta SET key = 'x' WHERE key = 'archived-events'",
      "DELETE FROM meta WHERE key = 'archived-events'",
    ])
      await expect(writer.run(sql)).rejects.toThrow('stays archived')
    expect(await kept()).toEqual([3, 4])
  })

  it('gives a listener a snapshot where it cannot give every change', async () => {
    await happen(6)
    await kernel.runCommand({ name: 'test', by }, async ({ tx }) => ok(await dropArchivedEvents(tx, 3)))
    const feed = createChangesFeed({ database: kernel.database, readSnapshot: async () => ({}) as never })
    const firstAfter = async (after: number) => {
      const stream = feed.subscribe(after, undefined)
      const { value } = await stream.next()
      await stream.return()
      return value?.kind === 'changes' ? value.changes.map(({ seq }) => seq) : value?.kind
    }
    expect(await firstAfter(4)).toEqual([5, 6])
    expect(await firstAfter(3)).toBe('snapshot')
    expect(await firstAfter(0)).toBe('snapshot')
    expect(await kernel.database.read((tx) => changesAfter(tx, 3, 10))).toBeNull()
  })
})

describe('a crash while events are archived', () => {
  /** What runs up to its n-th command, which is cut off before or after it was committed. */
  const dying = (dieAt: number, isAfter: boolean): Partial<RetentionDeps> => {
    let calls = 0
    return {
      runCommand: async (options, work) => {
        calls += 1
        if (calls === dieAt && !isAfter) throw new Error('killed')
        const result = await kernel.runCommand(options, work)
        if (calls === dieAt) throw new Error('killed')
        return result
      },
    }
  }

  it.each([false, true])('loses none, at whichever batch it comes (after the commit: %s)', async (isAfter) => {
    // Three batches, and then what else is dropped.
    for (let dieAt = 1; dieAt <= 4; dieAt += 1) {
      await kernel.close()
      setUp()
      await happen(14)
      now += 31 * dayMs
      await expect(run(few, dying(dieAt, isAfter))).rejects.toThrow('killed')
      const gone = 3 * Math.min(3, isAfter ? dieAt : dieAt - 1)
      expect(await kept()).toEqual(upTo(14).slice(gone))
      expect(archivedNumbers()).toEqual(upTo(Math.min(9, 3 * dieAt)))
      await run()
      expect(await kept()).toEqual([10, 11, 12, 13, 14])
      expect(archivedNumbers()).toEqual(upTo(9))
      // What was cut off before its commit is in the archive twice, which is harmless.
      expect(archived()).toHaveLength(isAfter || dieAt === 4 ? 9 : 12)
    }
  })

  it('leaves what it wrote of a line behind, and the line whole after it', async () => {
    await happen(9)
    now += 31 * dayMs
    writeFileSync(archivePath(), '{"seq":1,"at":86400')
    await run()
    expect(readFileSync(archivePath(), 'utf8').split('\n')[0]).toBe('{"seq":1,"at":86400')
    expect(archivedNumbers()).toEqual([1, 2, 3, 4])
  })

  it('deletes nothing when the archive cannot be written', async () => {
    await happen(9)
    now += 31 * dayMs
    const archive = join(kernel.directory, 'no such folder', 'archive.jsonl')
    await expect(run(few, { archivePath: archive })).rejects.toThrow('ENOENT')
    expect(await kept()).toHaveLength(9)
  })

  it('goes no further once the app is closing', async () => {
    await happen(20)
    now += 31 * dayMs
    const closing = new AbortController()
    const runCommand: RetentionDeps['runCommand'] = (options, work) => {
      closing.abort()
      return kernel.runCommand(options, work)
    }
    await retain(deps({ runCommand }), closing.signal, few)
    expect(await kept()).toHaveLength(17)
  })
})

describe('what else nobody needs any more', () => {
  it('are intents that finished a week ago, and answers of yesterday', async () => {
    const intend = async (subject: string) => {
      const result = await kernel.runCommand({ name: 'intend', by }, async (context) =>
        ok(await context.intend({ kind: 'test', subject })),
      )
      return result.ok ? result.value : ('' as never)
    }
    const [done, failed] = [await intend('done'), await intend('failed'), await intend('pending')]
    await kernel.runCommand({ name: 'finish', by, requestId: 'request-1' }, async ({ tx }) => {
      await finishIntent(tx, done, now)
      await failIntent(tx, failed, 'no', now)
      return ok('first')
    })
    const subjects = async () =>
      (await kernel.database.read((tx) => tx.all<{ subject: string }>('SELECT subject FROM intents'))).map(
        (row) => row.subject,
      )
    const again = () => kernel.runCommand({ name: 'finish', by, requestId: 'request-1' }, async () => ok('again'))
    now += answerKeptMs
    await run()
    expect(await again()).toEqual(ok('first'))
    now += 1
    await run()
    expect(await again()).toEqual(ok('again'))
    now += finishedIntentKeptMs - answerKeptMs - 1
    await run()
    expect(await subjects()).toEqual(['done', 'failed', 'pending'])
    now += 1
    await run()
    expect(await subjects()).toEqual(['pending'])
  })

  it('is dropped by the features in the same transaction, and all of it comes to nothing together', async () => {
    const seen: number[] = []
    const dropOld = [async (_tx: unknown, at: number) => void seen.push(at)]
    await run(few, { dropOld })
    expect(seen).toEqual([now])
    const failing = async () => {
      throw new Error('a bug')
    }
    await expect(run(few, { dropOld: [failing] })).rejects.toThrow('a bug')
  })
})

it('is done when it is woken, and no more once it is stopped', async () => {
  const done = Promise.withResolvers<void>()
  let runs = 0
  const dropOld = [
    async () => {
      runs += 1
      done.resolve()
    },
  ]
  const loop = startRetention({ ...deps({ dropOld }), log: silentLog })
  expect(runs).toBe(0)
  loop.wake()
  await done.promise
  await loop.stop()
  loop.wake()
  expect(runs).toBe(1)
})
