import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { lineWords } from '../../../shared/contract/comment-state.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { CommentForm } from './comment-form.tsx'
import { useComments } from './comments-context.tsx'
import { hasText } from './typing.ts'
import { useWanted } from './use-wanted.ts'

/** A comment that is begun on lines that nothing was said of yet. */
export const BegunComment = () => {
  const { comments, typing, changeTyping, guide, wanted } = useComments()
  const notices = useNotices()
  const [turn, setTurn] = useState(0)
  useWanted('begun', wanted, () => setTurn((before) => before + 1))
  const { begun } = typing
  if (begun === null) return null
  const { lines, typed } = begun
  const end = () => {
    changeTyping((now) => ({ ...now, begun: null }))
    guide()?.focus()
  }
  return (
    <section className="thread-card" aria-label={`New comment on ${visibleLine(lines.path)}, ${lineWords(lines)}`}>
      <CommentForm
        label="Comment"
        typed={typed}
        lines={lines.side === 'additions' ? lines.text : null}
        submitLabel="Add to the review"
        focusTurn={turn}
        heading={<p className="text-12 text-faint">On {lineWords(lines)}</p>}
        onType={(next) => changeTyping((now) => ({ ...now, begun: { lines, typed: next } }))}
        onSubmit={async (written, requestId) => {
          const side = lines.side === 'deletions' ? 'old' : 'new'
          const { rawPath, from, to, snapshot, view, oid } = lines
          const refused = await comments.write({ rawPath, side, from, to, snapshot, view, oid }, written, requestId)
          if (refused === null) end()
          return refused
        }}
        onCancel={() => {
          if (hasText(typed))
            notices.show({
              icon: Undo2,
              text: 'Left the comment off.',
              action: { label: 'Undo', run: () => changeTyping((now) => ({ ...now, begun: now.begun ?? begun })) },
            })
          end()
        }}
      />
    </section>
  )
}
