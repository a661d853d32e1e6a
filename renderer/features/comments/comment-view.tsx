import { Ellipsis, Pencil, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { LineComment } from '../../../shared/contract/comments.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Tag, withCode } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { CodeQuote } from './code-quote.tsx'
import { CommentForm } from './comment-form.tsx'
import { useComments } from './comments-context.tsx'
import { without } from './typing.ts'

interface CommentViewProps {
  readonly comment: LineComment
  /** Which lines it is on, in words. */
  readonly where: string
}

/** One comment of the person. A draft can be changed and deleted. */
export const CommentView = ({ comment, where }: CommentViewProps) => {
  const { typing } = useComments()
  const [turn, setTurn] = useState(0)
  const isDraft = comment.sent === null
  const edit = typing.edits[comment.id]
  return (
    <li className="comment" data-testid={testId.comment} data-draft={isDraft || undefined}>
      <p className="comment-head text-12">
        <span className="avatar" aria-hidden="true">
          Y
        </span>
        <b>You</b>
        <span className="text-faint num">{where}</span>
        <span className="text-faint">
          <AgeAgo at={comment.sent?.at ?? comment.createdAt} />
        </span>
        <span className="spacer" />
        {isDraft ? <Tag tone="warn">In this batch</Tag> : null}
        {isDraft ? <DraftMenu comment={comment} onEdit={() => setTurn((before) => before + 1)} /> : null}
      </p>
      {isDraft && edit !== undefined ? (
        <EditForm comment={comment} turn={turn} />
      ) : (
        <>
          {comment.body.trim() === '' ? null : (
            <p className="comment-body selectable">{withCode(visibleText(comment.body.trim()))}</p>
          )}
          {comment.suggestion === null ? null : (
            <CodeQuote
              removed={comment.at.lines}
              added={comment.suggestion === '' ? [] : comment.suggestion.replace(/\n$/, '').split('\n')}
              kept={[]}
            />
          )}
        </>
      )}
    </li>
  )
}

const DraftMenu = ({ comment, onEdit }: { readonly comment: LineComment; readonly onEdit: () => void }) => {
  const { comments, changeTyping, guide } = useComments()
  const notices = useNotices()
  const { id, body, suggestion } = comment
  const remove = async () => {
    const refused = await comments.remove(id)
    if (refused !== null) return notices.refuse(refused)
    guide()?.focus()
    return notices.show({
      icon: Trash2,
      text: 'Deleted the draft.',
      action: {
        label: 'Undo',
        run: () => void comments.restore(id).then((problem) => problem !== null && notices.refuse(problem)),
      },
    })
  }
  return (
    <Menu
      entries={[
        {
          kind: 'item',
          id: 'edit',
          label: 'Edit',
          icon: Pencil,
          onChoose: () => {
            changeTyping((now) => ({ ...now, edits: { ...now.edits, [id]: now.edits[id] ?? { body, suggestion } } }))
            onEdit()
          },
        },
        { kind: 'item', id: 'delete', label: 'Delete', icon: Trash2, isDanger: true, onChoose: () => void remove() },
      ]}
    >
      <IconButton icon={Ellipsis} label="Edit or delete" data-testid={testId.commentMenu} />
    </Menu>
  )
}

const EditForm = ({ comment, turn }: { readonly comment: LineComment; readonly turn: number }) => {
  const { comments, typing, changeTyping, guide } = useComments()
  const notices = useNotices()
  const { id, body, suggestion, at } = comment
  const typed = typing.edits[id] ?? { body, suggestion }
  const end = () => {
    changeTyping((now) => ({ ...now, edits: without(now.edits, id) }))
    guide()?.focus()
  }
  return (
    <CommentForm
      label="Comment"
      typed={typed}
      lines={at.lines}
      submitLabel="Save"
      focusTurn={turn}
      onType={(next) => changeTyping((now) => ({ ...now, edits: { ...now.edits, [id]: next } }))}
      onSubmit={async (written) => {
        const refused = await comments.edit(id, written)
        if (refused === null) end()
        return refused
      }}
      onCancel={() => {
        if (typed.body !== body || typed.suggestion !== suggestion)
          notices.show({
            icon: Undo2,
            text: 'Left the draft as it was.',
            action: {
              label: 'Undo',
              run: () => changeTyping((now) => ({ ...now, edits: { ...now.edits, [id]: typed } })),
            },
          })
        end()
      }}
    />
  )
}
