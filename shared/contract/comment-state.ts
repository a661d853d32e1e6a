import type { Anchor, CommentAnswer, CommentedLines, CommentThread, LineComment } from './comments.ts'

export type CommentState = 'open' | 'answered' | 'changed' | 'resolved' | 'outdated'

/**
 * How a thread stands. Nothing of it is stored but that it was resolved: an answer that came after the last word of the
 * person, and the lines themselves, say the rest. `anchor` is null while it is not known.
 */
export const commentState = (
  thread: CommentThread,
  anchor: Anchor | null,
  answers: readonly CommentAnswer[],
): CommentState => {
  if (thread.resolvedAt !== null) return 'resolved'
  if (anchor?.kind === 'outdated') return 'outdated'
  if (isAnswered(thread, answers)) return 'answered'
  return anchor?.kind === 'changed' ? 'changed' : 'open'
}

export const isAnswered = (thread: CommentThread, answers: readonly CommentAnswer[]): boolean => {
  const lastSent = Math.max(0, ...thread.comments.map(({ sent }) => sent?.at ?? 0))
  return lastSent > 0 && answers.some(({ threadId, at }) => threadId === thread.id && at >= lastSent)
}

export const isDraft = ({ sent }: LineComment): boolean => sent === null

/** Something of it waits to be sent. */
export const hasDraft = ({ comments }: CommentThread): boolean => comments.some(isDraft)

/** The lines that it is about: those of its last comment. Undefined for one whose comments were deleted. */
export const linesOf = ({ comments }: CommentThread): CommentedLines | undefined => comments.at(-1)?.at

/** How agents and people call it: "c3". */
export const nameOfThread = (number: number): string => `c${number}`

/** "line 3", "lines 3–5". */
export const lineWords = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  to > from ? `lines ${from}–${to}` : `line ${from}`
