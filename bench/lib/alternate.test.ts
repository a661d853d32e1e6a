import { expect, test } from 'vitest'
import { alternate, percentile, resultOf, samplesOf } from './alternate.ts'

test('contenders take turns, after one round that does not count, for at least five rounds', async () => {
  const calls: string[] = []
  let value = 0
  const contender = (name: string) => async () => {
    calls.push(name)
    return ++value
  }
  const samples = await alternate({ a: contender('a'), b: contender('b') }, 1)
  expect(calls.join('')).toBe('abababababab')
  expect(samples.a.values).toEqual([3, 5, 7, 9, 11])
  expect(samples.b.values).toEqual([4, 6, 8, 10, 12])
})

test('median, spread and percentiles are those of the values', () => {
  expect(samplesOf([4, 1, 3, 2])).toMatchObject({ median: 2.5, min: 1, max: 4 })
  expect(samplesOf([10, 10, 10]).spread).toBe(0)
  expect(samplesOf([1, 2, 3, 4, 5]).spread).toBeCloseTo(2 / 3)
  expect(percentile([0, 10], 95)).toBeCloseTo(9.5)
  expect(percentile([7], 95)).toBe(7)
})

test('a figure that was not measured is never made up', () => {
  expect(() => samplesOf([])).toThrow('No value was measured')
})

test('a result carries raw values beside medians and spreads', () => {
  const result = resultOf({ ours: samplesOf([1, 2, 3]) }, { ratio: 1.5, ok: false, unit: 'ms' })
  expect(result).toEqual({
    ratio: 1.5,
    ok: false,
    unit: 'ms',
    medians: { ours: 2 },
    spreads: { ours: 0.5 },
    raw: { ours: [1, 2, 3] },
  })
})
