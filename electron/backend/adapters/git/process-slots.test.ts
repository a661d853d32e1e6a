import { expect, test } from 'vitest'
import { createProcessSlots } from './process-slots.ts'

/** Works that end when they are told to, and the order in which they began. */
const createWorks = (most: number) => {
  const inSlot = createProcessSlots(most)
  const begun: string[] = []
  const ends = new Map<string, PromiseWithResolvers<string>>()
  const settled: Promise<unknown>[] = []
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    begun,
    settled,
    add: async (name: string) => {
      const end = Promise.withResolvers<string>()
      ends.set(name, end)
      const work = inSlot(() => {
        begun.push(name)
        return end.promise
      })
      settled.push(work.catch((error: unknown) => String(error)))
      await turn()
    },
    end: async (name: string) => {
      ends.get(name)?.resolve(name)
      await turn()
    },
    fail: async (name: string) => {
      ends.get(name)?.reject(new Error(`${name} failed`))
      await turn()
    },
  }
}

test('no more run side by side than there are slots, and the others follow in order', async () => {
  const { add, end, begun, settled } = createWorks(2)
  for (const name of ['a', 'b', 'c', 'd']) await add(name)
  expect(begun).toEqual(['a', 'b'])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  await add('e')
  await end('a')
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  for (const name of ['c', 'd', 'e']) await end(name)
  expect(await Promise.all(settled)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('a work that fails gives its slot back, and its failure to its own caller', async () => {
  const { add, end, fail, begun, settled } = createWorks(1)
  await add('a')
  await add('b')
  await fail('a')
  expect(begun).toEqual(['a', 'b'])
  await end('b')
  expect(await Promise.all(settled)).toEqual(['Error: a failed', 'b'])
})

test('slots are free again when nothing waits', async () => {
  const { add, end, begun } = createWorks(2)
  for (const name of ['a', 'b', 'c']) {
    await add(name)
    await end(name)
  }
  await add('d')
  await add('e')
  await add('f')
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
})
