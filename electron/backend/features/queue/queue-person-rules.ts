import type { MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import type { MergeEntryId } from '../../../../shared/lib/ids.ts'
import { positionBetween } from '../../../../shared/lib/position.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { rebuild, type Changes, type QueueState } from './queue-rules.ts'
import { isEnded, isInLine, wordOf } from './queue-states-rules.ts'

/** What a person may do to a queue. Each answers the changes to write, or a refusal. */
export type Judged<Code extends string> = Result<Changes, Code | 'NOT_FOUND'>

const gone = (): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', 'This entry is not in the merge queue any more. Look at the queue again.')

const refuseState = (entry: MergeEntry, advice: string): Result<never, 'NOT_ALLOWED'> =>
  refuse('NOT_ALLOWED', `“${entry.title}” is ${wordOf(entry.state)}. ${advice}`, entry)

const find = ({ entries }: QueueState, id: MergeEntryId) => entries.find((entry) => entry.id === id)

/** Whatever is built of the others is built anew without it. */
export const withdraw = (
  state: QueueState,
  id: MergeEntryId,
  mayHaveLanded: boolean,
): Judged<'NOT_ALLOWED' | 'LANDING'> => {
  const entry = find(state, id)
  if (!entry) return gone()
  if (isEnded(entry.state))
    return refuseState(entry, entry.state === 'merged' ? 'Undo the merge instead.' : 'There is nothing to withdraw.')
  if (entry.state === 'merging' && mayHaveLanded)
    return refuse('LANDING', `“${entry.title}” is being merged at this moment. Undo the merge instead.`, entry)
  const own = { id, state: 'withdrawn' as const, reason: null }
  if (entry.state !== 'checking' && entry.state !== 'merging') return ok({ entries: [own] })
  const { queue, entries = [] } = rebuild(state)
  return ok({ ...(queue ? { queue } : {}), entries: [own, ...entries.filter((change) => change.id !== id)] })
}

/** Takes a withdrawal back: the entry stands where it stood, and waits for what it waited for. */
export const restore = (state: QueueState, id: MergeEntryId): Judged<'NOT_ALLOWED' | 'ALREADY_QUEUED'> => {
  const entry = find(state, id)
  if (!entry) return gone()
  if (entry.state !== 'withdrawn') return refuseState(entry, 'Only what was withdrawn is put back.')
  const twin = findTwin(state, entry)
  const to = entry.isApproved ? 'waiting' : 'proposed'
  return twin ? refuseTwin(twin) : ok({ entries: [{ id, state: to, reason: null }] })
}

export const approve = (state: QueueState, id: MergeEntryId): Judged<'NOT_ALLOWED'> => {
  const entry = find(state, id)
  if (!entry) return gone()
  if (entry.state !== 'proposed') return refuseState(entry, 'It needs no approval.')
  return ok({ entries: [{ id, state: 'waiting', isApproved: true, reason: null }] })
}

/**
 * Puts an entry in line again, with the commit the person looked at. That must be the branch's last one (`branchHead`): what
 * came after it was looked at is never merged with it.
 */
export const retry = (
  state: QueueState,
  { id, head, branchHead }: { readonly id: MergeEntryId; readonly head: string; readonly branchHead: string | null },
): Judged<'NOT_ALLOWED' | 'ALREADY_QUEUED' | 'HEAD_MOVED'> => {
  const entry = find(state, id)
  if (!entry) return gone()
  const { state: before } = entry
  if (before !== 'conflicted' && before !== 'failed' && before !== 'moved')
    return refuseState(entry, 'Only what conflicts, failed or moved on is queued again.')
  const twin = findTwin(state, entry)
  if (twin) return refuseTwin(twin)
  if (branchHead === null)
    return refuse('HEAD_MOVED', `${entry.branch ?? 'The commit'} is gone. Withdraw the entry.`, entry)
  if (branchHead !== head)
    return refuse(
      'HEAD_MOVED',
      `${entry.branch ?? 'The branch'} is at ${branchHead.slice(0, 8)} by now, not at ${head.slice(0, 8)}. Look at what is new, then queue it again.`,
      entry,
    )
  return ok({ entries: [{ id, state: 'waiting', head, isApproved: true, reason: null }] })
}

/** Puts an entry before another one, or last. */
export const place = (state: QueueState, id: MergeEntryId, beforeId: MergeEntryId | null): Judged<'NOT_ALLOWED'> => {
  const entry = find(state, id)
  if (!entry) return gone()
  if (entry.state !== 'waiting' && entry.state !== 'proposed')
    return refuseState(entry, 'Only what waits can change its place.')
  const others = state.entries.filter((each) => each.id !== id && isInLine(each.state))
  const found = beforeId === null ? -1 : others.findIndex((each) => each.id === beforeId)
  const index = found < 0 ? others.length : found
  const position = positionBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null)
  if (position !== null) return ok({ entries: [{ id, position }] })
  // No number fits between the two any more: all get whole ones, in the order they are to have.
  const ordered = [...others.slice(0, index), entry, ...others.slice(index)]
  return ok({ entries: ordered.map((each, at) => ({ id: each.id, position: at })) })
}

/** What is being landed at this moment is brought to its end; all else is put down. */
export const pause = (state: QueueState, reason: string, mayHaveLanded: boolean, now: number): Changes => {
  const hold = { by: 'person', cause: 'asked', reason, tip: null, since: now } as const
  if (mayHaveLanded && state.entries.some((entry) => entry.state === 'merging')) return { queue: { hold } }
  const { queue, entries = [] } = rebuild(state)
  return { queue: { ...queue, hold }, entries }
}

export const resume = ({ queue }: QueueState): Changes => (queue.hold ? { queue: { hold: null } } : {})

/** Another entry in line for the same branch: two of them would be merged twice. */
export const findTwin = (
  { entries }: QueueState,
  of: Pick<MergeEntry, 'branch' | 'head'> & { readonly id?: MergeEntryId },
): MergeEntry | undefined =>
  entries.find(
    (each) =>
      each.id !== of.id &&
      isInLine(each.state) &&
      (of.branch === null ? each.branch === null && each.head === of.head : each.branch === of.branch),
  )

export const refuseTwin = (twin: MergeEntry): Result<never, 'ALREADY_QUEUED'> =>
  refuse(
    'ALREADY_QUEUED',
    `${twin.branch ?? twin.head.slice(0, 8)} is in this queue already (${wordOf(twin.state)}, at ${twin.head.slice(0, 8)}). Withdraw that entry first to queue another commit.`,
    twin,
  )

/** The place after all others. */
export const lastPosition = ({ entries }: QueueState): number =>
  Math.max(0, ...entries.map((entry) => entry.position)) + 1
