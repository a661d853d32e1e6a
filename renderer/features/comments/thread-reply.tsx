import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { CommentThreadId } from '../../../shared/lib/ids.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { CommentForm } from './comment-form.tsx'
import { useComments } from './comments-context.tsx'
import { without } from './typing.ts'

/** A field to go on in a thread: small until it is used. */
export const ThreadReply = ({ threadId }: { readonly threadId: CommentThreadId }) => {
  const { comments, typing, changeTyping } = useComments()
  const [turn, setTurn] = useState(0)
  const notices = useNotices()
  const body = typing.replies[threadId]
  const type = (text: string) => changeTyping((now) => ({ ...now, replies: { ...now.replies, [threadId]: text } }))
  const end = () => changeTyping((now) => ({ ...now, replies: without(now.replies, threadId) }))
  if (body === undefined)
    return (
      <button
        type="button"
        className="thread-add"
        data-testid={testId.commentReply}
        onClick={() => {
          type('')
          setTurn((before) => before + 1)
        }}
      >
        Add to this thread
      </button>
    )
  return (
    <CommentForm
      label="Add to this thread"
      typed={{ body, suggestion: null }}
      lines={null}
      submitLabel="Add to the review"
      focusTurn={turn}
      onType={(next) => type(next.body)}
      onSubmit={async (written, requestId) => {
        const refused = await comments.add(threadId, written, requestId)
        if (refused === null) end()
        return refused
      }}
      onCancel={() => {
        if (body.trim() !== '')
          notices.show({
            icon: Undo2,
            text: 'Left the comment off.',
            action: { label: 'Undo', run: () => type(body) },
          })
        end()
      }}
    />
  )
}
