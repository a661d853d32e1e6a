import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { ThreadId } from '../../../shared/lib/ids.ts'
import { useProject, useProjectIds } from '../../data/projects.ts'
import { nextIndex } from '../../lib/roving.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { Tag } from '../../ui/bits.tsx'
import { useRowFocus, useRowsInSight } from '../../ui/use-rows-in-sight.ts'
import { kindWords, namesText, priorityWords } from './mail-words.ts'
import type { ThreadSummary } from './thread-index.ts'
import { useTitles } from './use-mail.ts'

interface ThreadListProps {
  readonly threads: readonly ThreadSummary[]
  readonly openId: ThreadId | null
  /** Counts up when the focus is to come back to the open or last row. */
  readonly focusTurn: number
  readonly onOpen: (id: ThreadId, isByKey: boolean) => void
  /** Beneath the last row. */
  readonly footer: ReactNode
}

const rowHeight = 60
const drawnBeyond = 8

/** The threads as rows. However many there are, only those in sight are drawn. */
export const ThreadList = ({ threads, openId, focusTurn, onOpen, footer }: ThreadListProps) => {
  const scroller = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<ThreadId | null>(null)
  const active = Math.max(
    0,
    threads.findIndex(({ id }) => id === (focusedId ?? openId)),
  )
  const virtual = useRowsInSight({
    scroller,
    count: threads.length,
    keyOf: (index) => threads[index]?.id ?? '',
    usualHeight: rowHeight,
    gap: 0,
    beyond: drawnBeyond,
    kept: useMemo(() => [active], [active]),
  })
  const focusRow = useRowFocus({ scroller, virtual, indexOf: (key) => threads.findIndex(({ id }) => id === key) })
  useEffect(() => {
    if (focusTurn > 0) scroller.current?.querySelector<HTMLElement>('[data-thread][tabindex="0"]')?.focus()
  }, [focusTurn])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    const id = event.target.dataset['thread'] as ThreadId | undefined
    if (id === undefined) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return onOpen(id, true)
    }
    const next = nextIndex(event.key, active, threads.length)
    const nextId = next === null ? undefined : threads[next]?.id
    if (nextId === undefined) return
    event.preventDefault()
    focusRow(nextId)
    setFocusedId(nextId)
  }
  return (
    <div ref={scroller} className="thread-list scroll">
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the rows take the focus, one of them by Tab */}
      <div
        role="listbox"
        aria-label="Threads"
        className="thread-list-all"
        style={{ height: virtual.getTotalSize() }}
        data-testid={testId.mailList}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const thread = threads[index]
          return thread === undefined ? null : (
            <ThreadRow
              key={key}
              thread={thread}
              index={index}
              count={threads.length}
              top={start}
              isOpen={thread.id === openId}
              isTabStop={index === active}
              onFocus={setFocusedId}
              onOpen={onOpen}
            />
          )
        })}
      </div>
      {footer}
    </div>
  )
}

interface ThreadRowProps {
  readonly thread: ThreadSummary
  readonly index: number
  readonly count: number
  readonly top: number
  readonly isOpen: boolean
  readonly isTabStop: boolean
  readonly onFocus: (id: ThreadId) => void
  readonly onOpen: (id: ThreadId, isByKey: boolean) => void
}

const ThreadRow = ({ thread, index, count, top, isOpen, isTabStop, onFocus, onOpen }: ThreadRowProps) => {
  const hasSeveral = useProjectIds().length > 1
  const project = useProject(thread.projectId)
  const isNew = thread.unread > 0
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys of all rows are heard by the list
    <div
      role="option"
      className="thread-row"
      aria-selected={isOpen}
      aria-setsize={count}
      aria-posinset={index + 1}
      tabIndex={isTabStop ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      data-index={index}
      data-unread={isNew || undefined}
      data-thread={thread.id}
      data-testid={testId.mailRow}
      onFocus={() => onFocus(thread.id)}
      onClick={() => onOpen(thread.id, false)}
    >
      <div className="thread-row-line">
        {isNew ? (
          <span className="unread-dot">
            <span className="visually-hidden">{thread.unread} unread, </span>
          </span>
        ) : null}
        <span className="cut thread-row-subject">{visibleLine(thread.subject)}</span>
        <span className="spacer" />
        <Age at={thread.lastMessageAt} />
      </div>
      <div className="thread-row-line thread-row-second">
        <span className="cut grow">
          <Participants thread={thread} />
          {hasSeveral ? <span className="text-faint"> · {visibleLine(project?.name ?? '')}</span> : null}
        </span>
        <Marks thread={thread} />
      </div>
    </div>
  )
}

const mostNamed = 2

const Participants = ({ thread }: { readonly thread: ThreadSummary }) => {
  const titles = useTitles(thread.sessionIds)
  const names = [
    ...titles.map((title) => visibleLine(title ?? 'a session that is gone')),
    ...thread.roles.map((role) => `one ${visibleLine(role)}`),
  ]
  const text = namesText(names, mostNamed)
  if (thread.isNotice) return `Switchyard to ${text}`
  return text === '' ? 'You' : thread.isWithPerson ? `${text}, you` : text
}

/** What deserves a look before the thread is opened. At most two, so that the row keeps its shape. */
const Marks = ({ thread }: { readonly thread: ThreadSummary }) => {
  const { kind, priority } = thread
  const marks = [
    thread.bounced > 0 ? (
      <Tag key="bounced" tone="bad">
        Not delivered
      </Tag>
    ) : null,
    thread.toAck > 0 ? (
      <Tag key="ack" tone="warn">
        Acknowledge
      </Tag>
    ) : null,
    priority === 'high' || priority === 'urgent' ? (
      <Tag key="priority" tone="warn">
        {priorityWords[priority]}
      </Tag>
    ) : null,
    kind === null || kind === 'note' || kind === 'notice' ? null : <Tag key="kind">{kindWords[kind]}</Tag>,
  ].filter((mark) => mark !== null)
  return (
    <>
      {marks.slice(0, 2)}
      {thread.messageCount > 1 ? <span className="num thread-row-count">{thread.messageCount}</span> : null}
    </>
  )
}
