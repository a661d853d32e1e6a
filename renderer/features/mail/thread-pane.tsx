import { ArrowLeft, History, Reply } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Message, Thread } from '../../../shared/contract/mail.ts'
import type { MessageId, SessionId, ThreadId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useThread } from '../../data/mail.ts'
import { useProject, useProjectIds } from '../../data/projects.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { EmptyState, Skeleton } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { MessageView } from './message-view.tsx'
import { ReplyBox } from './reply-box.tsx'
import { isUnread } from './thread-index.ts'
import { useMailActions } from './use-mail-actions.ts'
import { useMessagesOf } from './use-mail.ts'

interface ThreadPaneProps {
  readonly id: ThreadId
  /** The message that a link led to. */
  readonly marked: { readonly id: MessageId } | null
  /** Counts up when a key opened it or asked to reply: then the focus follows. */
  readonly focus: { readonly turn: number; readonly on: 'pane' | 'reply' }
  readonly onClose: () => void
  readonly onGoToSession: (id: SessionId) => void
}

/** A thread with its messages, oldest first, and a field to answer. What is to the person is read once it is shown here. */
export const ThreadPane = ({ id, marked, focus, onClose, onGoToSession }: ThreadPaneProps) => {
  const thread = useThread(id)
  const messages = useMessagesOf(id)
  const actions = useMailActions()
  const pane = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const scroller = useInSight(messages, marked)
  useFetchUntilFound(thread, messages, marked)
  useMarkRead(messages, actions.markRead)
  useEffect(() => {
    if (focus.turn > 0) (focus.on === 'reply' ? field.current : pane.current)?.focus()
  }, [focus])
  const acknowledge = useCallback((messageId: MessageId) => void actions.acknowledge([messageId]), [actions])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.stopPropagation()
    // From the field to the thread, from the thread to the list.
    if (event.target === event.currentTarget) onClose()
    else pane.current?.focus()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys that count in all of the pane
    <section
      ref={pane}
      className="thread-pane"
      aria-label={`Thread ${visibleLine(thread?.subject ?? '')}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the focus comes here when a key opens the thread
      tabIndex={-1}
      data-testid={testId.mailThread}
      onKeyDown={onKeyDown}
    >
      {thread === undefined ? (
        <div className="mail-empty">
          <EmptyState icon={History} title="This thread is gone" actions={<Button onClick={onClose}>Back</Button>}>
            Its project was taken off the list.
          </EmptyState>
        </div>
      ) : (
        <>
          <PaneHeader thread={thread} onClose={onClose} onReply={() => field.current?.focus()} />
          <div ref={scroller} className="messages scroll">
            <Earlier thread={thread} messages={messages} />
            <ol>
              {messages.map((message) => (
                <MessageView
                  key={message.id}
                  message={message}
                  isMarked={message.id === marked?.id}
                  onGoToSession={onGoToSession}
                  onAcknowledge={acknowledge}
                />
              ))}
            </ol>
          </div>
          <ReplyBox key={id} thread={thread} messages={messages} fieldRef={field} />
        </>
      )}
    </section>
  )
}

interface PaneHeaderProps {
  readonly thread: Thread
  readonly onClose: () => void
  readonly onReply: () => void
}

const PaneHeader = ({ thread, onClose, onReply }: PaneHeaderProps) => {
  const hasSeveral = useProjectIds().length > 1
  const project = useProject(thread.projectId)
  return (
    <header className="mail-pane-header">
      <IconButton icon={ArrowLeft} label="Back to the list" keys="Esc" onClick={onClose} />
      <h2 className="cut grow" data-testid={testId.mailThreadSubject}>
        {visibleLine(thread.subject)}
      </h2>
      {hasSeveral ? <span className="text-12 text-faint cut">{visibleLine(project?.name ?? '')}</span> : null}
      <Button size="small" variant="ghost" icon={Reply} keys="R" onClick={onReply}>
        Reply
      </Button>
    </header>
  )
}

/**
 * The newest message is what one comes for: it is in sight when the thread is opened, and when one is added. A link leads to
 * its own message, as soon as that is here.
 */
const useInSight = (messages: readonly Message[], marked: ThreadPaneProps['marked']) => {
  const scroller = useRef<HTMLDivElement>(null)
  const newestId = messages.at(-1)?.id
  const found = marked !== null && messages.some(({ id }) => id === marked.id) ? marked : null
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null && newestId !== undefined) element.scrollTop = element.scrollHeight
  }, [newestId])
  useLayoutEffect(() => {
    if (found === null) return
    scroller.current?.querySelector(`[data-message="${found.id}"]`)?.scrollIntoView({ block: 'center' })
  }, [found])
  return scroller
}

/** A link may lead to a message so old that it is not here yet. */
const useFetchUntilFound = (
  thread: Thread | undefined,
  messages: readonly Message[],
  marked: ThreadPaneProps['marked'],
) => {
  const { fetchMissing } = useMailActions()
  const isMissing =
    thread !== undefined &&
    marked !== null &&
    messages.length < thread.messageCount &&
    messages.every(({ id }) => id !== marked.id)
  const threadId = thread?.id
  useEffect(() => {
    // Each answer brings more messages, with which the next one is asked for; what cannot be fetched offers that itself.
    if (isMissing && threadId !== undefined && messages.length > 0) void fetchMissing(threadId)
  }, [isMissing, threadId, messages.length, fetchMissing])
}

/** What is shown is read, as long as somebody may be looking: in a window that is hidden nothing was seen. */
const useMarkRead = (messages: readonly Message[], markRead: (ids: readonly MessageId[]) => Promise<unknown>) => {
  const unread = useStore(
    useData().stores.deliveries.store,
    useShallow((rows) => {
      const here = new Set(messages.map(({ id }) => id))
      return [...rows.byId.values()]
        .filter((one) => isUnread(one) && here.has(one.messageId))
        .map((one) => one.messageId)
    }),
  )
  useEffect(() => {
    if (unread.length === 0) return undefined
    const read = () => {
      if (document.visibilityState === 'visible') void markRead(unread)
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [unread, markRead])
}

type Fetching =
  { readonly kind: 'rest' } | { readonly kind: 'busy' } | { readonly kind: 'failed'; readonly message: string }

/** Messages that are not here yet: asked for, or fetched at once when there is none to show. */
const Earlier = ({ thread, messages }: { readonly thread: Thread; readonly messages: readonly Message[] }) => {
  const { fetchMissing } = useMailActions()
  const missing = thread.messageCount - messages.length
  const isBare = messages.length === 0 && missing > 0
  const [fetching, setFetching] = useState<Fetching>({ kind: isBare ? 'busy' : 'rest' })
  const ask = useCallback(async (): Promise<Fetching> => {
    const refusal = await fetchMissing(thread.id)
    return refusal === null ? { kind: 'rest' } : { kind: 'failed', message: refusal.message }
  }, [fetchMissing, thread.id])
  useEffect(() => {
    if (!isBare) return undefined
    let isShown = true
    void ask().then((outcome) => {
      if (isShown) setFetching(outcome)
    })
    return () => {
      isShown = false
    }
  }, [isBare, ask])
  const askAgain = () => {
    setFetching({ kind: 'busy' })
    void ask().then(setFetching)
  }
  if (fetching.kind === 'busy')
    return (
      <div className="mail-skeleton" aria-busy="true">
        <Skeleton width="40%" />
        <Skeleton width="70%" />
      </div>
    )
  if (missing <= 0) return null
  return (
    <div className="mail-earlier">
      {fetching.kind === 'failed' ? (
        <span className="field-error" role="alert">
          {visibleText(fetching.message)}
        </span>
      ) : null}
      <Button size="small" variant="ghost" icon={History} data-testid={testId.mailEarlier} onClick={askAgain}>
        {missing === 1 ? '1 earlier message' : `${missing} earlier messages`}
      </Button>
    </div>
  )
}
