// Rounds of A B A B in one process tree: absolute times vary from machine to machine and from minute to minute, the ratio
// of two things measured side by side much less.

export interface Samples {
  readonly median: number
  readonly min: number
  readonly max: number
  /** The middle half's width over the median: how far one round may be trusted. */
  readonly spread: number
  readonly values: readonly number[]
}

export interface BenchResult {
  readonly ratio: number
  readonly ok: boolean
  readonly unit: string
  /** What was measured, by name, with raw values. */
  readonly medians: Readonly<Record<string, number>>
  readonly spreads: Readonly<Record<string, number>>
  readonly raw: Readonly<Record<string, readonly number[]>>
  readonly note?: string
}

export interface Bench {
  readonly id: string
  readonly title: string
  readonly goal: string
  /** Programs that it needs, by the Debian package that holds each. */
  readonly programs?: Readonly<Record<string, string>>
  /** A list when one set-up answers several questions: a row for each. */
  readonly run: () => Promise<BenchResult | readonly BenchResult[]>
}

/** Fewer rounds than these say nothing about the spread. */
export const minRounds = 5

/**
 * Runs every contender once a round, in turn, after one round that only warms up.
 * Each contender returns the figure of its round, in a unit of its own choice.
 */
export const alternate = async <Name extends string>(
  contenders: Readonly<Record<Name, () => Promise<number>>>,
  rounds = minRounds,
): Promise<Record<Name, Samples>> => {
  const names = Object.keys(contenders) as Name[]
  const values = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (const name of names) await contenders[name]()
  for (let round = 0; round < Math.max(rounds, minRounds); round++) {
    for (const name of names) values.get(name)?.push(await contenders[name]())
  }
  return Object.fromEntries(names.map((name) => [name, samplesOf(values.get(name) ?? [])])) as Record<Name, Samples>
}

export const samplesOf = (values: readonly number[]): Samples => {
  const median = percentile(values, 50)
  return {
    median,
    min: Math.min(...values),
    max: Math.max(...values),
    spread: median === 0 ? 0 : (percentile(values, 75) - percentile(values, 25)) / median,
    values,
  }
}

/** The value below which `percent` of the values lie, between neighbours by straight line. */
export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length === 0) throw new Error('No value was measured.')
  const place = ((sorted.length - 1) * percent) / 100
  const low = sorted[Math.floor(place)] ?? 0
  const high = sorted[Math.ceil(place)] ?? low
  return low + (high - low) * (place - Math.floor(place))
}

/** The result of a benchmark from its samples. `ratio` and `ok` are the caller's: it knows which way is better. */
export const resultOf = (
  samples: Readonly<Record<string, Samples>>,
  verdict: { readonly ratio: number; readonly ok: boolean; readonly unit: string; readonly note?: string },
): BenchResult => {
  const each = <Value>(pick: (one: Samples) => Value) =>
    Object.fromEntries(Object.entries(samples).map(([name, one]) => [name, pick(one)]))
  return { ...verdict, medians: each((s) => s.median), spreads: each((s) => s.spread), raw: each((s) => s.values) }
}
