import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from './alternate.ts'

export interface SightingsSummary {
  /** Of all sightings, in milliseconds from when it was sent. */
  readonly p50: number
  readonly p99: number
  /** Sightings that never were. */
  readonly lost: number
  /** Sightings after a later one, or for the second time. */
  readonly reordered: number
}

/** Who saw which of the numbered news, and how long after it was sent. */
export const createSightings = (viewers: number, count: number, now: () => number = () => performance.now()) => {
  const sentAt = new Float64Array(count)
  const lastOf = new Int32Array(viewers).fill(-1)
  const seenOf = new Int32Array(viewers)
  const latencies: number[] = []
  let reordered = 0
  let waitingFor = viewers
  const all = Promise.withResolvers<void>()
  return {
    sent: (n: number): void => void (sentAt[n] = now()),
    seen: (viewer: number, n: number): void => {
      latencies.push(now() - (sentAt[n] ?? Number.NaN))
      if (n <= (lastOf[viewer] ?? -1)) reordered += 1
      else {
        lastOf[viewer] = n
        seenOf[viewer] = (seenOf[viewer] ?? 0) + 1
      }
      if (n !== count - 1) return
      waitingFor -= 1
      if (waitingFor === 0) all.resolve()
    },
    /** Resolves when every viewer has seen the last of them, or would have long ago. */
    whenAllSeen: (longestMs: number): Promise<void> =>
      Promise.race([all.promise, delay(longestMs, undefined, { ref: false })]),
    summary: (): SightingsSummary => ({
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      lost: viewers * count - seenOf.reduce((sum, each) => sum + each, 0),
      reordered,
    }),
  }
}

/** Calls so many times a second, evenly; what a slow turn missed is caught up at once. */
export const pace = async (count: number, perSecond: number, call: (n: number) => void): Promise<void> => {
  const begun = performance.now()
  for (let n = 0; n < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * perSecond) + 1)
    for (; n < due; n += 1) call(n)
    await delay(1)
  }
}
