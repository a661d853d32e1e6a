import type { CommentAnswer, CommentPlace, CommentThread } from '../../../shared/contract/comments.ts'
import { commentState, hasDraft, linesOf, type CommentState } from '../../../shared/contract/comment-state.ts'
import type { CommentThreadId } from '../../../shared/lib/ids.ts'
import type { LineNote } from '../../lib/line-notes.tsx'

/** A thread with everything that is known of it. */
export interface ShownThread {
  readonly thread: CommentThread
  /** Null until it was read. */
  readonly place: CommentPlace | null
  readonly answers: readonly CommentAnswer[]
  readonly state: CommentState
}

interface Known {
  readonly threads: readonly CommentThread[]
  readonly places: ReadonlyMap<CommentThreadId, CommentPlace>
  readonly answers: readonly CommentAnswer[]
}

/** The threads that there is something to read of, by file and line. */
export const shownThreads = ({ threads, places, answers }: Known): ShownThread[] => {
  const byThread = Map.groupBy(answers, ({ threadId }) => threadId)
  return threads
    .filter(({ comments }) => comments.length > 0)
    .map((thread): ShownThread => {
      const place = places.get(thread.id) ?? null
      const own = byThread.get(thread.id) ?? []
      return { thread, place, answers: own, state: commentState(thread, place?.now ?? null, own) }
    })
    .toSorted(byPlace)
}

const byPlace = (a: ShownThread, b: ShownThread): number => {
  const [one, other] = [pathOf(a), pathOf(b)]
  if (one !== other) return one < other ? -1 : 1
  return lineOf(a) - lineOf(b) || (a.thread.id < b.thread.id ? -1 : 1)
}

const pathOf = ({ thread }: ShownThread) => linesOf(thread)?.path ?? ''
const lineOf = ({ thread, place }: ShownThread) => place?.shown?.from ?? linesOf(thread)?.from ?? 0

/**
 * Where each thread hangs in the diff: beneath the last of its lines, at the head of its file where those are not, nowhere
 * where the view does not have the file.
 */
export const noteOf = ({ thread: { id }, place }: ShownThread): LineNote | null => {
  if (place === null) return null
  const { shown, shownRawPath } = place
  if (shown !== null)
    return {
      key: id,
      rawPath: shown.rawPath,
      side: shown.side === 'old' ? 'deletions' : 'additions',
      line: Math.max(0, shown.to),
    }
  return shownRawPath === null ? null : { key: id, rawPath: shownRawPath, side: 'additions', line: 0 }
}

/** How many threads of each file are not done with. */
export const countByFile = (threads: readonly ShownThread[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const shown of threads) {
    const rawPath = shown.place?.shownRawPath
    if (rawPath == null || shown.state === 'resolved') continue
    counts.set(rawPath, (counts.get(rawPath) ?? 0) + 1)
  }
  return counts
}

/** How many drafts wait to be sent. */
export const countDrafts = (threads: readonly ShownThread[]): number =>
  threads.reduce((sum, { thread }) => sum + thread.comments.filter(({ sent }) => sent === null).length, 0)

/** The thread after or before another one; resolved ones are passed by. The first or last one when there is none yet. */
export const threadBeside = (
  threads: readonly ShownThread[],
  current: CommentThreadId | null,
  by: 1 | -1,
): ShownThread | null => {
  const at = threads.findIndex(({ thread }) => thread.id === current)
  const isOpen = ({ state, thread }: ShownThread) => state !== 'resolved' || hasDraft(thread)
  if (by === 1) return threads.slice(at + 1).find(isOpen) ?? null
  return threads.slice(0, at === -1 ? undefined : at).findLast(isOpen) ?? null
}
