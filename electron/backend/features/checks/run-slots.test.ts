import { expect, it } from 'vitest'
import { createRunSlots } from './run-slots.ts'

const open = new AbortController().signal
/** What has its turn by now; whoever else waits is left waiting. */
const settled = async (turns: readonly Promise<unknown>[]) => {
  const states = turns.map(() => false)
  turns.forEach((turn, at) => void turn.then(() => (states[at] = true)))
  await new Promise((resolve) => setImmediate(resolve))
  return states
}

it('lets so many at a time, first come first served', async () => {
  const slots = createRunSlots(2)
  const turns = ['a', 'b', 'c', 'd'].map((id) => slots.take(id, open))
  expect(await settled(turns)).toEqual([true, true, false, false])
  const giveBack = await turns[1]
  giveBack?.()
  // A turn that is given back twice is one turn.
  giveBack?.()
  expect(await settled(turns)).toEqual([true, true, true, false])
})

it('lets what runs already have its turn beyond the limit, once', async () => {
  const slots = createRunSlots(1)
  const [one] = [slots.hold('a'), slots.hold('b'), slots.hold('a')]
  const turn = slots.take('c', open)
  expect(await settled([turn])).toEqual([false])
  one?.()
  expect(await settled([turn])).toEqual([false])
  slots.hold('b')()
  expect(await settled([turn])).toEqual([true])
})

it('is left by who does not want to wait any more', async () => {
  const slots = createRunSlots(1)
  const giveBack = await slots.take('a', open)
  const leaving = new AbortController()
  const [second, third] = [slots.take('b', leaving.signal), slots.take('c', open)]
  leaving.abort()
  expect(await second).toBeNull()
  expect(await slots.take('d', leaving.signal)).toBeNull()
  giveBack?.()
  expect(await third).not.toBeNull()
})
