import { useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Comment } from '../../../shared/contract/task-rows.ts'
import type { SessionId, TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useSessionValue } from '../../data/sessions.ts'
import { isMac } from '../../lib/platform.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from './detail-section.tsx'
import { useTasksRoom } from './room-context.tsx'
import { authorName } from './task-words.ts'
import { useDrafts } from './use-field.ts'

/** What was said about the task, oldest first, and a field to say more. */
export const DetailComments = ({ taskId, isLoading }: { readonly taskId: TaskId; readonly isLoading: boolean }) => {
  const comments = useStore(
    useData().stores.comments.store,
    useShallow((rows) =>
      [...rows.byId.values()]
        .filter((row) => row.taskId === taskId)
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    ),
  )
  return (
    <Section title="Comments">
      {isLoading && comments.length === 0 ? <Skeleton width="60%" /> : null}
      <ol className="detail-comments">
        {comments.map((comment) => (
          <CommentRow key={comment.id} comment={comment} />
        ))}
      </ol>
      <CommentField taskId={taskId} />
    </Section>
  )
}

const CommentRow = ({ comment }: { readonly comment: Comment }) => {
  const title = useSessionValue(comment.by.id as SessionId, (session) => session.title)
  return (
    <li className="detail-comment" data-testid={testId.taskComment}>
      <p className="text-12 text-faint">
        <span className="medium text-quiet">{visibleLine(authorName(comment.by, title))}</span>,{' '}
        <AgeAgo at={comment.at} />
      </p>
      <p className="detail-text selectable">{visibleText(comment.body)}</p>
    </li>
  )
}

const CommentField = ({ taskId }: { readonly taskId: TaskId }) => {
  const { drafts, change } = useDrafts()
  const { actions } = useTasksRoom()
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  // The same request until it was taken, so that a lost answer writes no second comment.
  const requestId = useRef<string | null>(null)
  const text = drafts.comment
  const send = async () => {
    if (text.trim() === '' || isBusy) return
    setBusy(true)
    requestId.current ??= crypto.randomUUID()
    const refusal = await actions.comment(taskId, text, requestId.current)
    setBusy(false)
    setProblem(refusal?.message ?? null)
    if (refusal !== null) return
    requestId.current = null
    change((now) => ({ ...now, comment: now.comment === text ? '' : now.comment }))
  }
  return (
    <div className="detail-field">
      <textarea
        className="input detail-input detail-comment-field"
        rows={2}
        aria-label="New comment"
        placeholder="Say something, in Markdown"
        aria-invalid={problem === null ? undefined : true}
        data-testid={testId.taskCommentField}
        value={text}
        onChange={(event) => {
          requestId.current = null
          change((now) => ({ ...now, comment: event.target.value }))
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            event.currentTarget.closest<HTMLElement>('[data-detail]')?.focus()
          }
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          void send()
        }}
      />
      {text.trim() === '' ? null : (
        <div className="detail-save">
          <span className="spacer" />
          <Button
            size="small"
            isBusy={isBusy}
            keys={isMac ? '⌘↩' : 'Ctrl Enter'}
            data-testid={testId.taskCommentSend}
            onClick={() => void send()}
          >
            Comment
          </Button>
        </div>
      )}
      {problem === null ? null : (
        <span className="field-error" role="alert" data-testid={testId.taskCommentError}>
          {visibleText(problem)}
        </span>
      )}
    </div>
  )
}
