import type { Change } from '../../shared/contract/changes.ts'
import type { Check, CheckRun } from '../../shared/contract/checks.ts'
import type { CheckId } from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import type { RowStore } from './row-store.ts'

interface CheckStores {
  readonly checks: RowStore<CheckId, Check>
  readonly checkRuns: RowStore<string, CheckRun>
}

/** Of a check only the newest run in a worktree is shown. */
export const runKeyOf = ({ checkId, worktreeId }: Pick<CheckRun, 'checkId' | 'worktreeId'>) =>
  `${checkId} ${worktreeId}`
export const applyCheckChange = (
  { checks, checkRuns }: CheckStores,
  change: Extract<Change, { readonly topic: `checks.${string}` | `checkruns.${string}` }>,
): void => {
  switch (change.topic) {
    case 'checks.changed':
      return checks.put([change.payload])
    case 'checks.removed':
      return checks.remove(change.payload.id)
    case 'checkruns.changed': {
      const known = checkRuns.get(runKeyOf(change.payload))
      // An older one may end after a newer one was asked for.
      return known === undefined || known.id <= change.payload.id ? checkRuns.put([change.payload]) : undefined
    }
    case 'checkruns.removed': {
      const ids = new Set(change.payload.ids)
      for (const run of checkRuns.store.getState().byId.values()) if (ids.has(run.id)) checkRuns.remove(runKeyOf(run))
      return
    }
    default:
      return unreachable(change)
  }
}
