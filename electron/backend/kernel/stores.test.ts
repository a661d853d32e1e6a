import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../../../shared/lib/result.ts'
import { answerKeptMs, dropOldAnswers, findAnswer } from './answers-store.ts'
import { changesAfter, lastSeq } from './events-store.ts'
import { systemIdentity, type Identity } from './identity.ts'
import { cancelIntents, failIntent, finishIntent, listNextIntents, postponeIntent } from './intents-store.ts'
import type { CommandContext } from './run-command.ts'
import { createTestKernel, type TestKernel } from './testing.ts'

let kernel: TestKernel
let now: number
beforeEach(() => {
  now = 1000
  kernel = createTestKernel(() => now)
})
afterEach(() => kernel.close())

const by = systemIdentity
const command = async (work: (context: CommandContext) => Promise<unknown>, name = 'test', who: Identity = by) => {
  await kernel.runCommand({ name, by: who }, async (context) => {
    await work(context)
    return ok(undefined)
  })
}
const next = () => kernel.database.read(listNextIntents)
const intend = async (kind: string, subject: string, payload?: unknown) => {
  const ids: string[] = []
  await command(async (context) => ids.push(await context.intend({ kind, subject, payload })))
  return ids[0] as Parameters<typeof finishIntent>[1]
}

describe('intents', () => {
  it('of one subject come one at a time, oldest first; subjects do not wait for each other', async () => {
    const first = await intend('prepare', 'a', { step: 1 })
    const second = await intend('start', 'a')
    const other = await intend('prepare', 'b')
    expect((await next()).map(({ id }) => id)).toEqual([first, other])
    await command(({ tx }) => finishIntent(tx, first, now))
    expect((await next()).map(({ id }) => id)).toEqual([second, other])
  })

  it('keep their payload as it was, and none as null', async () => {
    await intend('prepare', 'a', { path: "/it's", list: [1, null] })
    await intend('prepare', 'b')
    expect((await next()).map(({ payload }) => payload)).toEqual([{ path: "/it's", list: [1, null] }, null])
  })

  it('are finished once: who comes second is told so', async () => {
    const id = await intend('prepare', 'a')
    const answers: boolean[] = []
    await command(async ({ tx }) => answers.push(await finishIntent(tx, id, now), await finishIntent(tx, id, now)))
    expect(answers).toEqual([true, false])
    expect(await next()).toEqual([])
  })

  it('that were put off say since how often, and come at their time', async () => {
    const id = await intend('fetch', 'a')
    await command(({ tx }) => postponeIntent(tx, id, 6000, 'The remote did not answer.'))
    await command(({ tx }) => postponeIntent(tx, id, 9000, 'The remote did not answer.'))
    expect(await next()).toMatchObject([{ id, attempts: 2, nextAt: 9000 }])
  })

  it('that failed are over, and the next one of the subject has its turn', async () => {
    const first = await intend('fetch', 'a')
    const second = await intend('fetch', 'a')
    await command(({ tx }) => failIntent(tx, first, 'No disk.', now))
    expect((await next()).map(({ id }) => id)).toEqual([second])
  })

  it('can be ended for one subject and kind, which leaves the others', async () => {
    await intend('start', 'a')
    await intend('start', 'a')
    const stop = await intend('stop', 'a')
    const other = await intend('start', 'b')
    const counts: number[] = []
    await command(async ({ tx }) => counts.push(await cancelIntents(tx, 'a', 'start', now)))
    await command(async ({ tx }) => counts.push(await cancelIntents(tx, 'a', 'start', now)))
    expect(counts).toEqual([2, 0])
    expect((await next()).map(({ id }) => id)).toEqual([stop, other])
  })

  it('never change again once they are finished, whoever tries', async () => {
    const id = await intend('start', 'a')
    await command(({ tx }) => finishIntent(tx, id, now))
    await command(async ({ tx }) => {
      await failIntent(tx, id, 'too late', now)
      await postponeIntent(tx, id, 1, 'too late')
    })
    const row = await kernel.database.read((tx) =>
      tx.get('SELECT state, problem, attempts FROM intents WHERE id = ?', id),
    )
    expect(row).toEqual({ state: 'done', problem: null, attempts: 0 })
    await expect(command(({ tx }) => tx.run("UPDATE intents SET state = 'pending' WHERE id = ?", id))).rejects.toThrow(
      'a finished intent never changes',
    )
  })
})

describe('events', () => {
  const put = (value: number, who?: Identity) =>
    command(({ emit }) => emit('settings.changed', 'draft:n', { key: 'draft:n', value }), 'count', who)

  it('count up without gaps, also over a command that came to nothing', async () => {
    await put(1)
    await expect(
      command(async ({ emit }) => {
        await emit('settings.changed', 'draft:n', { key: 'draft:n', value: 0 })
        throw new Error('changed its mind')
      }),
    ).rejects.toThrow('changed its mind')
    await put(2)
    expect(kernel.changes.map(({ seq }) => seq)).toEqual([1, 2])
    expect(await kernel.database.read(lastSeq)).toBe(2)
  })

  it('are none at first', async () => {
    expect(await kernel.database.read(lastSeq)).toBe(0)
    expect(await kernel.database.read((tx) => changesAfter(tx, 0, 10))).toEqual([])
  })

  it('are read after a number, in order, as they were told, and no more than asked for', async () => {
    for (const value of [1, 2, 3, 4]) await put(value)
    const read = await kernel.database.read((tx) => changesAfter(tx, 1, 2))
    expect(read).toEqual(kernel.changes.slice(1, 3))
  })

  it('say who did it by which command', async () => {
    await put(1, { kind: 'person', id: 'web-1', right: 'full' })
    const row = await kernel.database.read((tx) => tx.get('SELECT actor, command, subject FROM events'))
    expect(row).toEqual({ actor: 'person:web-1', command: 'count', subject: 'draft:n' })
  })
})

describe('answers', () => {
  const ask = (requestId: string, name = 'make') =>
    kernel.runCommand({ name, by, requestId }, async () => ok({ at: now }))

  it('are given again for a day, and then the request counts as a new one', async () => {
    expect(await ask('request-1')).toEqual(ok({ at: 1000 }))
    now += answerKeptMs
    await command(({ tx }) => dropOldAnswers(tx, now))
    expect(await ask('request-1')).toEqual(ok({ at: 1000 }))
    now += 1
    await command(({ tx }) => dropOldAnswers(tx, now))
    expect(await ask('request-1')).toEqual(ok({ at: now }))
  })

  it('belong to one command', async () => {
    await ask('request-1')
    const find = (name: string, requestId: string) =>
      kernel.database.read((tx) => findAnswer(tx, { name, by, requestId }))
    expect(await find('make', 'request-1')).toEqual(ok({ at: 1000 }))
    expect(await find('other', 'request-1')).toBeUndefined()
    expect(await find('make', 'request-9')).toBeUndefined()
  })

  it('belong to the session that asked; the person is one in every window', async () => {
    const askAs = (kind: Identity['kind'], id: string) => {
      const options = { name: 'make', by: { kind, id, right: 'full' }, requestId: 'request-1' } as const
      return kernel.runCommand(options, async () => ok(id))
    }
    expect(await askAs('session', 'first')).toEqual(ok('first'))
    expect(await askAs('session', 'second')).toEqual(ok('second'))
    expect(await askAs('session', 'first')).toEqual(ok('first'))
    expect(await askAs('person', 'desktop')).toEqual(ok('desktop'))
    expect(await askAs('person', 'web-1')).toEqual(ok('desktop'))
  })
})
