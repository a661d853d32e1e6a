import type { LandCode, Merge } from '../../../../shared/contract/merge.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { MergeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { findCheckouts } from '../../adapters/git/branch-checkouts.ts'
import { moveBranch } from '../../adapters/git/branch-move.ts'
import { readBranch } from '../../adapters/git/branch-refs.ts'
import { readRef } from '../../adapters/git/refs.ts'
import { clearStaleRefLock } from '../../adapters/git/stale-lock.ts'
import type { Identity } from '../../kernel/identity.ts'
import { changeMerge, findIn, nameOf, noMerge, noProject, projectOf, type MergeParts } from './merge-parts.ts'
import { finishLanding, landMove } from './landing.ts'
import { holdRefOf } from './merge-rules.ts'
import { goneBranch, goneCommit, moveRefusal } from './merge-words-rules.ts'
import { settleMerge } from './settle-merges.ts'

export interface LandInput {
  /** What `prepare` answered. */
  readonly prepared: MergeId
  /** Where the caller saw the target: what was prepared must be built on it. */
  readonly targetWas: string
  readonly deleteBranch?: boolean
}

type LandResult = Promise<Result<Merge, LandCode | 'NOT_FOUND'>>

/**
 * Moves the target to what was prepared: once, however often it is asked for and wherever the app is killed. It is refused
 * before anything happens, or it happened.
 */
export const landMerge = async (parts: MergeParts, input: LandInput, by: Identity): LandResult => {
  const merge = await findIn(parts, input.prepared)
  if (!merge) return noMerge()
  return parts.inTurn(merge.projectId, () => land(parts, input, by))
}

const land = async (parts: MergeParts, input: LandInput, by: Identity): LandResult => {
  const found = await findIn(parts, input.prepared)
  if (!found) return noMerge()
  const project = await projectOf(parts, found.projectId)
  if (!project) return noProject()
  // What an attempt before this one could not bring to an end.
  const merge = await settleMerge(parts, project, found)
  if (merge.state === 'landed') return ok(merge)
  if (merge.state !== 'prepared')
    return refuse('MOVED', 'This merge was made and undone. Look at the result again, then merge anew.')
  const refused = await judge(parts, project, merge, input)
  if (refused) return refused

  const { source } = merge
  const deletedBranch = input.deleteBranch && source.branch !== null ? { name: source.branch, sha: source.sha } : null
  const begin = { name: 'begin-merge', id: merge.id, by, isNews: false }
  const begun = await changeMerge(parts, begin, (row, now) => ({
    ...row,
    state: 'landing',
    by: nameOf(by),
    at: now,
    deletedBranch,
    note: null,
  }))
  if (!begun.ok) return begun
  await clearStaleRefLock(project.commonDir, merge.backupRef)
  const problem = await moveBranch(parts.moves, landMove(project, begun.value))
  if (problem) {
    const back = { name: 'refuse-merge', id: merge.id, by, isNews: false }
    await changeMerge(parts, back, (row) => ({ ...row, state: 'prepared', deletedBranch: null }))
    return moveRefusal(problem, merge.target)
  }
  return finishLanding(parts, project, begun.value, by, null)
}

/** What stands against it, told without touching anything. */
const judge = async (
  { git }: MergeParts,
  { rootPath }: Project,
  { id, before, after, target, source }: Merge,
  { targetWas, deleteBranch }: LandInput,
): Promise<Result<never, LandCode> | null> => {
  const tip = await readBranch(git, rootPath, target)
  if (tip === null) return goneBranch(target)
  if (tip.sha !== before || targetWas !== before) return moveRefusal({ kind: 'moved', now: tip.sha }, target)
  if ((await readRef(git, rootPath, holdRefOf(id))) !== after) return goneCommit(after)
  if (deleteBranch !== true || source.branch === null) return null
  const branch = visibleLine(source.branch)
  if (source.branch === target) return refuse('BRANCH_IN_USE', `${branch} is what is merged into. Keep it.`)
  const head = await readBranch(git, rootPath, source.branch)
  if (head?.sha !== source.sha)
    return refuse(
      'BRANCH_IN_USE',
      `${branch} has moved meanwhile, so it is not deleted. Merge without deleting it, or look again.`,
    )
  const { checkouts, problem } = await findCheckouts(git, rootPath, source.branch)
  const place = checkouts[0]?.path ?? problem?.path
  return place === undefined
    ? null
    : refuse(
        'BRANCH_IN_USE',
        `${branch} is checked out in ${visibleLine(place)}, so it is not deleted. Merge without deleting it, or archive its session first.`,
      )
}
