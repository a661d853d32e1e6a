import './mail-room.css'
import './mail-pane.css'
import { CheckCheck, Inbox, MailOpen, MailPlus, Mails } from 'lucide-react'
import { useMemo, useState } from 'react'
import { z } from 'zod'
import type { ProjectId, SessionId, ThreadId } from '../../../shared/lib/ids.ts'
import { useKeptValue } from '../../data/kept-value.ts'
import { useMailForPersonCount } from '../../data/mail.ts'
import { useCommands } from '../../lib/command-context.tsx'
import { testId } from '../../lib/test-ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { Count, EmptyState } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CommandButton } from '../../ui/command-button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Composer } from './composer.tsx'
import { mailCommands } from './mail-commands.ts'
import { draftKeyOf, type MailPlace } from './mail-place.ts'
import { OlderThreads } from './older-threads.tsx'
import { filterThreads, threadFilters, type ThreadFilter, type ThreadSummary } from './thread-index.ts'
import { ThreadList } from './thread-list.tsx'
import { ThreadPane } from './thread-pane.tsx'
import { useMailActions } from './use-mail-actions.ts'
import { useMerelyUnreadCount, useThreadSummaries } from './use-mail.ts'

export interface MailRoomProps {
  readonly place: MailPlace
  /** The project to write in unless another is chosen. */
  readonly usualProject: ProjectId | null
  readonly onPlace: (place: MailPlace) => void
  readonly onGoToSession: (id: SessionId) => void
}

const parseFilter = (stored: unknown): ThreadFilter => {
  const parsed = z.enum(threadFilters).safeParse(stored)
  return parsed.success ? parsed.data : 'all'
}

const nothing: MailPlace = { kind: 'nothing' }

/** What sessions write to each other and to the person: the threads, and beside them one of them or a new message. */
export const MailRoom = ({ place, usualProject, onPlace, onGoToSession }: MailRoomProps) => {
  const [filter, setFilter] = useKeptValue('layout:mail', parseFilter, 0)
  const openId = place.kind === 'thread' ? place.threadId : null
  const summaries = useThreadSummaries()
  const threads = useMemo(() => filterThreads(summaries, filter, openId), [summaries, filter, openId])
  const [focus, setFocus] = useState<{ turn: number; on: 'pane' | 'reply' }>({ turn: 0, on: 'pane' })
  const [listTurn, setListTurn] = useState(0)
  const latest = useLatest({ place, onPlace })
  useCommands(
    useMemo(
      () =>
        mailCommands({
          compose: () => latest.current.onPlace({ kind: 'compose', preset: null }),
          reply: () => setFocus(({ turn }) => ({ turn: turn + 1, on: 'reply' })),
          canReply: () => latest.current.place.kind === 'thread',
        }),
      [latest],
    ),
  )
  const open = (threadId: ThreadId, isByKey: boolean) => {
    onPlace({ kind: 'thread', threadId })
    setFocus(({ turn }) => (isByKey ? { turn: turn + 1, on: 'pane' } : { turn: 0, on: 'pane' }))
  }
  const close = () => {
    onPlace(nothing)
    setListTurn((turn) => turn + 1)
  }
  return (
    <section className="mail" aria-label="Mail" data-region data-testid={testId.mail} data-place={place.kind}>
      <div className="mail-threads">
        <MailBar filter={filter} onFilter={setFilter} />
        {threads.length === 0 ? (
          <NoThreads filter={filter} hasAny={summaries.length > 0} onAll={() => setFilter('all')} />
        ) : (
          <ThreadList threads={threads} openId={openId} focusTurn={listTurn} onOpen={open} footer={<OlderThreads />} />
        )}
      </div>
      <div className="mail-pane">
        {place.kind === 'thread' ? (
          <ThreadPane
            key={place.threadId}
            id={place.threadId}
            marked={place.marked ?? null}
            focus={focus}
            onClose={close}
            onGoToSession={onGoToSession}
          />
        ) : place.kind === 'compose' ? (
          <Composer
            key={draftKeyOf(place.preset)}
            preset={place.preset}
            usualProject={usualProject}
            onSent={(threadId) => open(threadId, true)}
            onClose={close}
          />
        ) : (
          <NothingOpen summaries={summaries} />
        )}
      </div>
    </section>
  )
}

const filterNames: Readonly<Record<ThreadFilter, string>> = { all: 'All', yours: 'Yours', unread: 'Unread' }

interface MailBarProps {
  readonly filter: ThreadFilter
  readonly onFilter: (filter: ThreadFilter) => void
}

const MailBar = ({ filter, onFilter }: MailBarProps) => {
  const count = useMailForPersonCount()
  const merelyUnread = useMerelyUnreadCount()
  const { markAllRead } = useMailActions()
  return (
    <header className="mail-bar">
      <h2>Mail</h2>
      {count === 0 ? null : <Count value={count} isAmber label={`${count} for you`} />}
      <span className="spacer" />
      <Segmented
        label="Which threads"
        value={filter}
        testId={testId.mailFilter}
        options={threadFilters.map((value) => ({ value, label: filterNames[value] }))}
        onChange={onFilter}
      />
      {merelyUnread === 0 ? null : (
        <IconButton
          icon={CheckCheck}
          label="Mark all as read"
          data-testid={testId.mailReadAll}
          onClick={() => void markAllRead()}
        />
      )}
      <CommandButton command="mail.new" variant="primary" size="small" icon={MailPlus} testId={testId.mailNew}>
        New
      </CommandButton>
    </header>
  )
}

interface NoThreadsProps {
  readonly filter: ThreadFilter
  readonly hasAny: boolean
  readonly onAll: () => void
}

const NoThreads = ({ filter, hasAny, onAll }: NoThreadsProps) => (
  <div className="mail-empty">
    {hasAny ? (
      <EmptyState
        icon={MailOpen}
        title={filter === 'unread' ? 'Nothing unread' : 'Nobody wrote to you'}
        actions={<Button onClick={onAll}>Show all threads</Button>}
      >
        What sessions write to each other is under All.
      </EmptyState>
    ) : (
      <EmptyState icon={Mails} title="No mail yet">
        Sessions write to each other and to you here; you can write to one, to a role or to everyone.
      </EmptyState>
    )}
  </div>
)

const NothingOpen = ({ summaries }: { readonly summaries: readonly ThreadSummary[] }) => {
  const unread = summaries.filter(({ unread: count, toAck }) => count > 0 || toAck > 0).length
  return (
    <div className="mail-empty">
      <EmptyState
        icon={Inbox}
        title={
          unread === 0
            ? 'Nothing waits for you'
            : unread === 1
              ? '1 thread waits for you'
              : `${unread} threads wait for you`
        }
        actions={<CommandButton command="mail.new">New message</CommandButton>}
      >
        Arrows walk through the threads, Enter opens one, R replies.
      </EmptyState>
    </div>
  )
}
