import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { IntentId } from '../../../shared/lib/ids.ts'
import { ok } from '../../../shared/lib/result.ts'
import { systemIdentity as by } from './identity.ts'
import { cancelIntents, finishIntent, type Intent } from './intents-store.ts'
import { startIntentLoop, type IntentHandler, type IntentLoop } from './intents.ts'
import { createTestKernel, silentLog, type TestKernel } from './testing.ts'

// I12: an intent that is done never runs again, and what it books in a transaction of its own is booked once: whatever its
// tries come to, in whatever order, also when the app is killed at any step of anything.

const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1000)

/** What becomes of one try. `books`: the handler ends the intent itself, with its effect, in one transaction. */
type Try = 'done' | 'books' | 'books-and-throws' | 'again' | 'later' | 'throws' | 'failed'
interface Wish {
  readonly subject: string
  readonly tries: readonly Try[]
  /** How long each try takes, in turns of the event loop and in steps of one. */
  readonly turns: number
  readonly steps: number
}
type Step =
  | { readonly kind: 'intend'; readonly wishes: readonly Wish[] }
  | { readonly kind: 'cancel'; readonly subject: string }
  | { readonly kind: 'wake' | 'restart' }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'turns'; readonly count: number }
  /** The process dies at the n-th thing it asks of its database from now on, before that happened or after. */
  | { readonly kind: 'kill'; readonly at: number; readonly when: 'before' | 'after' }

const subject = fc.constantFrom('a', 'b', 'c')
const wish: fc.Arbitrary<Wish> = fc.record({
  subject,
  tries: fc.array(
    fc.constantFrom<Try>('done', 'books', 'books', 'books-and-throws', 'again', 'later', 'throws', 'failed'),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  turns: fc.nat(2),
  steps: fc.nat(12),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('intend' as const),
      wishes: fc.array(wish, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), subject }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('wake' as const, 'wake', 'restart') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1, 1000, 70_000) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      at: fc.integer({ min: 1, max: 8 }),
      when: fc.constantFrom('before' as const, 'after'),
    }),
  },
)

let now = 1_000_000
let kernel: TestKernel
let loop: IntentLoop
beforeAll(() => {
  kernel = createTestKernel(() => now)
})
afterAll(() => kernel.close())

/** One life of the process: when it is dead nothing that it still tries happens. */
interface Life {
  isDead: boolean
  asked: number
  kill: Extract<Step, { kind: 'kill' }> | null
}
class Killed extends Error {}
let life: Life

const mayDie = async <Value>(own: Life, work: () => Promise<Value>): Promise<Value> => {
  if (own.isDead) throw new Killed()
  own.asked += 1
  const isHere = own.kill !== null && own.asked >= own.kill.at
  if (isHere && own.kill?.when === 'before') own.isDead = true
  if (own.isDead) throw new Killed()
  const value = await work()
  if (isHere) own.isDead = true
  if (own.isDead) throw new Killed()
  return value
}

/** What was really done, which no restart forgets. */
const wishes = new Map<IntentId, Wish>()
const tried = new Map<IntentId, number>()
const booked = new Map<IntentId, number>()
/** What must not happen, told outside of the loop, which would take it for a try that failed. */
const wrong: string[] = []
let running: { readonly subject: string; readonly of: Life }[] = []

const listStates = () =>
  kernel.database.read((tx) =>
    tx.all<{ id: IntentId; subject: string; state: string }>('SELECT id, subject, state FROM intents ORDER BY id'),
  )
const turn = () => new Promise((resolve) => setImmediate(resolve))

