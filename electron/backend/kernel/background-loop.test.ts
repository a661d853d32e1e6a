import { expect, it } from 'vitest'
import { startBackgroundLoop } from './background-loop.ts'
import { silentLog } from './testing.ts'

/** Runs until a number of runs was seen. */
const runsUntil = (count: number, run: (n: number) => Promise<void>) => {
  let n = 0
  let seen = () => undefined as void
  const reached = new Promise<void>((resolve) => (seen = resolve))
  const loop = startBackgroundLoop({
    name: 'test',
    everyMs: 1,
    log: silentLog,
    run: async () => {
      n += 1
      if (n === count) seen()
      await run(n)
    },
  })
  return { loop, reached, count: () => n }
}

it('goes on after a failure', async () => {
  const { loop, reached } = runsUntil(3, async (n) => {
    if (n < 3) throw new Error('a bug')
  })
  await reached
  await loop.stop()
})

it('takes no run after it was stopped, and stop waits for the one under way', async () => {
  let finish = () => undefined as void
  const gate = new Promise<void>((resolve) => (finish = resolve))
  let isDone = false
  const { loop, reached, count } = runsUntil(1, async () => {
    await gate
    isDone = true
  })
  await reached
  const stopped = loop.stop()
  finish()
  await stopped
  loop.wake()
  expect(isDone).toBe(true)
  expect(count()).toBe(1)
})

it('runs again when it was woken in the middle of a run', async () => {
  const { loop, reached } = runsUntil(2, async (n) => {
    if (n === 1) loop.wake()
  })
  loop.wake()
  await reached
  await loop.stop()
})
