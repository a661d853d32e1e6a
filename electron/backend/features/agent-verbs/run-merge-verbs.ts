import type { VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import type { MergeEntry, MergeQueue } from '../../../../shared/contract/queue-rows.ts'
import { ok, refuse } from '../../../../shared/lib/result.ts'
import type { Asking, Speaking, VerbRunners } from './verb-parts.ts'

type MergeVerbName = Extract<VerbName, `merge.${string}`>

const inLine: readonly MergeEntry['state'][] = ['proposed', 'waiting', 'checking', 'merging']

const lineOf = (entry: MergeEntry, all: readonly MergeEntry[], { session }: Asking) => {
  const { id, title, branch, head, target, strategy, state, reason, conflicts } = entry
  const ahead = all.filter((each) => each.target === target && inLine.includes(each.state))
  const place = ahead.findIndex((each) => each.id === id) + 1
  const isMine = session !== null && entry.sessionId === session.id
  return {
    id,
    title,
    branch,
    head,
    target,
    strategy,
    state,
    reason,
    conflicts,
    isMine,
    place: place > 0 ? place : null,
  }
}

const stateOf = ({ hold, run }: MergeQueue) => (hold ? 'held' : run ? 'gates' : 'idle')

/** Anybody may look; of others only what their page shows. */
export const mergeLookRunners: VerbRunners<'merge.status', Asking> = {
  'merge.status': async (deps, asking, { mine }) => {
    const { mergeEntries, mergeQueues } = await deps.database.read(deps.queue.listShown)
    const own = mergeEntries.filter(({ projectId }) => projectId === asking.projectId)
    const lines = own.map((entry) => lineOf(entry, own, asking)).filter(({ isMine }) => isMine || !mine)
    const queues = mergeQueues
      .filter(({ projectId }) => projectId === asking.projectId)
      .map((queue) => ({ target: queue.target, state: stateOf(queue), reason: queue.hold?.reason ?? null }) as const)
    return ok({ entries: lines, queues })
  },
}

/** A session puts its own branch in line and no other: which one that is comes from its token. */
export const mergeVerbRunners: VerbRunners<Exclude<MergeVerbName, 'merge.status'>, Speaking> = {
  'merge.enqueue': async (deps, speaking, { head, message, ...wish }) => {
    const { session, by, requestId } = speaking
    const { worktreeId } = session
    if (worktreeId === null) return refuse('NOT_FOUND', 'Your session has no worktree, so there is no branch to merge.')
    const worktree = await deps.worktrees.refresh(worktreeId)
    if (!worktree.ok) return worktree
    const now = worktree.value.headSha
    if (now === null) return refuse('INVALID', 'There is nothing to merge yet: your branch has no commit.')
    const source = { kind: 'worktree', worktreeId } as const
    const queued = await deps.queue.enqueue(
      { ...wish, message: message.trim() === '' ? null : message, source, head: head ?? now, requestId },
      by,
    )
    if (!queued.ok) return queued
    const { mergeEntries } = await deps.database.read(deps.queue.listShown)
    const { entry, seq } = queued.value
    const own = mergeEntries.filter(({ projectId }) => projectId === entry.projectId)
    return ok({ entry: lineOf(entry, own, speaking), seq })
  },
}
