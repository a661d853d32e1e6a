import { monotonicFactory } from 'ulid'
import type { NewId } from '../../../shared/lib/ids.ts'

export interface Clock {
  /** Milliseconds since the epoch; never less than the answer before, also when the system's clock is set back. */
  now(): number
}

export const createClock = (wall: () => number = Date.now): Clock => {
  let last = 0
  return {
    now: () => {
      last = Math.max(last, wall())
      return last
    },
  }
}

/** Ids sort in the order in which they were made, also within one millisecond: intents are carried out in that order. */
export const createNewId = (clock: Clock): NewId => {
  const ulid = monotonicFactory()
  // The brand is what this function exists to give.
  return (prefix) => `${prefix}_${ulid(clock.now())}` as never
}
