import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReviewView } from '../../../../shared/contract/review.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { ProjectId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { emptyTree } from '../../adapters/git/diff-numbers.ts'
import { GitError } from '../../adapters/git/git-error.ts'
import { resolveNames } from '../../adapters/git/review-points.ts'
import { withScratch, withScratchToRead } from '../../adapters/git/predict-conflicts.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { TreePair } from '../../adapters/git/tree-changes.ts'
import { createTurns, type InTurn } from '../../kernel/turns.ts'
import { createReadChanges, type ReadChanges } from './read-changes.ts'
import type { ReviewDeps } from './review-deps.ts'
import { createDesks, type Desks } from './review-desks.ts'
import { treesOf, weightOf } from './review-rules.ts'
import { findLook, listTurns } from './review-store.ts'
import { createReviewNews, type ReviewNews } from './tell-changes.ts'
import { createTakeSnapshot, type Snapshot, type SnapshotPlace, type TakeSnapshot } from './take-snapshot.ts'

export interface ReviewParts {
  readonly deps: ReviewDeps
  readonly desks: Desks
  readonly changes: ReadChanges
  readonly takeSnapshot: TakeSnapshot
  /** By project: what stores objects and what drops them must not meet. */
  readonly inTurn: InTurn
  readonly news: ReviewNews
  /** The files at the beginning of turns under way, as trees. */
  readonly begun: Map<WorktreeId, string>
  /** What snapshots of a worktree have stored since its last turn was kept, in bytes. */
  readonly storedBytes: Map<WorktreeId, number>
  /** How many snapshots were taken since old ones were dropped, each by its weight. */
  readonly taken: Map<ProjectId, number>
}

export const createParts = (deps: ReviewDeps): ReviewParts => {
  const takeForNews = async (id: WorktreeId): Promise<Snapshot | null> => {
    const taken = await takeNow(parts, id)
    return taken.ok ? taken.value.snapshot : null
  }
  const parts: ReviewParts = {
    deps,
    desks: createDesks(),
    changes: createReadChanges(),
    takeSnapshot: createTakeSnapshot(),
    inTurn: createTurns(),
    news: createReviewNews(deps, takeForNews),
    begun: new Map(),
    storedBytes: new Map(),
    taken: new Map(),
  }
  return parts
}

/** git over a project's repository, storing what it makes in a folder of ours. */
export interface Place extends SnapshotPlace {
  /** The same for what stores nothing. */
  readonly reader: Git
  readonly objects: string
}

/** Null when the project is not in the list any more. */
export const placeOf = async ({ deps }: ReviewParts, worktree: Worktree): Promise<Place | null> => {
  const project = await deps.database.read((tx) => deps.projects.find(tx, worktree.projectId))
  if (!project) return null
  const folder = join(deps.folder, project.id)
  const objects = join(folder, 'objects')
  await mkdir(objects, { recursive: true, mode: 0o700 })
  const scratch = { folder: objects, commonDir: project.commonDir }
  const git = withScratch(deps.git, scratch)
  const reader = withScratchToRead(deps.git, scratch)
  return { git, reader, objects, stateFolder: join(folder, worktree.id) }
}

export interface Taken {
  readonly worktree: Worktree
  readonly place: Place
  readonly snapshot: Snapshot
}

/** The snapshot of a worktree as it is now. */
export const takeNow = async (
  parts: ReviewParts,
  id: WorktreeId,
): Promise<Result<Taken, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>> => {
  const found = await parts.deps.worktrees.requireFolder(id)
  if (!found.ok) return found
  const worktree = found.value
  const place = await placeOf(parts, worktree)
  if (!place) return gone()
  return parts
    .inTurn(worktree.projectId, () => parts.takeSnapshot(place, worktree))
    .then((snapshot) => {
      const { projectId } = worktree
      parts.taken.set(projectId, (parts.taken.get(projectId) ?? 0) + weightOf(snapshot))
      parts.storedBytes.set(id, (parts.storedBytes.get(id) ?? 0) + snapshot.storedBytes)
      return ok({ worktree, place, snapshot })
    }, cannotRead)
}

/** What git could not do is told in its own words; anything else is a bug. */
export const cannotRead = (error: unknown): Result<never, 'CANNOT_READ'> => {
  if (!(error instanceof GitError)) throw error
  const said = error.stderr.trim().split('\n')[0] ?? ''
  const why = said === '' ? error.message : said.slice(0, 300)
  return refuse(
    'CANNOT_READ',
    `git could not read the changes: ${why}. Try again; “git status” and “git fsck” say more.`,
  )
}

export const gone = (): Result<never, 'NOT_FOUND'> => refuse('NOT_FOUND', 'That worktree is not in the list any more.')

/** The two trees that a view compares; null for a turn that is not kept any more, or for commits that are gone. */
export const pairOf = async (
  { deps }: Pick<ReviewParts, 'deps'>,
  { worktree, place }: Pick<Taken, 'worktree' | 'place'>,
  { trees }: Snapshot,
  view: ReviewView,
): Promise<TreePair | null> => {
  switch (view.kind) {
    case 'scope': {
      const [from, to] = treesOf[view.scope]
      return { from: trees[from], to: trees[to] }
    }
    case 'turn': {
      const turn = (await deps.database.read((tx) => listTurns(tx, worktree.id))).find(
        ({ number }) => number === view.number,
      )
      return turn ? { from: turn.beforeTree, to: turn.tree } : null
    }
    case 'since-looked': {
      const look = await deps.database.read((tx) => findLook(tx, worktree.id))
      return { from: look ?? trees.base, to: trees.work }
    }
    case 'range': {
      const wanted = [view.from ?? view.to, view.to].map((sha) => `${sha}^{tree}`)
      const [from, to] = await resolveNames(place.reader, worktree.path, wanted)
      if (from == null || to == null) return null
      return { from: view.from === null ? await emptyTree(place.reader, worktree.path) : from, to }
    }
    default:
      return unreachable(view)
  }
}

/** Why there is nothing to compare in a view. */
export const viewGone = (view: ReviewView): Result<never, 'NOT_FOUND'> =>
  view.kind === 'turn'
    ? refuse('NOT_FOUND', `Turn ${view.number} is not kept any more. Choose a later one.`)
    : refuse('NOT_FOUND', 'These commits are not in the repository any more. Look at the changes again.')
