import type { CommentPlace, CommentThread, SentReview } from '../../../../shared/contract/comments.ts'
import { hasDraft } from '../../../../shared/contract/comment-state.ts'
import type { CommentThreadId, SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { Posted } from '../mail/mail-service.ts'
import { noWorktree, wholeView, writeThread, type CommentsDeps } from './comments-deps.ts'
import { addSentReview, lastThreadNumber, listCommentThreads, markSent } from './comments-store.ts'
import { placeThreads } from './place-threads.ts'
import { composeReview, type ReviewText } from './review-text-rules.ts'
import { numberDrafts, recipientOf, sentComments, type NumberedDraft } from './send-rules.ts'

export interface SendWish {
  readonly worktreeId: WorktreeId
  readonly sessionId: SessionId | null
  /** On the whole of it. */
  readonly body: string
  readonly requestId: string
}

type SendRefusal = 'NOT_FOUND' | 'NO_SESSION' | 'NOTHING_TO_SEND'

/**
 * Sends all drafts of a worktree to its session by mail, and what the session had submitted goes back to it: one transaction,
 * so that a draft is sent once or is still a draft. Mail delivers it, to a session that does not run at its next start.
 */
export const sendReview = async (
  deps: CommentsDeps,
  wish: SendWish,
  by: Identity,
): Promise<Result<SentReview, SendRefusal>> => {
  const places = await readPlaces(deps, wish.worktreeId)
  const options = { name: 'send-review', by, requestId: wish.requestId }
  return deps.runCommand(options, async (context): Promise<Result<SentReview, SendRefusal>> => {
    const { tx } = context
    const worktree = await deps.worktrees.find(tx, wish.worktreeId)
    if (!worktree) return noWorktree()
    const threads = await listCommentThreads(tx, worktree.id)
    const drafts = numberDrafts(threads, await lastThreadNumber(tx, worktree.id))
    if (drafts.length === 0 && wish.body.trim() === '')
      return refuse(
        'NOTHING_TO_SEND',
        'There is nothing to send yet. Comment on a line, or say something of the whole.',
      )
    const recipient = recipientOf(await deps.sessions.list(tx), worktree.id, wish.sessionId)
    if (!recipient.ok) return recipient
    const { projectId, id: sessionId } = recipient.value
    const text = composeReview(wish.body, sentComments(drafts, places))
    const posted = await deps.mail.post(context, { projectId, sessionId, ...text })
    const sent = await writeSent(context, { drafts, posted, text })
    const messageIds = posted.messages.map(({ id }) => id)
    const review = { projectId, worktreeId: worktree.id, sessionId, threadId: posted.threadId }
    await addSentReview(
      tx,
      { ...review, mailThreadId: posted.threadId, sentAt: context.now },
      sent.map(({ id }) => id),
    )
    await context.emit('sentreviews.recorded', worktree.id, {
      ...review,
      messageIds,
      comments: drafts.length,
      at: context.now,
    })
    const comment = taskComment(wish.body, drafts.length)
    const [task] = await deps.tasks.requestChangesOf(context, { sessionId, comment }, by)
    return ok({ threadId: posted.threadId, messageIds, sessionId, threads: sent, taskKey: task?.key ?? null })
  })
}

/** A thread that is spoken of again is open again. */
const writeSent = async (
  context: CommandContext,
  {
    drafts,
    posted,
    text,
  }: { readonly drafts: readonly NumberedDraft[]; readonly posted: Posted; readonly text: ReviewText },
): Promise<CommentThread[]> => {
  const numbered = new Map<CommentThreadId, NumberedDraft>()
  for (const [index, draft] of drafts.entries()) {
    const message = posted.messages[text.bodyOf[index] ?? 0]
    if (!message) throw new Error('A comment is in no message.')
    await markSent(context.tx, draft.comment.id, { messageId: message.id, at: context.now })
    numbered.set(draft.thread.id, draft)
  }
  const sent: CommentThread[] = []
  for (const { thread, number } of numbered.values())
    sent.push(await writeThread(context, thread, { number, resolvedAt: null }))
  return sent
}

/** Where the lines are is told as well as it is known: a worktree that cannot be read keeps no review back. */
const readPlaces = async (
  { database, review }: CommentsDeps,
  worktreeId: WorktreeId,
): Promise<ReadonlyMap<CommentThreadId, CommentPlace>> => {
  const threads = (await database.read((tx) => listCommentThreads(tx, worktreeId))).filter(hasDraft)
  if (threads.length === 0) return new Map()
  const scene = await review.scene({ worktreeId, snapshot: null, view: wholeView })
  if (!scene.ok) return new Map()
  const places = await placeThreads(scene.value, threads)
  return new Map(places.map((place) => [place.threadId, place]))
}

const taskComment = (body: string, count: number): string => {
  const comments = count === 1 ? 'one comment' : `${count} comments`
  const what = count === 0 ? 'Sent back by a review.' : `Sent back by a review with ${comments} on lines.`
  return body.trim() === '' ? what : `${body.trim()}\n\n${what}`
}
