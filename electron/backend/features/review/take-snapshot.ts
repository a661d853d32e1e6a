import { createHash } from 'node:crypto'
import type { ReviewListing } from '../../../../shared/contract/review.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { readCheckoutMark } from '../../adapters/git/checkout-mark.ts'
import { findGitDir } from '../../adapters/git/config-cache.ts'
import { emptyTree, findMergeBase, isAncestor } from '../../adapters/git/diff-numbers.ts'
import { countCommits, findHalfDone, resolveNames } from '../../adapters/git/review-points.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { createStoreTrees, type WorktreeTrees } from '../../adapters/git/worktree-trees.ts'
import { problemOf, type TreeName, type Trouble } from './review-rules.ts'

type Base = NonNullable<ReviewListing['base']>

/** A worktree at one moment: four trees, of which all objects are kept. */
export interface Snapshot {
  readonly id: string
  readonly base: Base | null
  readonly head: string | null
  readonly trees: Readonly<Record<TreeName, string>>
  readonly unmerged: ReadonlySet<string>
  readonly isPartial: boolean
  /** Of the files that were hashed for it. */
  readonly storedBytes: number
  readonly problem: string | null
}

export interface SnapshotPlace {
  /** Stores into a folder of ours. */
  readonly git: Git
  /** A folder of ours for this worktree alone. */
  readonly stateFolder: string
}

/** Where a branch left its base, and what is to be said of it. */
interface Start {
  readonly base: Base | null
  readonly state: Trouble['base']
}

const maxKnownStarts = 1_000
/** An agent that commits between two readings makes them not belong together; then both are read again. */
const mostReadings = 3

export type TakeSnapshot = (place: SnapshotPlace, worktree: Worktree) => Promise<Snapshot>

export const createTakeSnapshot = (): TakeSnapshot => {
  const storeTrees = createStoreTrees()
  const starts = new Map<string, Promise<Start>>()

  const startOf = (git: Git, worktree: Worktree, found: Found): Promise<Start> => {
    const key = JSON.stringify([worktree.path, worktree.base, found])
    const known = starts.get(key)
    if (known) return known
    if (starts.size >= maxKnownStarts) starts.clear()
    const start = findStart(git, worktree, found)
    starts.set(key, start)
    // What failed is tried again.
    start.catch(() => starts.delete(key))
    return start
  }

  const read = async ({ git, stateFolder }: SnapshotPlace, worktree: Worktree, gitDir: string): Promise<Snapshot> => {
    const cwd = worktree.path
    const found = await findPoints(git, worktree)
    const [start, trees] = await Promise.all([
      startOf(git, worktree, found),
      storeTrees(git, { cwd, gitDir, stateFolder }),
    ])
    const head = found.headTree ?? (await emptyTree(git, cwd))
    const [baseTree] = start.base === null ? [head] : await resolveNames(git, cwd, [`${start.base.mergeBase}^{tree}`])
    const halfDone = await findHalfDone(gitDir)
    const baseRef = worktree.base?.ref ?? null
    return describe(found, start, { trees, head, baseTree: baseTree ?? head, baseRef, halfDone })
  }

  return async (place, worktree) => {
    const gitDir = await findGitDir(worktree.path)
    if (gitDir === null) throw new Error(`${worktree.path} is no checkout`)
    for (let reading = 1; ; reading++) {
      const before = await readCheckoutMark(worktree.path)
      const snapshot = await read(place, worktree, gitDir)
      if (reading >= mostReadings || before === (await readCheckoutMark(worktree.path))) return snapshot
    }
  }
}

interface Found {
  readonly head: string | null
  readonly headTree: string | null
  /** What the ref of the base is at now, and what it was at when the session began. */
  readonly baseNow: string | null
  readonly baseThen: string | null
}

async function findPoints(git: Git, { path, base }: Worktree): Promise<Found> {
  // HEAD as a base was that of another checkout.
  const isRef = base !== null && base.ref !== 'HEAD'
  const names = ['HEAD^{commit}', 'HEAD^{tree}']
  if (base) names.push(`${base.sha}^{commit}`, `${isRef ? base.ref : base.sha}^{commit}`)
  const [head = null, headTree = null, baseThen = null, baseNow = null] = await resolveNames(git, path, names)
  return { head, headTree, baseThen, baseNow }
}

async function findStart(git: Git, { path, base }: Worktree, { head, baseNow, baseThen }: Found): Promise<Start> {
  if (base === null || head === null) return { base: null, state: 'none' }
  const from = async (mergeBase: string, state: Trouble['base']): Promise<Start> => {
    const sha = baseNow ?? mergeBase
    const movedBy = await countCommits(git, path, mergeBase, sha)
    return { base: { ref: base.ref, sha, mergeBase, movedBy, fetchedAt: base.fetchedAt }, state }
  }
  if (baseNow === null && baseThen === null) return { base: null, state: 'lost' }
  const isKept = baseThen !== null && (await isAncestor(git, path, baseThen, head))
  if (baseNow === null) {
    const left = isKept ? baseThen : await findMergeBase(git, path, baseThen ?? head, head)
    return from(left ?? baseThen ?? head, 'ref-gone')
  }
  // The session still stands on what the base was, and the base does not any more.
  if (isKept && baseThen !== baseNow && !(await isAncestor(git, path, baseThen, baseNow)))
    return from(baseThen, 'rewritten')
  const mergeBase = await findMergeBase(git, path, baseNow, head)
  return mergeBase === null ? from(baseThen ?? baseNow, 'unrelated') : from(mergeBase, 'ok')
}

interface Read {
  readonly trees: WorktreeTrees
  readonly head: string
  readonly baseTree: string
  readonly baseRef: string | null
  readonly halfDone: Trouble['halfDone']
}

function describe({ head }: Found, { base, state }: Start, read: Read): Snapshot {
  const { index, work, unmerged, unread, large, storedBytes } = read.trees
  const trees = { base: read.baseTree, head: read.head, index, work }
  const trouble: Trouble = {
    halfDone: read.halfDone,
    base: state,
    baseRef: read.baseRef,
    conflicts: unmerged.length,
    unread: unread.map(decodePath),
    large: large.map(decodePath),
  }
  const parts = JSON.stringify([trees, head, base?.mergeBase ?? null, unmerged])
  return {
    id: createHash('sha256').update(parts).digest('hex').slice(0, 32),
    base,
    head,
    trees,
    unmerged: new Set(unmerged),
    isPartial: unread.length + large.length > 0,
    storedBytes,
    problem: problemOf(trouble),
  }
}
