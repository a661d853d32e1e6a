import { randomBytes } from 'node:crypto'
import { monotonicFactory } from 'ulid'
import type { NewId } from '../../../shared/lib/ids.ts'

export interface Clock {
  /** Milliseconds since the epoch; never less than the answer before, also when the system's clock is set back. */
  now(): number
}

/** A stored time further ahead than this was written by a clock that was wrong. */
const longestLeadMs = 24 * 60 * 60 * 1000
/** Somebody asks every few seconds: a longer step is not the time that went by, but a clock that was set forward. */
const longestTickMs = 10_000

/**
 * Goes on from the last time that was stored. Set back, it runs ahead of the system's clock and at half its speed until
 * that has caught up: a clock that stood still would leave whatever waits for a time waiting.
 */
export const createClock = (wall: () => number = Date.now, stored = 0): Clock => {
  let lastWall: number | null = null
  let leadMs = 0
  let last = 0
  return {
    now: () => {
      const at = wall()
      const stepMs = lastWall === null ? 0 : at - lastWall
      // After what was stored, not with it: ids made within one millisecond are in order only within one process.
      if (lastWall === null) leadMs = stored >= at && stored - at <= longestLeadMs ? stored + 1 - at : 0
      else if (stepMs < 0) leadMs -= stepMs
      else leadMs = Math.max(0, leadMs - (stepMs > longestTickMs ? stepMs : stepMs / 2))
      lastWall = at
      last = Math.max(last, Math.floor(at + leadMs))
      return last
    },
  }
}

const poolBytes = 4096

/** Numbers below 1, one byte each, from the system's source of randomness; it is asked for many bytes at once. */
const createRandomFractions = (): (() => number) => {
  let pool = Buffer.alloc(0)
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = randomBytes(poolBytes)
      used = 0
    }
    return pool.readUInt8(used++) / 256
  }
}

/** Ids sort in the order in which they were made, also within one millisecond: intents are carried out in that order. */
export const createNewId = (clock: Clock): NewId => {
  // What it would take by itself is a call to the system for each character.
  const ulid = monotonicFactory(createRandomFractions())
  // The brand is what this function exists to give.
  return (prefix) => `${prefix}_${ulid(clock.now())}` as never
}
