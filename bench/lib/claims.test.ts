import { expect, test } from 'vitest'
import { raceFor, summariseRace } from './claims.ts'

test('every client claims until nothing is left, and nothing is counted that was not claimed', async () => {
  const left = ['a', 'b', 'c', 'd', 'e']
  const next = async () => left.shift() ?? null
  const round = await raceFor([next, next])
  expect(round.claimed.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(round.duplicates).toBe(0)
  expect(round.share).toBe(1.5)
  expect(round.perSecond).toBeGreaterThan(0)
})

test('what was given twice is found', async () => {
  const two = (names: string[]) => async () => names.shift() ?? null
  const round = await raceFor([two(['a', 'b']), two(['b', 'c'])])
  expect(round.duplicates).toBe(1)
})

test('share, rate and the slow end are those of the claims', () => {
  const took = Array.from({ length: 101 }, (_, n) => n)
  const round = summariseRace([['a', 'b', 'c', 'd'], ['e']], took, 500)
  expect(round).toMatchObject({ perSecond: 10, p99: 99, share: 4, duplicates: 0 })
})

test('a client that refuses ends the race', async () => {
  const fails = async () => Promise.reject(new Error('refused'))
  await expect(raceFor([fails])).rejects.toThrow('refused')
})
