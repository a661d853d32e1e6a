import { expect, test } from 'vitest'
import { createSightings, pace } from './sightings.ts'

const watch = (viewers: number, count: number) => {
  let now = 0
  const sightings = createSightings(viewers, count, () => now)
  const at = (time: number, act: () => void) => {
    now = time
    act()
  }
  return { ...sightings, at }
}

test('latencies are from the sending to each sighting', () => {
  const { at, sent, seen, summary } = watch(2, 2)
  at(10, () => sent(0))
  at(12, () => seen(0, 0))
  at(14, () => seen(1, 0))
  at(20, () => sent(1))
  at(21, () => seen(0, 1))
  at(29, () => seen(1, 1))
  expect(summary()).toMatchObject({ p50: 3, lost: 0, reordered: 0 })
  expect(summary().p99).toBeCloseTo(8.85)
})

test('what a viewer never saw is lost, and what came late or twice is out of order', () => {
  const { sent, seen, summary } = watch(2, 4)
  for (const n of [0, 1, 2, 3]) sent(n)
  for (const n of [0, 2, 1, 3]) seen(0, n)
  for (const n of [0, 0, 1, 3]) seen(1, n)
  expect(summary()).toMatchObject({ lost: 2, reordered: 2 })
})

test('all have seen when each of them has seen the last, and waiting ends without them', async () => {
  const { sent, seen, whenAllSeen } = watch(2, 1)
  sent(0)
  const order: string[] = []
  const all = whenAllSeen(60_000).then(() => order.push('all'))
  seen(0, 0)
  await Promise.resolve()
  order.push('one')
  seen(1, 0)
  await all
  expect(order).toEqual(['one', 'all'])
  await watch(1, 1).whenAllSeen(1)
})

test('calls are paced in order and none is left out', async () => {
  const called: number[] = []
  await pace(50, 5000, (n) => called.push(n))
  expect(called).toEqual(Array.from({ length: 50 }, (_, n) => n))
})
