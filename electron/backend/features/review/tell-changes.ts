import type { Change } from '../../../../shared/contract/changes.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { resolveNames } from '../../adapters/git/review-points.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { ReviewDeps } from './review-deps.ts'
import { goneWorktrees, isSameView } from './review-rules.ts'
import type { Snapshot } from './take-snapshot.ts'

/** Takes a snapshot of a worktree now; null when it cannot be read. */
export type TakeForNews = (id: WorktreeId) => Promise<Snapshot | null>

export interface ReviewNews {
  /** To be called before a snapshot is taken for a page; `shown` with it at once afterwards. */
  willShow(id: WorktreeId): { shown(snapshot: Snapshot): void }
  /** Somebody looked at the worktree: whatever is shown may not be so any more. */
  noteLook(id: WorktreeId): void
  follow(changes: readonly Change[]): void
  /** Whether a base moved on, which no watch of a worktree sees; for the background loop. */
  lookForMoves(signal: AbortSignal): Promise<void>
  /** Tells whoever shows the worktree to read it again. */
  tell(id: WorktreeId, snapshot: string | null): Promise<void>
  whenSettled(): Promise<void>
}

/**
 * Tells once after each listing that it is not so any more. A page that shows it reads it again, and so asks for the next
 * news; of what nobody shows, nothing is written down.
 */
export const createReviewNews = (deps: ReviewDeps, take: TakeForNews): ReviewNews => {
  const shownById = new Map<WorktreeId, Snapshot>()
  const looksById = new Map<WorktreeId, number>()
  const running = new Map<WorktreeId, Promise<void>>()
  const again = new Set<WorktreeId>()

  const tell: ReviewNews['tell'] = async (worktreeId, snapshot) => {
    if (!shownById.delete(worktreeId)) return
    await deps.runCommand({ name: 'tell-review', by: systemIdentity }, async ({ now, emit }) => {
      await emit('review.changed', worktreeId, { worktreeId, snapshot, at: now })
      return ok(undefined)
    })
  }

  const check = async (id: WorktreeId): Promise<void> => {
    const snapshot = await take(id)
    const shown = shownById.get(id)
    if (shown && !(snapshot && isSameView(shown, snapshot))) await tell(id, snapshot?.id ?? null)
  }

  const checkSoon = (id: WorktreeId): void => {
    if (!shownById.has(id)) return
    if (running.has(id)) return void again.add(id)
    const work = check(id)
      .catch((error: unknown) => deps.log.warn({ err: error, worktree: id }, 'a review was not looked at again'))
      .finally(() => {
        running.delete(id)
        if (again.delete(id)) checkSoon(id)
      })
    running.set(id, work)
  }

  return {
    willShow: (id) => {
      const looks = looksById.get(id) ?? 0
      return {
        shown: (snapshot) => {
          shownById.set(id, snapshot)
          // Somebody looked while it was taken, and may have seen more.
          if ((looksById.get(id) ?? 0) !== looks) checkSoon(id)
        },
      }
    },
    noteLook: (id) => {
      looksById.set(id, (looksById.get(id) ?? 0) + 1)
      checkSoon(id)
    },
    follow: (changes) => {
      for (const { topic, payload } of changes) {
        if (topic === 'worktrees.changed' && payload.state.kind !== 'ok') checkSoon(payload.id)
        if (topic === 'worktrees.removed') shownById.delete(payload.id)
      }
      for (const id of goneWorktrees(changes)) looksById.delete(id)
    },
    lookForMoves: async (signal) => {
      for (const [id, { base }] of shownById) {
        if (signal.aborted) return
        const worktree = base && (await deps.database.read((tx) => deps.worktrees.find(tx, id)))
        if (!base || !worktree || base.ref === 'HEAD') continue
        const [sha] = await resolveNames(deps.git, worktree.path, [`${base.ref}^{commit}`]).catch(() => [null])
        if (sha !== null && sha !== base.sha) checkSoon(id)
      }
    },
    tell,
    whenSettled: async () => {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}
