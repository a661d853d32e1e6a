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

  it('learns the number of each event it appends', async () => {
    await set('draft:a', 1)
    const numbers = await kernel.runCommand({ name: 'two', by }, async ({ emit }) =>
      ok([
        await emit('settings.changed', 'draft:a', { key: 'draft:a', value: 2 }),
        await emit('settings.changed', 'draft:a', { key: 'draft:a', value: 3 }),
      ]),
    )
    expect(numbers).toEqual(ok([2, 3]))
    expect(kernel.changes.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('keeps its events for ever: they can be neither changed nor deleted', async () => {
    await set('draft:a', 1)
    await expect(kernel.database.writer.run('DELETE FROM events')).rejects.toThrow('never deleted')
    await expect(kernel.database.writer.run('UPDATE events SET at = 0')).rejects.toThrow('never changed')
  })
})

describe('a refusal that is recorded', () => {
  const session = { kind: 'session', id: 'ses_1', right: 'full' } as const
  const fact = { subject: 'tsk_1', command: 'claim', by: 'session:ses_1', code: 'TAKEN', message: 'Take another.' }

  const claim = (requestId?: string) =>
    kernel.runCommand(
      { name: 'claim', by: session, recordRefusalUnder: 'tsk_1', ...(requestId ? { requestId } : {}) },
      async ({ tx, now, emit, intend }) => {
        await putSetting(tx, { key: 'draft:a', value: 1 }, now)
        await emit('settings.changed', 'draft:a', { key: 'draft:a', value: 1 })
        await intend({ kind: 'test', subject: 'tsk_1' })
        return refuse('TAKEN', 'Take another.', { holder: 'ses_2' })
      },
    )
  const countIntents = () =>
    kernel.database.read((tx) => tx.get<{ n: number }>('SELECT count(*) AS n FROM intents')).then((row) => row?.n)

  it('undoes what the command wrote and says who was refused what, and why', async () => {
    expect(await claim()).toEqual({
      ok: false,
      refusal: { code: 'TAKEN', message: 'Take another.', current: { holder: 'ses_2' } },
    })
    expect(await kernel.database.read(listSettings)).toEqual([])
    expect(await countIntents()).toBe(0)
    expect(kernel.changes).toEqual([{ seq: 1, at: expect.any(Number), topic: 'refusals.recorded', payload: fact }])
    const row = await kernel.database.read((tx) => tx.get('SELECT subject, command, actor FROM events'))
    expect(row).toEqual({ subject: 'tsk_1', command: 'claim', actor: 'session:ses_1' })
  })

  it('is the answer to its request: a repeat gets it again and records nothing more', async () => {
    const first = await claim('request-1')
    expect(await claim('request-1')).toEqual(first)
    expect(kernel.changes).toHaveLength(1)
    await claim('request-2')
    expect(kernel.changes).toHaveLength(2)
  })

  it('stands between the commands of its batch without a gap in the numbers', async () => {
    await Promise.all([set('draft:b', 1), claim(), set('draft:b', 2)])
    expect(kernel.changes.map(({ seq, topic }) => [seq, topic])).toEqual([
      [1, 'settings.changed'],
      [2, 'refusals.recorded'],
      [3, 'settings.changed'],
    ])
  })

  it('is not made of a command that threw, nor of one that succeeded', async () => {
    const options = { name: 'claim', by: session, recordRefusalUnder: 'tsk_1' }
    await expect(
      kernel.runCommand(options, async () => {
        throw new Error('a bug')
      }),
    ).rejects.toThrow('a bug')
    expect(await kernel.runCommand(options, async () => ok('mine'))).toEqual(ok('mine'))
    expect(kernel.changes).toEqual([])
  })

  it('that is not to be recorded is no answer: the next try with its request may succeed', async () => {
    let isFree = false
    const attempt = () =>
      kernel.runCommand({ name: 'claim', by: session, requestId: 'request-1' }, async () =>
        isFree ? ok('mine') : refuse('TAKEN', 'Take another.'),
      )
    expect(await attempt()).toMatchObject({ ok: false })
    isFree = true
    expect(await attempt()).toEqual(ok('mine'))
  })
})
