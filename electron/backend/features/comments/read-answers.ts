import type { CommentAnswer, CommentThread } from '../../../../shared/contract/comments.ts'
import type { Message } from '../../../../shared/contract/mail.ts'
import type { CommentThreadId, ThreadId, WorktreeId } from '../../../../shared/lib/ids.ts'
import { readAnswer } from './answer-rules.ts'
import type { CommentsDeps } from './comments-deps.ts'
import { listSentReviews } from './comments-store.ts'

/** Older reviews than these have been dealt with, or were forgotten. */
const mostReviews = 50
const mostMessages = 200

/** What sessions wrote back to the reviews of a worktree, oldest first; and the mail threads in which they do. */
export const readAnswers = async (
  { database, mail }: Pick<CommentsDeps, 'database' | 'mail'>,
  worktreeId: WorktreeId,
  threads: readonly CommentThread[],
): Promise<{ readonly answers: CommentAnswer[]; readonly mailThreadIds: ThreadId[] }> => {
  const reviews = await database.read((tx) => listSentReviews(tx, worktreeId, mostReviews))
  const answers: CommentAnswer[] = []
  for (const { mailThreadId, threadIds } of reviews) {
    const { messages } = await mail.page({ projectId: null, threadId: mailThreadId, before: null }, mostMessages)
    for (const message of messages) answers.push(...answersIn(message, threads, new Set(threadIds)))
  }
  answers.sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1))
  return { answers, mailThreadIds: reviews.map(({ mailThreadId }) => mailThreadId) }
}

/** By the names in it; one that names nothing answers the part that it replies to, or all that was asked. */
export const answersIn = (
  message: Pick<Message, 'id' | 'from' | 'body' | 'replyTo' | 'sentAt'>,
  threads: readonly CommentThread[],
  asked: ReadonlySet<CommentThreadId>,
): CommentAnswer[] => {
  const { from, id: messageId, sentAt: at } = message
  if (from.kind !== 'session') return []
  const named = { messageId, sessionId: from.sessionId, at }
  const byNumber = new Map(threads.flatMap((thread) => (thread.number === null ? [] : [[thread.number, thread]])))
  const read = readAnswer(message.body, new Set(byNumber.keys()))
  if (read.byNumber.size > 0)
    return [...read.byNumber].flatMap(([number, body]) => {
      const thread = byNumber.get(number)
      return thread ? [{ ...named, threadId: thread.id, body, isOfWhole: false }] : []
    })
  const own = threads.filter(({ id }) => asked.has(id))
  const replied = own.filter(({ comments }) => comments.some(({ sent }) => sent?.messageId === message.replyTo))
  const meant = replied.length > 0 ? replied : own
  return meant.map(({ id }) => ({ ...named, threadId: id, body: message.body, isOfWhole: meant.length > 1 }))
}
