import { lineWords, linesOf, nameOfThread, type CommentState } from '../../../shared/contract/comment-state.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { ShownThread } from './note-index.ts'

export const stateWords: Readonly<Record<CommentState, string>> = {
  open: 'Open',
  answered: 'Answered',
  changed: 'Changed',
  resolved: 'Resolved',
  outdated: 'Outdated',
}

export const stateTones: Readonly<Record<CommentState, 'plain' | 'warn' | 'accent'>> = {
  open: 'plain',
  answered: 'accent',
  changed: 'accent',
  resolved: 'plain',
  outdated: 'warn',
}

/** Where the lines of a thread are by now: "line 39", "lines 3–5, were 7–9". */
export const placeWords = ({ thread, place }: ShownThread): string => {
  const at = linesOf(thread)
  if (!at) return ''
  const now = place?.now
  if (now === undefined || now.kind === 'outdated' || now.to < now.from) return lineWords(at)
  const isSame = now.from === at.from && now.to === at.to
  return isSame ? lineWords(at) : `${lineWords(now)}, was ${lineWords(at)}`
}

/** Why what was written on is not what is there. Null while it is. */
export const changeWords = ({ place, thread }: ShownThread): string | null => {
  const now = place?.now
  if (now === undefined || now.kind === 'kept') return null
  if (now.kind === 'outdated')
    return now.why === 'file-gone'
      ? 'The file is not there any more. It was said of these lines:'
      : 'These lines are not there any more:'
  if (thread.side === 'old') return 'These lines are there again:'
  return now.to < now.from ? 'These lines were removed since:' : 'It was said of these lines, which changed since:'
}

/** What the thread is called in a list: "c2 src/a.ts, line 39". */
export const threadWords = (shown: ShownThread): string => {
  const { number } = shown.thread
  const name = number === null ? '' : `${nameOfThread(number)} `
  return `${name}${visibleLine(linesOf(shown.thread)?.path ?? '')}, ${placeWords(shown)}`
}

export const sendWords = (drafts: number): string =>
  drafts === 0 ? 'Send review' : `Send ${drafts} ${drafts === 1 ? 'comment' : 'comments'}`

/** What a notice says once it was sent. */
export const sentWords = (drafts: number, taskKey: string | null): string => {
  const what = drafts === 0 ? 'Sent the review.' : `Sent ${drafts} ${drafts === 1 ? 'comment' : 'comments'}.`
  return taskKey === null ? what : `${what} ${taskKey} goes back to the session.`
}
