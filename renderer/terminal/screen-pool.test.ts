import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPool } from './screen-pool.ts'

const createCounted = (size: number) => {
  const live: string[] = []
  let made = 0
  const pool = createPool(size, (id: string) => {
    made += 1
    live.push(id)
    return { id, dispose: () => void live.splice(live.indexOf(id), 1) }
  })
  return { pool, live, made: () => made }
}

describe('the pool of screens', () => {
  it('gives the same item back while it is kept', () => {
    const { pool, made } = createCounted(2)
    const first = pool.hold('a')
    pool.release('a')
    expect(pool.hold('a')).toBe(first)
    expect(made()).toBe(1)
  })

  it('gives an item without holding it', () => {
    const { pool, live, made } = createCounted(1)
    const item = pool.get('a')
    expect(pool.get('a')).toBe(item)
    expect(pool.hold('a')).toBe(item)
    expect(pool.get('a')).toBe(item)
    expect(made()).toBe(1)
    pool.release('a')
    pool.get('b')
    expect(live).toEqual(['b'])
  })

  it('drops the one that was released longest ago', () => {
    const { pool, live } = createCounted(2)
    for (const id of ['a', 'b', 'c']) pool.hold(id)
    for (const id of ['b', 'a', 'c']) pool.release(id)
    expect(live).toEqual(['a', 'c'])
  })

  it('never drops what is held, even by two', () => {
    const { pool, live } = createCounted(0)
    pool.hold('a')
    pool.hold('a')
    pool.release('a')
    expect(live).toEqual(['a'])
    pool.release('a')
    expect(live).toEqual([])
  })

  it('drops at once what is gone for good', () => {
    const { pool, live } = createCounted(5)
    pool.hold('a')
    pool.drop('a')
    pool.release('a')
    expect(live).toEqual([])
    expect(pool.peek('a')).toBeUndefined()
  })

  it('disposes everything exactly once, whatever happened before', () => {
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.array(
          fc.tuple(fc.constantFrom('get', 'hold', 'release', 'drop'), fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')),
        ),
        (size, steps) => {
          const { pool, live } = createCounted(size)
          const holds = new Map<string, number>()
          for (const [step, id] of steps) {
            const count = holds.get(id) ?? 0
            if (step === 'hold') {
              pool.hold(id)
              holds.set(id, count + 1)
            } else if (step === 'get') {
              pool.get(id)
            } else if (step === 'release') {
              pool.release(id)
              holds.set(id, Math.max(0, count - 1))
            } else {
              pool.drop(id)
              holds.set(id, 0)
            }
            expect(new Set(live).size).toBe(live.length)
            const heldIds = [...holds].filter(([, held]) => held > 0).map(([held]) => held)
            for (const held of heldIds) expect(live).toContain(held)
            expect(live.length - heldIds.length).toBeLessThanOrEqual(size)
          }
          pool.dispose()
          expect(live).toEqual([])
        },
      ),
    )
  })
})
