import type { Anchor, CommentPlace, CommentThread, LineComment } from '../../../../shared/contract/comments.ts'
import { isDraft, linesOf } from '../../../../shared/contract/comment-state.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { CommentThreadId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { SentComment } from './review-text-rules.ts'

/** Who gets the review of a worktree: the session that is asked for, else the one that works there, the newest of several. */
export const recipientOf = (
  sessions: readonly Session[],
  worktreeId: WorktreeId,
  wanted: SessionId | null,
): Result<Session, 'NO_SESSION'> => {
  const there = sessions.filter((session) => session.worktreeId === worktreeId && session.lifecycle !== 'archived')
  const named = there.find(({ id }) => id === wanted)
  const running = there.filter(({ runtime }) => runtime.kind === 'alive')
  const newest = (running.length > 0 ? running : there).toSorted((a, b) => b.createdAt - a.createdAt)[0]
  const found = wanted === null ? newest : named
  return found
    ? ok(found)
    : refuse(
        'NO_SESSION',
        'No session works in this worktree any more. Start one there, or bring it back from the archive; your drafts are kept.',
      )
}

/** One draft with the number of its thread. */
export interface NumberedDraft {
  readonly thread: CommentThread
  readonly number: number
  readonly comment: LineComment
}

/** The drafts by file and line, each thread with its number: its own, or the next that none has. */
export const numberDrafts = (threads: readonly CommentThread[], lastNumber: number): NumberedDraft[] => {
  const waiting = threads.filter(({ comments }) => comments.some(isDraft)).toSorted(byPlace)
  const drafts: NumberedDraft[] = []
  let next = lastNumber
  for (const thread of waiting) {
    const number = thread.number ?? (next += 1)
    for (const comment of thread.comments) if (isDraft(comment)) drafts.push({ thread, number, comment })
  }
  return drafts
}

const byPlace = (a: CommentThread, b: CommentThread): number => {
  const [one, other] = [linesOf(a), linesOf(b)]
  if (!one || !other) return 0
  if (one.path !== other.path) return one.path < other.path ? -1 : 1
  return one.from - other.from || (a.id < b.id ? -1 : 1)
}

/** The drafts as they are sent, told where their lines are as far as that is known. */
export const sentComments = (
  drafts: readonly NumberedDraft[],
  places: ReadonlyMap<CommentThreadId, CommentPlace>,
): SentComment[] =>
  drafts.map(({ thread, number, comment }) => {
    const isOnLast = linesOf(thread) === comment.at
    const anchor = isOnLast ? (places.get(thread.id)?.now ?? null) : null
    const isFollowUp = thread.comments[0]?.id !== comment.id
    return { number, side: thread.side, comment, now: anchor && nowOf(anchor), isFollowUp }
  })

const nowOf = (anchor: Anchor): SentComment['now'] =>
  anchor.kind === 'kept' ? { from: anchor.from, to: anchor.to } : anchor.kind
