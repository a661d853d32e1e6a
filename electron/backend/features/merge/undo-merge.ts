import type { Merge, UndoCode } from '../../../../shared/contract/merge.ts'
import type { MergeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { moveBranch } from '../../adapters/git/branch-move.ts'
import { readBranch } from '../../adapters/git/branch-refs.ts'
import { clearStaleRefLock } from '../../adapters/git/stale-lock.ts'
import type { Identity } from '../../kernel/identity.ts'
import { changeMerge, findIn, nameOf, noMerge, noProject, projectOf, type MergeParts } from './merge-parts.ts'
import { movedOn, undoRefusal } from './merge-words-rules.ts'
import { settleMerge } from './settle-merges.ts'
import { finishUndoing, undoMove } from './undoing.ts'

type UndoResult = Promise<Result<Merge, UndoCode | 'NOT_FOUND'>>

/** Sets the target back to what it was before a merge, while nothing came after it; the merge itself is kept under a ref. */
export const undoMerge = async (parts: MergeParts, id: MergeId, by: Identity): UndoResult => {
  const merge = await findIn(parts, id)
  if (!merge) return noMerge()
  return parts.inTurn(merge.projectId, () => undo(parts, id, by))
}

const undo = async (parts: MergeParts, id: MergeId, by: Identity): UndoResult => {
  const found = await findIn(parts, id)
  if (!found) return noMerge()
  const project = await projectOf(parts, found.projectId)
  if (!project) return noProject()
  const merge = await settleMerge(parts, project, found)
  if (merge.state === 'undone') return ok(merge)
  if (merge.state !== 'landed') return refuse('NOT_LANDED', 'This merge did not take place. There is nothing to undo.')
  const tip = await readBranch(parts.git, project.rootPath, merge.target)
  if (tip?.sha !== merge.after)
    return tip ? movedOn(merge.target) : undoRefusal({ kind: 'moved', now: null }, merge.target)

  const begin = { name: 'begin-undo', id, by, isNews: false }
  const begun = await changeMerge(parts, begin, (row, now) => ({
    ...row,
    state: 'undoing',
    undone: { by: nameOf(by), at: now },
  }))
  if (!begun.ok) return begun
  const move = undoMove(project, begun.value)
  await clearStaleRefLock(project.commonDir, move.backupRef)
  const problem = await moveBranch(parts.moves, move)
  if (!problem) return finishUndoing(parts, project, begun.value, by, null)
  const back = { name: 'refuse-undo', id, by, isNews: false }
  await changeMerge(parts, back, (row) => ({ ...row, state: 'landed', undone: null }))
  return undoRefusal(problem, merge.target)
}
