import { describe, expect, it } from 'vitest'
import { createTestKernel } from '../../kernel/testing.ts'
import { countWrites, failEverywhere, killEverywhere } from '../../testing/kill-points.ts'
import { mailDeeds, mailReads, mailStage } from './testing/mail-kill-deeds.ts'

const deeds = Object.entries(mailDeeds).flatMap(([operation, kinds]) =>
  Object.entries(kinds).map(([kind, deed]) => ({ name: `${operation} ${kind}`, deed })),
)

it('knows every operation of the mail', async () => {
  const kernel = createTestKernel()
  const world = await mailStage.open(kernel, { now: 0 })
  const known = [...Object.keys(mailDeeds), ...Object.keys(mailReads), 'close']
  expect(Object.keys(world.mail).sort()).toEqual(known.sort())
  await mailStage.close(world)
  await kernel.close()
})

describe.each(deeds)('$name', ({ deed }) => {
  it('killed at any call to the database has happened or has not, and happens once when it is asked for again', async () => {
    expect(await killEverywhere(mailStage, deed)).toBeGreaterThanOrEqual(5 * (deed.commits ?? 1))
  })

  it('has not happened when any call to the database fails, and happens in the same process after that', () =>
    failEverywhere(mailStage, deed))
})

it.each(Object.entries(mailReads))('%s only reads', async (_name, read) => {
  expect(await countWrites(mailStage, read)).toBe(0)
})
