import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok, refuse } from '../../../shared/lib/result.ts'
import { putSetting, listSettings } from '../features/settings/settings-store.ts'
import { systemIdentity } from './identity.ts'
import { createTestKernel, type TestKernel } from './testing.ts'

let kernel: TestKernel
beforeEach(() => {
  kernel = createTestKernel()
})
afterEach(() => kernel.close())

const by = systemIdentity

const set = (key: string, value: number, requestId?: string) =>
  kernel.runCommand({ name: 'set', by, ...(requestId ? { requestId } : {}) }, async ({ tx, now, emit }) => {
    await putSetting(tx, { key, value }, now)
    await emit('settings.changed', key, { key, value })
    return ok(value)
  })

const countEvents = async () =>
  (await kernel.database.read((tx) => tx.get<{ n: number }>('SELECT count(*) AS n FROM events')))?.n

describe('a command', () => {
  it('commits its rows and its events together and then tells of them', async () => {
    expect(await set('draft:a', 1)).toEqual(ok(1))
    expect(await kernel.database.read(listSettings)).toEqual([{ key: 'draft:a', value: 1 }])
    expect(kernel.changes).toMatchObject([{ seq: 1, topic: 'settings.changed', payload: { key: 'draft:a', value: 1 } }])
    expect(await countEvents()).toBe(1)
  })

  it('leaves nothing behind when it refuses', async () => {
    const refused = await kernel.runCommand({ name: 'refused', by }, async ({ tx, now, emit }) => {
      await putSetting(tx, { key: 'draft:a', value: 1 }, now)
      await emit('settings.changed', 'draft:a', { key: 'draft:a', value: 1 })
      return refuse('NO', 'Not today.')
    })
    expect(refused).toEqual({ ok: false, refusal: { code: 'NO', message: 'Not today.' } })
    expect(await kernel.database.read(listSettings)).toEqual([])
    expect(kernel.changes).toEqual([])
  })

  it('leaves nothing behind when it throws, and the others of its batch are kept', async () => {
    const outcomes = await Promise.allSettled([
      set('draft:a', 1),
      kernel.runCommand({ name: 'throws', by }, async ({ tx, now }) => {
        await putSetting(tx, { key: 'draft:b', value: 2 }, now)
        throw new Error('a bug')
      }),
      set('draft:c', 3),
    ])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await kernel.database.read(listSettings)).map((row) => row.key)).toEqual(['draft:a', 'draft:c'])
    expect(kernel.changes.map((change) => change.seq)).toEqual([1, 2])
  })

  it('shares one transaction with the commands of the same turn, in the order they came', async () => {
    let begins = 0
    const exec = kernel.database.exec
    Object.assign(kernel.database, {
      exec: (sql: string) => {
        if (sql.startsWith('BEGIN')) begins += 1
        exec(sql)
      },
    })
    await Promise.all(Array.from({ length: 50 }, (_, n) => set('draft:same', n)))
    expect(begins).toBe(1)
    expect(await kernel.database.read(listSettings)).toEqual([{ key: 'draft:same', value: 49 }])
    expect(kernel.changes.map((change) => change.seq)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
  })

  it('runs once for one request id and repeats its answer', async () => {
    expect(await set('draft:a', 1, 'request-1')).toEqual(ok(1))
    expect(await set('draft:a', 2, 'request-1')).toEqual(ok(1))
    expect(await kernel.database.read(listSettings)).toEqual([{ key: 'draft:a', value: 1 }])
    expect(kernel.changes).toHaveLength(1)
  })

  it('keeps the answers of different commands apart, also under one request id', async () => {
    const ask = (name: string) =>
      kernel.runCommand({ name, by, requestId: 'request-1' }, async () => ok(`answer of ${name}`))
    expect(await ask('first')).toEqual(ok('answer of first'))
    expect(await ask('second')).toEqual(ok('answer of second'))
    expect(await ask('first')).toEqual(ok('answer of first'))
  })

  it('fails all of a batch when the commit itself is refused, and the next one works', async () => {
    const exec = kernel.database.exec
    let isFull = true
    Object.assign(kernel.database, {
      exec: (sql: string) => {
        if (sql === 'COMMIT' && isFull) throw new Error('database or disk is full')
        exec(sql)
      },
    })
    const outcomes = await Promise.allSettled([set('draft:a', 1), set('draft:b', 2)])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
    isFull = false
    expect(await kernel.database.read(listSettings)).toEqual([])
    expect(await set('draft:c', 3)).toEqual(ok(3))
    expect(kernel.changes).toHaveLength(1)
  })

  it('keeps its events for ever: they can be neither changed nor deleted', async () => {
    await set('draft:a', 1)
    await expect(kernel.database.writer.run('DELETE FROM events')).rejects.toThrow('never deleted')
    await expect(kernel.database.writer.run('UPDATE events SET at = 0')).rejects.toThrow('never changed')
  })
})
