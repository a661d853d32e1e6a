import { linesOf, lineWords, nameOfThread } from '../contract/comment-state.ts'
import { quoted, sessionObject, titleOf, type EventNames, type EventOf, type EventWords } from './logged-event.ts'

/** What is said of lines: told when it goes to a session, and when the person is done with it. Drafts are nobody's news. */

export const reviewWords = ({ payload }: EventOf<'sentreviews.recorded'>, names: EventNames): EventWords => {
  const { sessionId, comments } = payload
  const what = comments === 0 ? 'a review' : `a review with ${comments} ${comments === 1 ? 'comment' : 'comments'}`
  return { what: `sent ${what} to ${quoted(titleOf(sessionId, names))}`, object: sessionObject(sessionId, names) }
}

export const commentThreadWords = (
  { payload: thread, command }: EventOf<'commentthreads.changed'>,
  names: EventNames,
): EventWords | null => {
  const verb = command === 'resolve-thread' ? 'resolved' : command === 'reopen-thread' ? 'opened again' : null
  const at = linesOf(thread)
  if (verb === null || at === undefined) return null
  const name = thread.number === null ? 'what was said' : nameOfThread(thread.number)
  const sessionId = names.sessionOfWorktree(thread.worktreeId)
  return {
    what: `${verb} ${name} of ${at.path}, ${lineWords(at)}`,
    object: sessionId === undefined ? null : sessionObject(sessionId, names),
  }
}
