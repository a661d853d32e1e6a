import type { GateState } from '../../../../shared/contract/checks.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { ChecksDeps } from './checks-parts.ts'
import { gateStateOf } from './checks-rules.ts'
import { listChecks } from './checks-store.ts'
import { findPassedOf, listRunsIn } from './runs-store.ts'

/** What the gates say of the commit that a worktree has checked out now. */
export const readGates = async (
  deps: ChecksDeps,
  worktreeId: WorktreeId,
): Promise<Result<GateState, 'NOT_FOUND' | 'WORKTREE_MISSING' | 'CANNOT_READ'>> => {
  const found = await deps.worktrees.requireFolder(worktreeId)
  if (!found.ok) return found
  const { projectId } = found.value
  const gates = (await deps.database.read((tx) => listChecks(tx, projectId))).filter(({ isGate }) => isGate)
  const seen = await deps.review.point(worktreeId)
  if (!seen.ok) return seen
  const { head, headTree, tree } = seen.value
  return deps.database.read(async (tx) => {
    const passedElsewhere = await findPassedOf(tx, headTree === null ? [] : gates, headTree ?? '')
    return ok(gateStateOf({ gates, head, headTree, tree, runs: await listRunsIn(tx, worktreeId), passedElsewhere }))
  })
}
