import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { takeNow, type ReviewParts } from './review-parts.ts'

/** What a worktree holds at one moment. Trees are as a commit of all files would have them. */
export interface WorktreePoint {
  readonly head: string | null
  /** Null before the first commit. */
  readonly headTree: string | null
  readonly tree: string
  /** The files are those of the commit, all were read, and there is none beside them that is not ignored. */
  readonly isExact: boolean
}

export const readPoint = async (
  parts: ReviewParts,
  id: WorktreeId,
): Promise<Result<WorktreePoint, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>> => {
  const taken = await takeNow(parts, id)
  if (!taken.ok) return taken
  const { head, trees, unmerged, isPartial } = taken.value.snapshot
  const isExact = head !== null && trees.work === trees.head && unmerged.size === 0 && !isPartial
  return ok({ head, headTree: head === null ? null : trees.head, tree: trees.work, isExact })
}
