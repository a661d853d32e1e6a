import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ok } from '../../../shared/lib/result.ts'
import { probeHealth } from './health.ts'
import { systemIdentity as by } from './identity.ts'
import { createTestKernel, type TestKernel } from './testing.ts'

let kernel: TestKernel
beforeEach(() => {
  kernel = createTestKernel()
})
afterEach(() => kernel.close())

const pragma = async (text: string) =>
  Number(Object.values((await kernel.database.writer.get<Record<string, number>>(`PRAGMA ${text}`)) ?? {})[0])

/** Writes something large, and says so in an event. */
const put = (key: string) =>
  kernel.runCommand({ name: 'put', by }, async ({ tx, emit }) => {
    await tx.run('INSERT INTO meta (key, value) VALUES (?, ?)', key, 'x'.repeat(30_000))
    return ok(await emit('settings.changed', key, { key: `draft:${key}`, value: 1 }))
  })
const read = () =>
  kernel.database.read(async (tx) => ({
    keys: (await tx.all<{ key: string }>('SELECT key FROM meta ORDER BY key')).map(({ key }) => key),
    told: (await tx.all<{ subject: string }>('SELECT subject FROM events ORDER BY subject')).map(
      ({ subject }) => subject,
    ),
  }))

it('a full disk is told to whoever writes, keeps all that was acknowledged and nothing else, and heals by itself', async () => {
  await put('before')
  const roomy = await pragma('max_page_count')
  await pragma(`max_page_count = ${(await pragma('page_count')) + 20}`)
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  // Some of one turn, which share a transaction, and some each in its own; a few of them find room.
  const outcomes = await Promise.allSettled(names.slice(0, 5).map(put))
  for (const name of names.slice(5)) outcomes.push(...(await Promise.allSettled([put(name)])))
  const kept = names.filter((_name, n) => outcomes[n]?.status === 'fulfilled')
  const problems = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
  expect([kept.length > 0, problems.length > 0]).toEqual([true, true])
  for (const problem of problems) expect(problem).toContain('database or disk is full')
  const there = ['before', ...kept].sort()
  expect(await read()).toEqual({ keys: there, told: there })
  const topics = kernel.changes.map((change) =>
    change.topic === 'settings.changed' ? change.payload.key.slice(6) : '',
  )
  expect(topics.sort()).toEqual(there)
  expect(kernel.database.quickCheck()).toEqual(['ok'])

  await pragma(`max_page_count = ${roomy}`)
  expect(await probeHealth(kernel.database, kernel.runCommand)).toEqual({ kind: 'ok' })
  for (const name of names.filter((one) => !kept.includes(one))) await put(name)
  const all = ['before', ...names].sort()
  expect(await read()).toEqual({ keys: all, told: all })
})

it('a write lock of another process is waited for, told when it does not end, and forgotten when it does', async () => {
  await put('before')
  // The wait itself is SQLite's, seconds in the app.
  await pragma('busy_timeout = 20')
  const other = new BetterSqlite(kernel.database.path)
  other.exec('BEGIN IMMEDIATE')
  await expect(put('meanwhile')).rejects.toThrow('database is locked')
  expect(await probeHealth(kernel.database, kernel.runCommand)).toMatchObject({
    kind: 'ill',
    problem: expect.stringContaining('database is locked'),
  })
  expect(await read()).toEqual({ keys: ['before'], told: ['before'] })
  other.exec('ROLLBACK')
  other.close()
  await put('meanwhile')
  expect(await read()).toEqual({ keys: ['before', 'meanwhile'], told: ['before', 'meanwhile'] })
})
