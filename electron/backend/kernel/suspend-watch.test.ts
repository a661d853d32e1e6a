import { afterEach, beforeEach, expect, it } from 'vitest'
import { putSetting, listSettings } from '../features/settings/settings-store.ts'
import {
  lookEveryMs,
  smallestGapMs,
  startSuspendWatch,
  type SuspendListener,
  type SuspendWatch,
} from './suspend-watch.ts'
import { createTestKernel, silentLog, type TestKernel } from './testing.ts'

let now = 1_000_000
let kernel: TestKernel
let watch: SuspendWatch | undefined
beforeEach(() => {
  now = 1_000_000
  kernel = createTestKernel(() => now)
})
afterEach(async () => {
  await watch?.stop()
  await kernel.close()
})

const start = (...listeners: SuspendListener[]) => {
  watch = startSuspendWatch({ ...kernel, log: silentLog, listeners })
  return watch
}
const hourMs = 3_600_000

it('credits what a sleep took, once, and leaves ordinary time alone', async () => {
  const gaps: number[] = []
  const { look } = start(async (_context, gapMs) => void gaps.push(gapMs))
  now += lookEveryMs
  await look()
  now += lookEveryMs + smallestGapMs - 1
  await look()
  expect(gaps).toEqual([])
  now += 8 * hourMs
  await look()
  await look()
  expect(gaps).toEqual([8 * hourMs - lookEveryMs])
})

it('asks nothing for a clock that is set back, nor for its way back to where it was', async () => {
  const gaps: number[] = []
  const { look } = start(async (_context, gapMs) => void gaps.push(gapMs))
  now -= hourMs
  await look()
  now += hourMs
  await look()
  expect(gaps).toEqual([])
})

it('credits all listeners in one transaction, or none of them', async () => {
  let isFull = true
  const credit =
    (key: string): SuspendListener =>
    async ({ tx, now }, gapMs) => {
      if (key === 'draft:second' && isFull) throw new Error('disk full')
      await putSetting(tx, { key, value: gapMs }, now)
    }
  const { look } = start(credit('draft:first'), credit('draft:second'))
  now += hourMs
  await look()
  expect(await kernel.database.read(listSettings)).toEqual([])

  isFull = false
  now += lookEveryMs
  await look()
  const gapMs = hourMs - lookEveryMs
  expect(await kernel.database.read(listSettings)).toEqual([
    { key: 'draft:first', value: gapMs },
    { key: 'draft:second', value: gapMs },
  ])
})

it('is waited for by whoever looks while a credit is being written', async () => {
  const { promise: written, resolve: write } = Promise.withResolvers<void>()
  let isCredited = false
  const { look } = start(async () => {
    await written
    isCredited = true
  })
  now += hourMs
  const first = look()
  const second = look().then(() => isCredited)
  write()
  expect(await second).toBe(true)
  await first
})

it('ends only when the credit under way is written', async () => {
  const { promise: written, resolve: write } = Promise.withResolvers<void>()
  const credited: number[] = []
  const { look, stop } = start(async (_context, gapMs) => {
    await written
    credited.push(gapMs)
  })
  now += hourMs
  void look()
  const stopped = stop()
  write()
  await stopped
  expect(credited).toEqual([hourMs - lookEveryMs])
})
