import './comments.css'
import { MessageSquare } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState, type ReactNode, type RefObject } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { CommentThreadId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import { createComments } from '../../data/comments.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import type { Review } from '../../data/review.ts'
import { useCommands } from '../../lib/command-context.tsx'
import { LineNotesProvider, type LineNotes, type PickedLines, type ReviewGuide } from '../../lib/line-notes.tsx'
import { useNotices } from '../../lib/notices.tsx'
import { useLatest } from '../../lib/use-latest.ts'
import { BegunComment } from './begun-comment.tsx'
import { commentCommands } from './comment-commands.ts'
import { CommentsProvider, type CommentsDesk } from './comments-context.tsx'
import { countByFile, noteOf, shownThreads, threadBeside } from './note-index.ts'
import { SendDialog } from './send-dialog.tsx'
import { ThreadCard } from './thread-card.tsx'
import { hasText, nothingTyped, parseTyping, typingKeyOf } from './typing.ts'

interface CommentsRoomProps {
  readonly worktreeId: WorktreeId
  readonly sessionId: SessionId
  readonly review: Review
  readonly guide: RefObject<ReviewGuide | null>
  readonly children: ReactNode
}

/** The key of what is being written on lines that have no thread yet. */
const begunKey = 'begun'

/** What is said of the lines of a review, around its screen. */
export const CommentsRoom = ({ worktreeId, sessionId, review, guide, children }: CommentsRoomProps) => {
  const { api, stores } = useData()
  const notices = useNotices()
  const [comments] = useState(() => createComments({ api: api.comments, stores, review, worktreeId }))
  useEffect(() => comments.follow(), [comments])
  const threads = useThreads(worktreeId, comments)
  const [typing, changeTyping] = useKeptValue(typingKeyOf(worktreeId), parseTyping)
  const [wanted, setWanted] = useState<CommentsDesk['wanted']>(null)
  const [isSending, setSending] = useState(false)
  const latest = useLatest({ threads, typing, wanted })

  const want = useCallback((id: string) => setWanted((before) => ({ id, turn: (before?.turn ?? 0) + 1 })), [])
  const goTo = useCallback(
    (id: CommentThreadId) => {
      const shown = latest.current.threads.find(({ thread }) => thread.id === id)
      const note = shown === undefined ? null : noteOf(shown)
      if (note !== null) guide.current?.toNote(note)
      want(id)
    },
    [guide, latest, want],
  )
  const begin = useCallback(
    (lines: PickedLines) => {
      const { begun } = latest.current.typing
      if (begun !== null && hasText(begun.typed)) {
        notices.show({ icon: MessageSquare, text: `Finish the comment on ${begun.lines.path} first.` })
        guide.current?.toNote(noteOfLines(begun.lines))
      } else changeTyping((now) => ({ ...now, begun: { lines, typed: nothingTyped } }))
      want(begunKey)
    },
    [changeTyping, guide, latest, notices, want],
  )
  useCommands(
    useMemo(
      () =>
        commentCommands({
          write: () => {
            const lines = guide.current?.picked() ?? null
            if (lines !== null) begin(lines)
            else notices.refuse('Choose a line first: with the arrows in the changes, or n for the next hunk.')
          },
          step: (by) => {
            const { threads: all, wanted: before } = latest.current
            const next = threadBeside(all, (before?.id ?? null) as CommentThreadId | null, by)
            if (next !== null) goTo(next.thread.id)
          },
          send: () => setSending(true),
        }),
      [begin, goTo, guide, latest, notices],
    ),
  )
  const desk = useMemo(
    (): CommentsDesk => ({
      comments,
      sessionId,
      threads,
      guide: () => guide.current,
      typing,
      changeTyping,
      goTo,
      wanted,
      isSending,
      setSending,
    }),
    [changeTyping, comments, goTo, guide, isSending, sessionId, threads, typing, wanted],
  )
  const notes = useNotes(threads, typing.begun?.lines ?? null, begin)
  return (
    <CommentsProvider value={desk}>
      <LineNotesProvider value={notes}>{children}</LineNotesProvider>
      {isSending ? <SendDialog /> : null}
    </CommentsProvider>
  )
}

const useThreads = (worktreeId: WorktreeId, { store }: ReturnType<typeof createComments>) => {
  const rows = useStore(
    useData().stores.commentThreads.store,
    useShallow(({ byId }) => [...byId.values()].filter((row) => row.worktreeId === worktreeId)),
  )
  const places = useStore(store, (state) => state.places)
  const answers = useStore(store, (state) => state.answers)
  return useMemo(() => shownThreads({ threads: rows, places, answers }), [rows, places, answers])
}

const noteOfLines = ({ rawPath, side, to }: PickedLines) => ({ key: begunKey, rawPath, side, line: to })

/** What is typed into comes first: what comes and goes behind it does not move it. */
const useNotes = (
  threads: CommentsDesk['threads'],
  begun: PickedLines | null,
  onWrite: LineNotes['onWrite'],
): LineNotes =>
  useMemo(() => {
    const kept = threads
      .toSorted((a, b) => (a.thread.id < b.thread.id ? -1 : 1))
      .flatMap((shown) => noteOf(shown) ?? [])
    return {
      notes: begun === null ? kept : [noteOfLines(begun), ...kept],
      counts: countByFile(threads),
      render: (key) => (key === begunKey ? <BegunComment /> : <ThreadCard id={key as CommentThreadId} />),
      onWrite,
    }
  }, [threads, begun, onWrite])
