import { createContext, useContext } from 'react'
import type { CommentThreadId, SessionId } from '../../../shared/lib/ids.ts'
import type { Comments } from '../../data/comments.ts'
import type { ReviewGuide } from '../../lib/line-notes.tsx'
import type { ShownThread } from './note-index.ts'
import type { Typing } from './typing.ts'

/** What the parts of the comments on one worktree share. */
export interface CommentsDesk {
  readonly comments: Comments
  readonly sessionId: SessionId
  /** By file and line. */
  readonly threads: readonly ShownThread[]
  readonly guide: () => ReviewGuide | null
  readonly typing: Typing
  readonly changeTyping: (change: (now: Typing) => Typing) => void
  /** Scrolls to a thread and puts the focus on it. */
  readonly goTo: (id: CommentThreadId) => void
  /** The thread that is to have the focus; asked again, `turn` differs. */
  readonly wanted: { readonly id: string; readonly turn: number } | null
  readonly isSending: boolean
  readonly setSending: (isSending: boolean) => void
}

const CommentsContext = createContext<CommentsDesk | null>(null)
export const CommentsProvider = CommentsContext

export const useComments = (): CommentsDesk => {
  const desk = useContext(CommentsContext)
  if (desk === null) throw new Error('A part of the comments was drawn outside their room.')
  return desk
}
