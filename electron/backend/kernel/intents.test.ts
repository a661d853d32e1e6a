import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../../../shared/lib/result.ts'
import { systemIdentity } from './identity.ts'
import { finishIntent } from './intents-store.ts'
import { startIntentLoop, type IntentHandler, type IntentLoop } from './intents.ts'
import { createTestKernel, silentLog, type TestKernel } from './testing.ts'

let kernel: TestKernel
let loop: IntentLoop | undefined
beforeEach(() => {
  kernel = createTestKernel()
})
afterEach(async () => {
  await loop?.stop()
  await kernel.close()
})

const by = systemIdentity

const intend = (kind: string, subject: string, payload?: unknown) =>
  kernel.runCommand({ name: 'intend', by }, async ({ intend }) => ok(await intend({ kind, subject, payload })))

const start = (handlers: Record<string, IntentHandler>) => {
  loop = startIntentLoop({ ...kernel, log: silentLog, handlers: new Map(Object.entries(handlers)) })
  kernel.onCommit(() => loop?.wake())
}

const states = () =>
  kernel.database.read((tx) =>
    tx.all<{ state: string; attempts: number }>('SELECT state, attempts FROM intents ORDER BY id'),
  )

/** Waits until every intent is finished; the loop's own bookings are commits and wake it. */
const whenFinished = async () => {
  while ((await states()).some((row) => row.state === 'pending')) await new Promise((resolve) => setImmediate(resolve))
}

describe('the intent loop', () => {
  it('carries out what was intended before it started, and what is intended later', async () => {
    const seen: unknown[] = []
    await intend('greet', 'a', 'first')
    start({
      greet: async (intent) => {
        seen.push(intent.payload)
        return { kind: 'done' }
      },
    })
    await intend('greet', 'a', 'second')
    loop?.wake()
    await whenFinished()
    expect(seen).toEqual(['first', 'second'])
  })

  it('keeps the order within a subject and runs subjects side by side', async () => {
    const seen: string[] = []
    let release = () => undefined as void
    const gate = new Promise<void>((resolve) => (release = resolve))
    await intend('work', 'slow', 1)
    await intend('work', 'slow', 2)
    await intend('work', 'quick', 1)
    start({
      work: async (intent) => {
        if (intent.subject === 'slow' && intent.payload === 1) await gate
        seen.push(`${intent.subject}${String(intent.payload)}`)
        if (intent.subject === 'quick') release()
        return { kind: 'done' }
      },
    })
    await whenFinished()
    expect(seen).toEqual(['quick1', 'slow1', 'slow2'])
  })

  it('tries again after a throw and after "again", and gives up only on "failed"', async () => {
    let calls = 0
    await intend('flaky', 'a')
    start({
      flaky: async () => {
        calls += 1
        if (calls < 3) return { kind: 'again', afterMs: 0, problem: 'not yet' }
        return { kind: 'failed', problem: 'never' }
      },
    })
    await whenFinished()
    expect(calls).toBe(3)
    expect(await states()).toEqual([{ state: 'failed', attempts: 2 }])
  })

  it('lets a handler book its intent in its own transaction, and never runs a finished one again', async () => {
    let calls = 0
    await intend('book', 'a')
    const handler: IntentHandler = async (intent) => {
      calls += 1
      await kernel.runCommand({ name: 'effect', by }, async ({ tx, now }) => ok(await finishIntent(tx, intent.id, now)))
      return { kind: 'done' }
    }
    start({ book: handler })
    await whenFinished()
    await loop?.stop()
    start({ book: handler })
    await loop?.stop()
    expect(calls).toBe(1)
    await expect(kernel.database.writer.run(`UPDATE intents SET state = 'pending'`)).rejects.toThrow('never changes')
  })

  it('fails an intent that nothing carries out, with a reason', async () => {
    await intend('unheard-of', 'a')
    start({})
    await whenFinished()
    const [row] = await kernel.database.read((tx) => tx.all<{ problem: string }>('SELECT problem FROM intents'))
    expect(row?.problem).toContain('unheard-of')
  })
})
