import { mkdir, rm } from 'node:fs/promises'
import type { Hunk, OverlapKind } from '../../../../shared/contract/radar.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { findMergeBase } from '../../adapters/git/diff-numbers.ts'
import type { RawPath, TreeEntry } from '../../adapters/git/git-objects.ts'
import { readHunks } from '../../adapters/git/hunks.ts'
import { predictConflicts, readCommitFiles, withScratch } from '../../adapters/git/predict-conflicts.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { isContested, overlapKind } from './radar-rules.ts'
import { createStoredFiles } from './stored-files.ts'

export interface Contested {
  readonly path: string
  readonly kind: OverlapKind
  readonly hunks: readonly [readonly Hunk[], readonly Hunk[]]
}

/** Finds the files that two worktrees both changed, among those that both touched. */
export type CompareWorktrees = (
  a: Worktree,
  b: Worktree,
  input: { readonly rawPaths: readonly string[]; readonly commonDir: string },
) => Promise<readonly Contested[]>

const maxKnown = 20_000
/** After so many comparisons the scratch objects are thrown away. */
const comparisonsAScratch = 500
const mostHunks = 50

/**
 * Compares by git, over the given files alone, so that it costs the same in a repository of any size. What was found of
 * the same contents is remembered: two worktrees that share files of which none changed cost no process. One comparison at
 * a time: the scratch objects are made anew between two.
 */
export const createCompareWorktrees = (git: Git, scratchFolder: string): CompareWorktrees => {
  const baseByHeads = new Map<string, string | null>()
  const conflictsByTrees = new Map<string, ReadonlySet<string>>()
  const entryByBase = new Map<string, TreeEntry | null>()
  const hunksByContents = new Map<string, readonly Hunk[]>()
  const stored = createStoredFiles()
  let comparisons = 0

  const baseOf = async (a: Worktree, b: Worktree): Promise<string | null> => {
    if (a.headSha === null || b.headSha === null) return null
    const key = [a.headSha, b.headSha].sort().join(' ')
    return rememberOne(baseByHeads, key, () => findMergeBase(git, a.path, a.headSha ?? '', b.headSha ?? ''))
  }

  const openScratch = async (commonDir: string): Promise<Git> => {
    if (comparisons++ % comparisonsAScratch === 0) {
      await rm(scratchFolder, { recursive: true, force: true })
      stored.forget()
    }
    await mkdir(scratchFolder, { recursive: true, mode: 0o700 })
    return withScratch(git, { folder: scratchFolder, commonDir })
  }

  const filesAt = (cwd: string, base: string, rawPaths: readonly RawPath[]): Promise<Files> =>
    rememberEach(entryByBase, rawPaths, {
      keyOf: (raw) => `${base} ${raw}`,
      find: async (unknown) => {
        const found = byPath(await readCommitFiles(git, cwd, base, unknown.map(decodePath)))
        return (raw) => found.get(raw) ?? null
      },
    })

  const hunksOf = (scratched: Git, cwd: string, { before, after, rawPaths }: Change) =>
    rememberEach(hunksByContents, rawPaths, {
      keyOf: (raw) => JSON.stringify([before.get(raw) ?? null, after.get(raw) ?? null]),
      find: async (unknown) => {
        const sides = [among(before, unknown), among(after, unknown)] as const
        const found = await readHunks(scratched, cwd, scratchFolder, sides)
        return (raw) => found.get(raw) ?? []
      },
    })

  return async (a, b, { rawPaths, commonDir }) => {
    const base = await baseOf(a, b)
    if (base === null) return []
    const scratched = await openScratch(commonDir)
    const old = await filesAt(a.path, base, rawPaths)
    const mine = byPath(await stored.read(scratched, a.path, rawPaths))
    const theirs = byPath(await stored.read(scratched, b.path, rawPaths))
    const contested = rawPaths.filter((raw) =>
      isContested(old.get(raw) ?? undefined, mine.get(raw) ?? undefined, theirs.get(raw) ?? undefined),
    )
    if (contested.length === 0) return []
    const sides = { base: among(old, contested), a: among(mine, contested), b: among(theirs, contested) }
    const conflicts = await rememberOne(
      conflictsByTrees,
      JSON.stringify([commonDir, sides.base, sides.a, sides.b]),
      async () => new Set(await predictConflicts(scratched, a.path, scratchFolder, sides)),
    )
    const hunksA = await hunksOf(scratched, a.path, { before: old, after: mine, rawPaths: contested })
    const hunksB = await hunksOf(scratched, b.path, { before: old, after: theirs, rawPaths: contested })
    return contested.map((raw) => {
      const [inA, inB] = [hunksA.get(raw) ?? [], hunksB.get(raw) ?? []]
      const kind = overlapKind(inA, inB, conflicts.has(raw))
      return { path: decodePath(raw), kind, hunks: [inA.slice(0, mostHunks), inB.slice(0, mostHunks)] }
    })
  }
}

/** Null where there is no such file. */
type Files = ReadonlyMap<RawPath, TreeEntry | null>

interface Change {
  readonly before: Files
  readonly after: Files
  readonly rawPaths: readonly RawPath[]
}

const byPath = (entries: readonly TreeEntry[]): Files => new Map(entries.map((entry) => [entry.rawPath, entry]))

const among = (files: Files, rawPaths: readonly RawPath[]): readonly TreeEntry[] =>
  rawPaths.flatMap((raw) => files.get(raw) ?? [])

const rememberOne = async <Value>(
  known: Map<string, Value>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> => {
  const found = known.get(key)
  if (found !== undefined) return found
  const value = await find()
  if (known.size >= maxKnown) known.clear()
  known.set(key, value)
  return value
}

/** The value of each path; those that are not known are found together. */
const rememberEach = async <Value>(
  known: Map<string, Value>,
  rawPaths: readonly RawPath[],
  { keyOf, find }: Finding<Value>,
): Promise<ReadonlyMap<RawPath, Value>> => {
  const values = new Map<RawPath, Value>()
  const unknown: RawPath[] = []
  for (const raw of rawPaths) {
    const found = known.get(keyOf(raw))
    if (found === undefined) unknown.push(raw)
    else values.set(raw, found)
  }
  if (unknown.length === 0) return values
  const valueOf = await find(unknown)
  if (known.size + unknown.length > maxKnown) known.clear()
  for (const raw of unknown) {
    values.set(raw, valueOf(raw))
    known.set(keyOf(raw), valueOf(raw))
  }
  return values
}

interface Finding<Value> {
  readonly keyOf: (raw: RawPath) => string
  readonly find: (unknown: readonly RawPath[]) => Promise<(raw: RawPath) => Value>
}
