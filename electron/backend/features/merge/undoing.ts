import type { Merge } from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { BranchMove } from '../../adapters/git/branch-move.ts'
import { moveRef } from '../../adapters/git/branch-refs.ts'
import type { Identity } from '../../kernel/identity.ts'
import { followUndoing } from './aftermath.ts'
import { changeMerge, type MergeParts } from './merge-parts.ts'

/** The move of the target that undoing is. */
export const undoMove = ({ rootPath }: Project, merge: Merge): BranchMove => ({
  cwd: rootPath,
  branch: merge.target,
  from: merge.after,
  to: merge.before,
  owner: `${merge.id}-undone`,
  backupRef: `${merge.backupRef}-undone`,
  reason: `switchyard: undo ${merge.strategy} ${merge.source.branch ?? merge.source.sha}`,
})

/** What follows once the target is back; may be called again after a crash. */
export const finishUndoing = async (
  parts: MergeParts,
  { rootPath }: Project,
  { id, deletedBranch }: Merge,
  by: Identity,
  note: string | null,
): Promise<Result<Merge, 'NOT_FOUND'>> => {
  // The branch that went with the merge comes back with the undoing; one that was made anew meanwhile stays.
  if (deletedBranch) {
    const ref = `refs/heads/${deletedBranch.name}`
    await moveRef(parts.git, rootPath, { ref, from: null, to: deletedBranch.sha, reason: 'switchyard: merge undone' })
  }
  const end = { name: 'undo-merge', id, by, isNews: true }
  return changeMerge(
    parts,
    end,
    (row) => ({ ...row, state: 'undone', deletedBranch: null, note }),
    (context, row) => followUndoing(parts, context, row),
  )
}
