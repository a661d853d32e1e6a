import { percentile } from './alternate.ts'

/** One client's way to the next thing nobody has; null when nothing is left. */
export type ClaimNext = () => Promise<string | null>

export interface ClaimRound {
  readonly perSecond: number
  /** Of all claims, in milliseconds. */
  readonly p99: number
  /** The most that one client got over the least. */
  readonly share: number
  /** Things that were given twice. */
  readonly duplicates: number
  readonly claimed: readonly string[]
}

/** All clients claim at once, each its next as soon as it has one, until nothing is left. */
export const raceFor = async (clients: readonly ClaimNext[]): Promise<ClaimRound> => {
  const begun = performance.now()
  const took: number[] = []
  const perClient = await Promise.all(
    clients.map(async (next) => {
      const own: string[] = []
      for (;;) {
        const asked = performance.now()
        const claimed = await next()
        // The answer that nothing is left is no claim.
        if (claimed === null) return own
        took.push(performance.now() - asked)
        own.push(claimed)
      }
    }),
  )
  return summariseRace(perClient, took, performance.now() - begun)
}

export const summariseRace = (
  perClient: readonly (readonly string[])[],
  took: readonly number[],
  ms: number,
): ClaimRound => {
  const claimed = perClient.flat()
  const counts = perClient.map(({ length }) => length)
  return {
    perSecond: claimed.length / (ms / 1000),
    p99: percentile(took, 99),
    share: Math.max(...counts) / Math.max(1, Math.min(...counts)),
    duplicates: claimed.length - new Set(claimed).size,
    claimed,
  }
}
