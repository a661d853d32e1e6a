import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactTime, longAge, nextAgeChangeMs, shortAge } from './time.ts'

const now = Date.UTC(2026, 10, 21, 10, 42, 7)
const ago = (ms: number) => now - ms

describe('shortAge', () => {
  it.each([
    [0, 'now'],
    [999, 'now'],
    [1_000, '1s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [59 * 60_000, '59m'],
    [3_600_000, '1h'],
    [23 * 3_600_000, '23h'],
    [24 * 3_600_000, '1d'],
    [400 * 24 * 3_600_000, '400d'],
  ])('says %i ms as %s', (age, text) => {
    expect(shortAge(ago(age), now)).toBe(text)
  })

  it('takes a time in the future, from a clock that is ahead, as now', () => {
    expect(shortAge(now + 5_000, now)).toBe('now')
  })
})

describe('longAge', () => {
  it.each([
    [500, 'just now'],
    [12_000, '12 s ago'],
    [240_000, '4 min ago'],
    [7_200_000, '2 h ago'],
    [26 * 3_600_000, 'yesterday'],
    [9 * 24 * 3_600_000, '9 days ago'],
  ])('says %i ms as %s', (age, text) => {
    expect(longAge(ago(age), now)).toBe(text)
  })
})

describe('exactTime', () => {
  it('gives day, month, year and the time to the second', () => {
    expect(exactTime(new Date(2026, 10, 21, 10, 42, 7).getTime())).toBe('21 November 2026, 10:42:07')
  })
})

describe('nextAgeChangeMs', () => {
  it('is the first moment at which the short age reads differently', () => {
    assert(
      property(integer({ min: 1_000, max: 3 * 24 * 3_600_000 }), (age) => {
        const at = ago(age)
        const wait = nextAgeChangeMs(at, now)
        expect(wait).toBeGreaterThan(0)
        expect(shortAge(at, now + wait)).not.toBe(shortAge(at, now))
        expect(shortAge(at, now + wait - 1)).toBe(shortAge(at, now))
      }),
    )
  })
})
