import { mkdir, rm } from 'node:fs/promises'
import type { Hunk, OverlapKind } from '../../../../shared/contract/radar.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { findMergeBase } from '../../adapters/git/diff-numbers.ts'
import type { TreeEntry } from '../../adapters/git/git-objects.ts'
import { readHunks } from '../../adapters/git/hunks.ts'
import {
  predictConflicts,
  readCommitFiles,
  storeWorkingFiles,
  withScratch,
} from '../../adapters/git/predict-conflicts.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { isContested, overlapKind } from './radar-rules.ts'

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

const maxKnown = 2_000
/** After so many comparisons the scratch objects are thrown away. */
const comparisonsAScratch = 500
const mostHunks = 50

/**
 * Compares by git, over the given files alone, so that it costs the same in a repository of any size. What was found of
 * the same contents is remembered. One comparison at a time: the scratch objects are made anew between two.
 */
export const createCompareWorktrees = (git: Git, scratchFolder: string): CompareWorktrees => {
  const baseByHeads = new Map<string, string | null>()
  const conflictsByTrees = new Map<string, ReadonlySet<string>>()
  let comparisons = 0

  const baseOf = async (a: Worktree, b: Worktree): Promise<string | null> => {
    if (a.headSha === null || b.headSha === null) return null
    const key = [a.headSha, b.headSha].sort().join(' ')
    return remember(baseByHeads, key, () => findMergeBase(git, a.path, a.headSha ?? '', b.headSha ?? ''))
  }

  return async (a, b, { rawPaths, commonDir }) => {
    const base = await baseOf(a, b)
    if (base === null) return []
    if (comparisons++ % comparisonsAScratch === 0) await rm(scratchFolder, { recursive: true, force: true })
    await mkdir(scratchFolder, { recursive: true, mode: 0o700 })
    const scratched = withScratch(git, { folder: scratchFolder, commonDir })
    const paths = rawPaths.map(decodePath)
    const before = await readCommitFiles(git, a.path, base, paths)
    const [filesA, filesB] = [
      await storeWorkingFiles(scratched, a.path, rawPaths),
      await storeWorkingFiles(scratched, b.path, rawPaths),
    ]
    const [old, mine, theirs] = [byPath(before), byPath(filesA), byPath(filesB)]
    const contested = rawPaths.filter((raw) => isContested(old.get(raw), mine.get(raw), theirs.get(raw)))
    if (contested.length === 0) return []
    const among = (entries: readonly TreeEntry[]) => entries.filter(({ rawPath }) => contested.includes(rawPath))
    const sides = { base: among(before), a: among(filesA), b: among(filesB) }
    const conflicts = await remember(
      conflictsByTrees,
      JSON.stringify([commonDir, sides.base, sides.a, sides.b]),
      async () => new Set(await predictConflicts(scratched, a.path, scratchFolder, sides)),
    )
    const contestedPaths = contested.map(decodePath)
    const [hunksA, hunksB] = [
      await readHunks(git, a.path, base, contestedPaths),
      await readHunks(git, b.path, base, contestedPaths),
    ]
    return contested.map((raw) => {
      const [inA, inB] = [hunksA.get(raw) ?? [], hunksB.get(raw) ?? []]
      const kind = overlapKind(inA, inB, conflicts.has(raw))
      return { path: decodePath(raw), kind, hunks: [inA.slice(0, mostHunks), inB.slice(0, mostHunks)] }
    })
  }
}

const byPath = (entries: readonly TreeEntry[]): ReadonlyMap<string, TreeEntry> =>
  new Map(entries.map((entry) => [entry.rawPath, entry]))

const remember = async <Value>(known: Map<string, Value>, key: string, find: () => Promise<Value>): Promise<Value> => {
  const found = known.get(key)
  if (found !== undefined) return found
  const value = await find()
  if (known.size >= maxKnown) known.clear()
  known.set(key, value)
  return value
}
