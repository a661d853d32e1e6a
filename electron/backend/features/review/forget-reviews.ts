import type { Change } from '../../../../shared/contract/changes.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { ReviewParts } from './review-parts.ts'
import { goneWorktrees } from './review-rules.ts'
import { listReviewed, removeReviewOf } from './review-store.ts'

/** Drops the turns, looks and marks of worktrees that are gone: nobody is shown them any more. */
export const createForgetter = ({ deps, desks, storedBytes }: ReviewParts) => {
  let running: Promise<unknown> = Promise.resolve()
  const forget = async (ids: readonly WorktreeId[]): Promise<void> => {
    if (ids.length === 0) return
    await deps.runCommand({ name: 'forget-reviews', by: systemIdentity }, async ({ tx }) => {
      for (const id of ids) await removeReviewOf(tx, id)
      return ok(undefined)
    })
  }
  return {
    follow: (changes: readonly Change[]): void => {
      const gone = goneWorktrees(changes)
      if (gone.length === 0) return
      for (const id of gone) {
        desks.drop(id)
        storedBytes.delete(id)
      }
      const forgetting = forget(gone).catch((error: unknown) =>
        deps.log.warn({ err: error }, 'the review of a worktree that is gone was not dropped'),
      )
      running = Promise.all([running, forgetting])
    },
    /** Those that went while nobody followed; for the start. */
    forgetGone: async (): Promise<void> => {
      const gone = await deps.database.read(async (tx) => {
        const found: WorktreeId[] = []
        for (const id of await listReviewed(tx)) {
          const worktree = await deps.worktrees.find(tx, id)
          if (!worktree || worktree.state.kind === 'deleted') found.push(id)
        }
        return found
      })
      await forget(gone)
    },
    whenSettled: async (): Promise<void> => void (await running),
  }
}
