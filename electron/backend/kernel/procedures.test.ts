import { createRouterClient, ORPCError } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { rightSchema, type Right } from '../../../shared/contract/base.ts'
import { ok, refuse, type Result } from '../../../shared/lib/result.ts'
import { createClock, createNewId } from './clock.ts'
import { includesRight, systemIdentity } from './identity.ts'
import { answer, procedures } from './procedures.ts'

const askId = 'ask_01ARZ3NDEKTSV4RRFFQ69G5FAV' as never
let calls: string[]
const clientWith = (right: Right, outcome: Result<undefined, 'ALREADY_ANSWERED'> = ok(undefined)) => {
  calls = []
  const router = {
    answer: procedures.asks.answer.handler(async ({ errors }) => {
      calls.push('answer')
      return answer(outcome, errors)
    }),
    set: procedures.settings.set.handler(async () => void calls.push('set')),
    acknowledge: procedures.terminals.acknowledge.handler(async () => void calls.push('acknowledge')),
  }
  return createRouterClient(router, { context: { identity: { kind: 'person', id: 'p', right } } })
}
const allow = { kind: 'allow', widerId: null } as const
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error as ORPCError<string, unknown>,
  )

describe('a right', () => {
  it('includes itself and those before it', () => {
    const table = rightSchema.options.map((held) => rightSchema.options.map((needed) => includesRight(held, needed)))
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ])
    expect(systemIdentity.right).toBe('full')
  })

  it.each<[Right, string[]]>([
    ['view', ['acknowledge']],
    ['answer', ['acknowledge', 'answer']],
    ['full', ['acknowledge', 'answer', 'set']],
  ])('to %s reaches what declares it: %j', async (right, expected) => {
    const client = clientWith(right)
    const errors = [
      await errorOf(client.acknowledge({ viewerId: 'viewer-1', units: 1 })),
      await errorOf(client.answer({ askId, answer: allow })),
      await errorOf(client.set({ key: 'appearance', value: null })),
    ]
    expect(calls).toEqual(expected)
    expect(errors.filter((error) => error !== null).map((error) => error?.code)).toEqual(
      Array.from({ length: 3 - expected.length }, () => 'FORBIDDEN'),
    )
  })

  it('that is missing is told with what is needed', async () => {
    const error = await errorOf(clientWith('view').set({ key: 'appearance', value: null }))
    expect(error).toMatchObject({
      status: 403,
      defined: true,
      message: 'This connection may only view; that needs the right "full".',
    })
  })

  it('is judged before the input is looked at, which may hold anything', async () => {
    const error = await errorOf(clientWith('view').set({ key: 7, value: () => 1 } as never))
    expect(error?.code).toBe('FORBIDDEN')
  })
})

describe('a refusal', () => {
  it('arrives with its code and its words', async () => {
    const message = 'It was answered here already (Allowed).'
    const error = await errorOf(
      clientWith('full', refuse('ALREADY_ANSWERED', message)).answer({ askId, answer: allow }),
    )
    expect(error).toBeInstanceOf(ORPCError)
    expect(error).toMatchObject({ code: 'ALREADY_ANSWERED', status: 409, message })
  })

  it('of an input nobody can use comes before the service is asked', async () => {
    const client = clientWith('full')
    const inputs = [{}, null, { askId: 'ask_1', answer: allow }, { askId, answer: { kind: 'always' } }]
    for (const input of inputs) expect((await errorOf(client.answer(input as never)))?.code).toBe('BAD_REQUEST')
    expect(calls).toEqual([])
  })
})

describe('a disk or a database that does not do its work', () => {
  const failing = (error: Error) => {
    const set = procedures.settings.set.handler(async () => {
      throw error
    })
    const router = { set }
    return createRouterClient(router, { context: { identity: systemIdentity } })
  }

  it('is told to the page with what to do about it', async () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const error = await errorOf(failing(full).set({ key: 'appearance', value: null }))
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', cause: full })
    expect(error?.message).toContain('Free some space')
  })

  it('is told from a bug, which stays what it is', async () => {
    const bug = new TypeError('undefined is not a function')
    expect(await errorOf(failing(bug).set({ key: 'appearance', value: null }))).toBe(bug)
  })
})

describe('the clock', () => {
  it('never goes back, even when the one of the system does', () => {
    const times = [5, 9, 3, 9, 10]
    const clock = createClock(() => times.shift() ?? 0)
    expect([clock.now(), clock.now(), clock.now(), clock.now(), clock.now(), clock.now()]).toEqual([
      5, 9, 9, 12, 12, 12,
    ])
  })

  it('makes ids that sort as they were made, also within one millisecond and after a step back', () => {
    let time = 1_795_000_000_000
    const newId = createNewId({ now: () => time })
    const ids = Array.from({ length: 500 }, (_, index) => {
      if (index === 250) time -= 1000
      return newId('int')
    })
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(500)
    expect(ids[0]).toMatch(/^int_[0-9A-HJKMNP-TV-Z]{26}$/)
  })
})
