import type { Merge } from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { BranchMove } from '../../adapters/git/branch-move.ts'
import { moveRef, readBranch } from '../../adapters/git/branch-refs.ts'
import { readRef } from '../../adapters/git/refs.ts'
import { clearStaleRefLock } from '../../adapters/git/stale-lock.ts'
import type { Identity } from '../../kernel/identity.ts'
import { findMergedAttempts, followLanding, tellMoves } from './aftermath.ts'
import { changeMerge, type MergeParts } from './merge-parts.ts'
import { backupRefOf } from './merge-rules.ts'
import { letGo } from './prepare-merge.ts'

/** The move of the target that a merge is. */
export const landMove = ({ rootPath }: Project, merge: Merge): BranchMove => ({
  cwd: rootPath,
  branch: merge.target,
  from: merge.before,
  to: merge.after,
  owner: merge.id,
  backupRef: merge.backupRef,
  reason: `switchyard: ${merge.strategy} ${merge.source.branch ?? merge.source.sha}`,
})

/** What follows once the target has moved; may be called again after a crash. */
export const finishLanding = async (
  parts: MergeParts,
  project: Project,
  merge: Merge,
  by: Identity,
  note: string | null,
): Promise<Result<Merge, 'NOT_FOUND'>> => {
  const deletedBranch = await deleteSource(parts, project, merge)
  const attempts = await findMergedAttempts(parts, project, merge)
  // Before the row says that it has landed: of what is left after that nobody would know.
  await letGo(parts, project, merge)
  const end = { name: merge.refresh ? 'refresh-base' : 'land-merge', id: merge.id, by, isNews: true }
  const landed = await changeMerge(
    parts,
    end,
    (row) => ({ ...row, state: 'landed', deletedBranch, note }),
    (context, row) => followLanding(parts, context, row, attempts),
  )
  tellMoves(parts)
  return landed
}

/** Answers what was deleted; a branch that moved after all is kept. */
const deleteSource = async (
  { git }: MergeParts,
  { rootPath, commonDir }: Project,
  { id, deletedBranch }: Merge,
): Promise<Merge['deletedBranch']> => {
  if (!deletedBranch) return null
  const { name, sha } = deletedBranch
  const backup = backupRefOf(name, id)
  await clearStaleRefLock(commonDir, backup)
  const known = await readRef(git, rootPath, backup)
  const kept = { ref: backup, from: known, to: sha, reason: 'switchyard: deleted with its merge' }
  if (known !== sha && (await moveRef(git, rootPath, kept)).kind === 'refused') return null
  if ((await readBranch(git, rootPath, name)) === null) return deletedBranch
  const gone = { ref: `refs/heads/${name}`, from: sha, to: null, reason: 'switchyard: merged' }
  return (await moveRef(git, rootPath, gone)).kind === 'moved' ? deletedBranch : null
}
