import { MessageSquare, Send } from 'lucide-react'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { CommandButton } from '../../ui/command-button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Tag } from '../../ui/bits.tsx'
import { stateTones, stateWords, sendWords, threadWords } from './comment-words.ts'
import { useComments } from './comments-context.tsx'
import { countDrafts, noteOf, type ShownThread } from './note-index.ts'
import { ThreadCard } from './thread-card.tsx'

/** In the bar of a review: all that was said, and the sending of what waits. */
export const CommentsActions = () => {
  const { threads } = useComments()
  const drafts = countDrafts(threads)
  return (
    <span className="comments-actions">
      {threads.length === 0 ? null : <CommentsList />}
      {drafts === 0 ? null : (
        <CommandButton command="comments.send" icon={Send} variant="primary" testId={testId.commentSend}>
          {sendWords(drafts)}
        </CommandButton>
      )}
    </span>
  )
}

const CommentsList = () => {
  const { threads } = useComments()
  const open = threads.filter(({ state }) => state !== 'resolved').length
  return (
    <Popover
      label="Comments"
      button={{
        icon: MessageSquare,
        label: `${open} ${open === 1 ? 'comment thread' : 'comment threads'} not resolved`,
        content: <span className="num">{open}</span>,
        testId: testId.commentList,
      }}
      testId={testId.commentListOpen}
    >
      {(close) => (
        <ol className="comments-list scroll">
          {threads.map((shown) => (
            <ListRow key={shown.thread.id} shown={shown} onGo={close} />
          ))}
        </ol>
      )}
    </Popover>
  )
}

/** One that the changes do not show is read right here. */
const ListRow = ({ shown, onGo }: { readonly shown: ShownThread; readonly onGo: () => void }) => {
  const { goTo } = useComments()
  const { thread, state } = shown
  if (noteOf(shown) === null)
    return (
      <li className="comments-list-card">
        <p className="text-12 text-faint">{threadWords(shown)}, not in what is shown</p>
        <ThreadCard id={thread.id} />
      </li>
    )
  return (
    <li>
      <button
        type="button"
        className="comments-list-row"
        data-testid={testId.commentListRow}
        onClick={() => {
          onGo()
          // The focus goes back to the button first, and to the thread after that.
          setTimeout(() => goTo(thread.id))
        }}
      >
        <span className="row">
          <span className="mono cut text-12 grow">{threadWords(shown)}</span>
          <Tag tone={stateTones[state]}>{stateWords[state]}</Tag>
        </span>
        <span className="cut text-quiet text-12">{visibleLine(firstLine(shown))}</span>
      </button>
    </li>
  )
}

const firstLine = ({ thread }: ShownThread) => {
  const body = thread.comments[0]?.body.trim() ?? ''
  return body === '' ? 'A suggestion' : body.slice(0, 200)
}
