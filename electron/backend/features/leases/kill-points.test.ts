import { describe, expect, it } from 'vitest'
import { createTestKernel } from '../../kernel/testing.ts'
import { countWrites, failEverywhere, killEverywhere } from '../../testing/kill-points.ts'
import { leaseDeeds, leaseReads } from './testing/lease-kill-deeds.ts'
import { leaseStage } from '../../testing/lease-world.ts'

const deeds = Object.entries(leaseDeeds).flatMap(([operation, kinds]) =>
  Object.entries(kinds).map(([kind, deed]) => ({ name: `${operation} ${kind}`, deed })),
)

it('knows every operation of the leases', async () => {
  const kernel = createTestKernel()
  const world = await leaseStage.open(kernel, { now: 0 })
  const known = [...Object.keys(leaseDeeds), ...Object.keys(leaseReads), 'close']
  expect(Object.keys(world.leases).sort()).toEqual(known.sort())
  await leaseStage.close(world)
  await kernel.close()
})

describe.each(deeds)('$name', ({ deed }) => {
  it('killed at any call to the database has happened or has not, and happens once when it is asked for again', async () => {
    expect(await killEverywhere(leaseStage, deed)).toBeGreaterThanOrEqual(5 * (deed.commits ?? 1))
  })

  it('has not happened when any call to the database fails, and happens in the same process after that', () =>
    failEverywhere(leaseStage, deed))
})

it.each(Object.entries(leaseReads))('%s only reads', async (_name, read) => {
  expect(await countWrites(leaseStage, read)).toBe(0)
})