const start = () => {
  const own: Life = { isDead: false, asked: 0, kill: null }
  const runCommand: TestKernel['runCommand'] = (options, work) => mayDie(own, () => kernel.runCommand(options, work))
  const book = async ({ id }: Intent) => {
    await runCommand({ name: 'effect', by }, async ({ tx, now: at }) => {
      if (await finishIntent(tx, id, at)) booked.set(id, (booked.get(id) ?? 0) + 1)
      return ok(undefined)
    })
  }
  const handler: IntentHandler = async (intent) => {
    if (own.isDead) throw new Killed()
    const wished = wishes.get(intent.id)
    if (!wished) throw new Error(`Nobody wished for ${intent.id}.`)
    if (running.some((one) => one.of === own && one.subject === intent.subject))
      wrong.push('two of one subject at once')
    // What is kept at this very moment, not a turn later.
    const row = await kernel.database.writer.get<{ state: string }>('SELECT state FROM intents WHERE id = ?', intent.id)
    if (row?.state !== 'pending') wrong.push(`${intent.id} is ${row?.state} and runs again`)
    const mine = { subject: intent.subject, of: own }
    running.push(mine)
    const count = tried.get(intent.id) ?? 0
    tried.set(intent.id, count + 1)
    for (let n = 0; n < wished.turns; n += 1) await turn()
    for (let n = 0; n < wished.steps; n += 1) await Promise.resolve()
    running = running.filter((one) => one !== mine)
    switch (wished.tries[count] ?? 'done') {
      case 'books':
        await book(intent)
        return { kind: 'done' }
      case 'books-and-throws':
        await book(intent)
        throw new Error('after all')
      case 'again':
        return { kind: 'again', afterMs: 0, problem: 'not yet' }
      case 'later':
        return { kind: 'again', afterMs: 5000, problem: 'not yet' }
      case 'throws':
        throw new Error('not yet')
      case 'failed':
        return { kind: 'failed', problem: 'never' }
      default:
        return { kind: 'done' }
    }
  }
  life = own
  loop = startIntentLoop({
    ...kernel,
    log: silentLog,
    runCommand,
    database: { ...kernel.database, read: (work) => mayDie(own, () => kernel.database.read(work)) },
    handlers: new Map([['work', handler]]),
  })
  return loop
}

/** The next start of the app, after an orderly end or a kill. */
const restart = async () => {
  await loop.stop()
  running = running.filter((one) => one.of !== life)
  start()
}

const play = async (taken: Step): Promise<void> => {
  switch (taken.kind) {
    case 'intend': {
      await kernel.runCommand({ name: 'wish', by }, async ({ intend }) => {
        for (const each of taken.wishes) wishes.set(await intend({ kind: 'work', subject: each.subject }), each)
        return ok(undefined)
      })
      return loop.wake()
    }
    case 'cancel':
      // Who is cancelled while a try is under way finds out by itself; here nothing of the subject is.
      if (running.some((one) => one.subject === taken.subject)) return
      await loop.stop()
      await kernel.runCommand({ name: 'cancel', by }, async ({ tx, now: at }) =>
        ok(await cancelIntents(tx, taken.subject, 'work', at)),
      )
      return void start()
    case 'wake':
      return loop.wake()
    case 'restart':
      return restart()
    case 'time':
      now += taken.ms
      return loop.wake()
    case 'turns':
      for (let n = 0; n < taken.count; n += 1) await turn()
      return
    case 'kill':
      life.kill = taken
      life.asked = 0
      loop.wake()
      for (let n = 0; n < 6 && !life.isDead; n += 1) await turn()
      return restart()
  }
}

const settle = async () => {
  for (let round = 0; ; round += 1) {
    const left = (await listStates()).filter(({ state }) => state === 'pending')
    if (left.length === 0) return
    expect(round, `left over: ${JSON.stringify(left)}`).toBeLessThan(400)
    now += 61_000
    loop.wake()
    for (let n = 0; n < 3; n += 1) await turn()
  }
}

it(
  `I12: an intent that is done never runs again and is booked once (${runs} runs)`,
  async () => {
    const stopListening = kernel.onCommit(() => loop.wake())
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        await kernel.database.writer.run('DELETE FROM intents')
        for (const map of [wishes, tried, booked]) map.clear()
        running = []
        start()
        for (const taken of steps) {
          await play(taken)
          expect(wrong.splice(0)).toEqual([])
        }
        if (life.isDead) await restart()
        await settle()
        await loop.stop()
        expect(wrong.splice(0)).toEqual([])
        const states = await listStates()
        expect(states).toHaveLength(wishes.size)
        for (const { id, state } of states) {
          expect(booked.get(id) ?? 0, `${id} was booked`).toBeLessThanOrEqual(1)
          if (state === 'done') expect(tried.get(id)).toBeGreaterThan(0)
          if (booked.has(id)) expect(state).toBe('done')
        }
      }),
      { numRuns: runs },
    )
    stopListening()
  },
  600_000 + runs * 200,
)
