import type { Merge } from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { settleMove, type SettledMove } from '../../adapters/git/branch-move.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { finishLanding, landMove } from './landing.ts'
import { changeMerge, findIn, projectOf, type MergeParts } from './merge-parts.ts'
import { listNames } from './merge-words-rules.ts'
import { listUnsettled } from './merges-store.ts'
import { finishUndoing, undoMove } from './undoing.ts'

/** Brings a merge that was cut short to the end that its target shows; answers any other as it is. */
export const settleMerge = async (parts: MergeParts, project: Project, merge: Merge): Promise<Merge> => {
  if (merge.state !== 'landing' && merge.state !== 'undoing') return merge
  const isLanding = merge.state === 'landing'
  const move = isLanding ? landMove(project, merge) : undoMove(project, merge)
  const { hasMoved, leftovers } = await settleMove(parts.moves, move)
  const note = noteOf(leftovers)
  if (isLanding && hasMoved) await finishLanding(parts, project, merge, by, note)
  else if (hasMoved) await finishUndoing(parts, project, merge, by, note)
  else {
    const state = isLanding ? 'prepared' : 'landed'
    const back = { name: 'settle-merge', id: merge.id, by, isNews: false }
    await changeMerge(parts, back, (row) => ({
      ...row,
      state,
      deletedBranch: isLanding ? null : row.deletedBranch,
      note,
    }))
  }
  return (await findIn(parts, merge.id)) ?? merge
}

const noteOf = (leftovers: SettledMove['leftovers']): string | null => {
  const [first] = leftovers
  if (!first) return null
  const place = visibleLine(first.path)
  return first.files.length === 0
    ? `The files in ${place} may be those of before. Compare them there with “git status”.`
    : `In ${place} these were changed while it was cut short, and are as they were: ${listNames(first.files)}. Look at them with “git diff” there.`
}

/** Brings every merge that was cut short to an end; one that cannot be is tried again the next time. */
export const settleAll = async (parts: MergeParts, signal?: AbortSignal): Promise<void> => {
  for (const { id, projectId } of await parts.database.read(listUnsettled)) {
    if (signal?.aborted) return
    await parts
      .inTurn(projectId, async () => {
        const merge = await findIn(parts, id)
        const project = await projectOf(parts, projectId)
        if (merge && project) await settleMerge(parts, project, merge)
      })
      .catch((error: unknown) => parts.log.error({ err: error, merge: id }, 'a merge could not be brought to an end'))
  }
}
