import type { MergeEntry } from '../../../../../shared/contract/queue-rows.ts'
import { candidateOf } from './queue-rows.ts'
import type { BuildOutcome, LandOutcome, Step, Verdict } from '../queue-rules.ts'

/** What a branch is like, told from the outside: none of this is known to the rules. */
export interface Nature {
  readonly fails: ReadonlySet<number>
  /** Its gates fail the first time they run on a commit with it. */
  readonly flaky: ReadonlySet<number>
  /** It does not fit on the target as it was at the beginning. */
  readonly conflicting: ReadonlySet<number>
  /** Two that conflict with one another, and two that only fail together. */
  readonly rivals: readonly (readonly [number, number])[]
  readonly illMatched: readonly (readonly [number, number])[]
}

interface Commit {
  readonly parent: string | null
  /** What went in, by the branch's number, with the head that was merged. */
  readonly merged: ReadonlyMap<number, string>
  readonly isBroken: boolean
}

/** A repository in memory, in which a commit is what has been merged into it. */
export const createWorld = (nature: Nature) => {
  const commits = new Map<string, Commit>([['c0', { parent: null, merged: new Map(), isBroken: false }]])
  const heads = new Map<number, string>()
  const runs = new Map<string, number>()
  let tip = 'c0'
  let isDirty = false

  const at = (sha: string): Commit => {
    const found = commits.get(sha)
    if (!found) throw new Error(`There is no ${sha}.`)
    return found
  }
  const commit = (parent: string, change: Partial<Commit>): string => {
    const sha = `c${commits.size}`
    const before = at(parent)
    commits.set(sha, { merged: before.merged, isBroken: before.isBroken, ...change, parent })
    return sha
  }
  const numberOf = (entry: MergeEntry) => Number(entry.branch?.split('-')[1])
  const hasBoth = (merged: ReadonlyMap<number, string>, [a, b]: readonly [number, number]) =>
    merged.has(a) && merged.has(b)
  const clashes = (n: number, on: string): boolean => {
    const merged = new Map(at(on).merged).set(n, '')
    return nature.conflicting.has(n) || nature.rivals.some((pair) => pair.includes(n) && hasBoth(merged, pair))
  }
  const isRed = (sha: string): boolean => {
    const { merged, isBroken } = at(sha)
    return (
      isBroken ||
      [...merged.keys()].some((n) => nature.fails.has(n)) ||
      nature.illMatched.some((pair) => hasBoth(merged, pair))
    )
  }
  const history = (): readonly string[] => {
    const shas: string[] = []
    for (let sha: string | null = tip; sha !== null; sha = at(sha).parent) shas.push(sha)
    return shas.toReversed()
  }

  const build = (entries: readonly MergeEntry[]): { base: string; outcomes: BuildOutcome[] } => {
    const base = tip
    let onto = base
    const outcomes = entries.map(({ id, head, ...entry }): BuildOutcome => {
      const n = numberOf({ id, head, ...entry })
      const now = heads.get(n) ?? null
      if (now !== head) return { id, kind: 'moved', to: now }
      if (at(onto).merged.has(n)) return { id, kind: 'contained', ofTarget: at(base).merged.has(n) }
      if (clashes(n, onto)) return { id, kind: 'conflicts', paths: ['a.ts'], ofTarget: clashes(n, base) }
      const sha = commit(onto, { merged: new Map(at(onto).merged).set(n, head) })
      const candidate = candidateOf(sha, onto)
      onto = sha
      return { id, kind: 'prepared', candidate }
    })
    return { base, outcomes }
  }
  const check = (sha: string): Verdict => {
    const round = (runs.get(sha) ?? 0) + 1
    runs.set(sha, round)
    const isFlaky = [...at(sha).merged.keys()].some((n) => nature.flaky.has(n))
    return isRed(sha) || (isFlaky && round === 1)
      ? { kind: 'failed', failed: [{ name: 'unit', run: null }] }
      : { kind: 'passed' }
  }
  const land = ({ entry, candidate }: Extract<Step, { kind: 'land' }>): LandOutcome => {
    if (history().includes(candidate.commit)) return { kind: 'landed', mergeId: candidate.prepared }
    const now = heads.get(numberOf(entry)) ?? null
    if (now !== entry.head) return { kind: 'moved', to: now }
    if (tip !== candidate.base) return { kind: 'outdated' }
    if (isDirty) return { kind: 'obstacle', cause: 'checkout', reason: 'The checkout of main has changes.' }
    tip = candidate.commit
    return { kind: 'landed', mergeId: candidate.prepared }
  }

  return {
    build,
    check,
    land,
    isRed,
    history,
    tip: () => tip,
    mergedAt: (sha: string) => at(sha).merged,
    headOf: (n: number) => heads.get(n) ?? null,
    setHead: (n: number, head: string | null) => void (head === null ? heads.delete(n) : heads.set(n, head)),
    setDirty: (value: boolean) => void (isDirty = value),
    /** Somebody else commits to the target, which may break it or mend it. */
    commitAside: (isBroken: boolean) => void (tip = commit(tip, { isBroken })),
    isBrokenNow: () => at(tip).isBroken,
  }
}
export type World = ReturnType<typeof createWorld>
