import { Check, CircleDot, Code } from 'lucide-react'
import { useRef, useState } from 'react'
import { hasDraft, isAnswered, linesOf, nameOfThread } from '../../../shared/contract/comment-state.ts'
import type { CommentThreadId } from '../../../shared/lib/ids.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Tag } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { AnswerView } from './answer-view.tsx'
import { CodeQuote } from './code-quote.tsx'
import { CommentView } from './comment-view.tsx'
import { changeWords, placeWords, stateTones, stateWords, threadWords } from './comment-words.ts'
import { useComments } from './comments-context.tsx'
import type { ShownThread } from './note-index.ts'
import { ThreadReply } from './thread-reply.tsx'
import { useWanted } from './use-wanted.ts'

/** Everything that was said of one place. One that is done with is a line until it is opened. */
export const ThreadCard = ({ id }: { readonly id: CommentThreadId }) => {
  const { threads, wanted } = useComments()
  const shown = threads.find(({ thread }) => thread.id === id)
  const card = useRef<HTMLElement>(null)
  const [isOpen, setOpen] = useState(false)
  useWanted(id, wanted, () => {
    setOpen(true)
    card.current?.focus({ preventScroll: true })
  })
  if (shown === undefined) return null
  const { thread, state } = shown
  const isFolded = state === 'resolved' && !isOpen && !hasDraft(thread)
  return (
    <section
      ref={card}
      className="thread-card"
      tabIndex={-1}
      aria-label={`Comments on ${threadWords(shown)}`}
      data-testid={testId.commentThread}
      data-state={state}
      data-folded={isFolded || undefined}
    >
      {isFolded ? (
        <div className="thread-folded">
          <Icon of={Check} size={14} />
          <span className="cut grow">
            Resolved{thread.number === null ? '' : `, ${nameOfThread(thread.number)}`}, {placeWords(shown)}
          </span>
          <Button size="small" variant="ghost" onClick={() => setOpen(true)}>
            Show
          </Button>
        </div>
      ) : (
        <OpenThread shown={shown} />
      )}
    </section>
  )
}

const OpenThread = ({ shown }: { readonly shown: ShownThread }) => {
  const { thread, answers, state } = shown
  const changed = changeWords(shown)
  const at = linesOf(thread)
  // A suggestion shows the lines that it is for.
  const isQuoted = thread.comments.some(({ suggestion, at: own }) => suggestion !== null && own.oid === at?.oid)
  const said = [
    ...thread.comments.map((comment) => ({
      key: comment.id,
      at: comment.sent?.at ?? Number.MAX_SAFE_INTEGER,
      comment,
    })),
    ...answers.map((answer) => ({ key: answer.messageId, at: answer.at, answer })),
  ].toSorted((a, b) => a.at - b.at)
  return (
    <>
      <div className="thread-state">
        {thread.number === null ? null : <span className="num text-faint">{nameOfThread(thread.number)}</span>}
        {state === 'open' ? null : (
          <span data-testid={testId.commentState}>
            <Tag tone={stateTones[state]}>{stateWords[state]}</Tag>
          </span>
        )}
        {state === 'answered' && changed !== null ? <Tag tone="accent">{stateWords.changed}</Tag> : null}
        {state === 'outdated' && isAnswered(thread, answers) ? <Tag tone="accent">{stateWords.answered}</Tag> : null}
      </div>
      {changed === null || at === undefined ? null : (
        <div className="thread-then">
          <p className="text-12 text-quiet">
            <Icon of={Code} size={14} /> {changed}
          </p>
          {isQuoted ? null : <CodeQuote removed={[]} added={[]} kept={at.lines} />}
        </div>
      )}
      <ol className="thread-said">
        {said.map((one) =>
          'comment' in one ? (
            <CommentView key={one.key} comment={one.comment} where={placeWords(shown)} />
          ) : (
            <AnswerView key={one.key} answer={one.answer} />
          ),
        )}
      </ol>
      <Footer shown={shown} />
    </>
  )
}

const Footer = ({ shown: { thread, state } }: { readonly shown: ShownThread }) => {
  const { comments } = useComments()
  const notices = useNotices()
  const isSent = thread.number !== null
  const resolve = (isResolved: boolean) =>
    void comments.resolve(thread.id, isResolved).then((refused) => refused !== null && notices.refuse(refused))
  return (
    <footer className="thread-footer">
      <ThreadReply threadId={thread.id} />
      {!isSent ? null : state === 'resolved' ? (
        <Button size="small" variant="ghost" icon={CircleDot} onClick={() => resolve(false)}>
          Open again
        </Button>
      ) : (
        <Button
          size="small"
          variant="ghost"
          icon={Check}
          data-testid={testId.commentResolve}
          onClick={() => resolve(true)}
        >
          Resolve
        </Button>
      )}
    </footer>
  )
}
