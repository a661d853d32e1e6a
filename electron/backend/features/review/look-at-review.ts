import type { ReviewListing, ReviewScope } from '../../../../shared/contract/review.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { TreeChange } from '../../adapters/git/tree-changes.ts'
import { takeNow, type ReviewParts } from './review-parts.ts'
import { treesOf, type TreeName } from './review-rules.ts'

/** A worktree as it is now, for those who change it. */
export interface ReviewLook {
  readonly worktree: Worktree
  readonly head: string | null
  readonly base: ReviewListing['base']
  readonly trees: Readonly<Record<TreeName, string>>
  /** Files with conflicts. */
  readonly unmerged: ReadonlySet<string>
  /** Reads what is in the trees too; its new objects are ours. */
  readonly reader: Git
  /** The folder of objects of ours that it reads. */
  readonly objects: string
  /** The files that differ in a scope, as a listing of it has them. */
  compare(scope: ReviewScope): Promise<readonly TreeChange[]>
}

/** Takes a snapshot for somebody who acts on it: shown to nobody, so nobody is told when it is out of date. */
export const lookAtReview = async (
  parts: ReviewParts,
  id: WorktreeId,
): Promise<Result<ReviewLook, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>> => {
  const taken = await takeNow(parts, id)
  if (!taken.ok) return taken
  const { worktree, place, snapshot } = taken.value
  const { head, base, trees, unmerged } = snapshot
  return ok({
    worktree,
    head,
    base,
    trees,
    unmerged,
    reader: place.reader,
    objects: place.objects,
    compare: async (scope) => {
      const [from, to] = treesOf[scope]
      const pair = { from: trees[from], to: trees[to] }
      return (await parts.changes.compare(place, worktree.path, pair, false)).changes
    },
  })
}
