import './session-row.css'
import { Pin, Radar } from 'lucide-react'
import { memo, useCallback, useEffect, useRef, type DragEvent, type KeyboardEvent, type RefObject } from 'react'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { SessionId, TerminalId, WorktreeId } from '../../../shared/lib/ids.ts'
import { useCheckMark } from '../../data/checks.ts'
import { useData } from '../../data/data-context.tsx'
import { useWorstOverlapOf } from '../../data/radar.ts'
import { useBadge, useSession } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { useOpenReview } from '../../lib/open-review.tsx'
import { useAskWhy } from '../../lib/why-context.tsx'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useShortAge } from '../../lib/age-clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Lines } from '../../ui/bits.tsx'
import { CheckMarkView } from '../../ui/check-mark.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import { RenameField } from '../../ui/rename-field.tsx'
import { AskedMark, StatusMark } from '../../ui/status-mark.tsx'
import { SessionHoverCard } from './session-hover-card.tsx'
import { sessionMenu } from './session-menu.ts'
import { branchLabel, stateSince } from './session-text.ts'
import type { SessionActions } from './use-session-actions.ts'

export interface SessionRowProps {
  readonly id: SessionId
  readonly isSelected: boolean
  readonly isTabStop: boolean
  readonly isRenaming: boolean
  /** Where a dragged row would land, drawn as a line. */
  readonly dropEdge: 'above' | 'below' | null
  readonly actions: SessionActions
  readonly events: SessionRowEvents
}

/** Stable functions, so that a change of one session renders one row. */
export interface SessionRowEvents {
  readonly onOpen: (id: SessionId) => void
  readonly onFocus: (id: SessionId) => void
  readonly onMove: (id: SessionId, by: -1 | 1) => void
  readonly onRename: (id: SessionId | null) => void
  readonly onShellOpened: (sessionId: SessionId, terminalId: TerminalId) => void
  readonly onDragStart: (id: SessionId, event: DragEvent) => void
  readonly onDragOver: (id: SessionId, event: DragEvent) => void
  readonly onDragEnd: () => void
}

export const SessionRow = memo((props: SessionRowProps) => {
  const { id, actions, events } = props
  const session = useSession(id)
  const { stores } = useData()
  const onWhy = useAskWhy()
  const onReview = useOpenReview()
  const element = useRef<HTMLDivElement>(null)
  const entries = useCallback(() => {
    const current = stores.sessions.get(id)
    if (current === undefined) return []
    return sessionMenu({
      session: current,
      worktree: current.worktreeId === null ? undefined : stores.worktrees.get(current.worktreeId),
      agent: stores.agents.get(current.agentId),
      actions,
      onOpen: events.onOpen,
      onRename: events.onRename,
      onShellOpened: events.onShellOpened,
      onWhy,
      onReview,
    })
  }, [stores, id, actions, events, onWhy, onReview])
  useFocusAfterRename(element, props.isRenaming)
  const badge = useBadge(id)
  if (session === undefined || badge === undefined) return null
  if (props.isRenaming) {
    return (
      <div className="session-row" data-renaming>
        <StatusMark kind={badge.kind} />
        <RenameField
          title={session.title}
          onRename={(title) => actions.rename(id, title)}
          onDone={() => events.onRename(null)}
        />
      </div>
    )
  }
  return (
    <SessionHoverCard session={session}>
      <ContextMenu entries={entries}>
        <div
          ref={element}
          role="option"
          className="session-row"
          aria-selected={props.isSelected}
          tabIndex={props.isTabStop ? 0 : -1}
          draggable
          data-row
          data-drop={props.dropEdge ?? undefined}
          data-badge={badge.kind}
          data-session={id}
          data-testid={testId.sessionRow}
          onClick={() => events.onOpen(id)}
          onFocus={() => events.onFocus(id)}
          onDoubleClick={() => events.onRename(id)}
          onKeyDown={(event) => onRowKey(event, id, events)}
          onDragStart={(event) => events.onDragStart(id, event)}
          onDragOver={(event) => events.onDragOver(id, event)}
          onDragEnd={events.onDragEnd}
        >
          <AskedMark
            kind={badge.kind}
            isSelected={() => props.isSelected}
            onWhy={() => onWhy({ kind: 'session', id })}
          />
          <RowText session={session} word={badge.word} kind={badge.kind} />
        </div>
      </ContextMenu>
    </SessionHoverCard>
  )
})
SessionRow.displayName = 'SessionRow'

/** The field of the name takes the focus with it when it goes; then it belongs to the row, unless it moved on. */
const useFocusAfterRename = (row: RefObject<HTMLDivElement | null>, isRenaming: boolean) => {
  const wasRenaming = useRef(false)
  useEffect(() => {
    if (wasRenaming.current && !isRenaming && document.activeElement === document.body) row.current?.focus()
    wasRenaming.current = isRenaming
  }, [row, isRenaming])
}

const RowText = ({ session, word, kind }: { session: Session; word: string; kind: string }) => {
  const worktree = useWorktree(session.worktreeId)
  const onReview = useOpenReview()
  return (
    <>
      <div className="session-row-top">
        <span className="cut medium" data-testid={testId.sessionTitle}>
          {visibleLine(session.title)}
        </span>
        {session.isPinned ? (
          <>
            <Icon of={Pin} size={12} className="session-row-pin" />
            <span className="visually-hidden">pinned</span>
          </>
        ) : null}
        {session.isUnread ? (
          <span className="unread-dot" data-testid={testId.sessionUnread}>
            <span className="visually-hidden">unread</span>
          </span>
        ) : null}
        <RowAge at={stateSince(session)} />
      </div>
      <div className="session-row-bottom">
        <span className="session-row-word" data-kind={kind} data-testid={testId.sessionBadge}>
          {word}
        </span>
        <span className="session-row-fit">
          {worktree?.branch == null ? null : (
            <span data-testid={testId.sessionBranch}>{visibleLine(branchLabel(worktree.branch))}</span>
          )}
        </span>
        <Checks worktreeId={session.worktreeId} />
        <OverlapMark id={session.id} />
        {worktree === undefined ? null : (
          // The menu of the row and a key of its own do the same.
          <span
            role="presentation"
            className="session-row-lines"
            onClick={(event) => {
              event.stopPropagation()
              onReview(session.id)
            }}
          >
            <Lines added={worktree.added} removed={worktree.removed} testId={testId.sessionLines} />
          </span>
        )}
      </div>
    </>
  )
}

/** What the project's checks say of what it committed. */
const Checks = ({ worktreeId }: { readonly worktreeId: WorktreeId | null }) => {
  const mark = useCheckMark(worktreeId)
  return mark === null ? null : <CheckMarkView {...mark} testId={testId.sessionChecks} />
}

/** Another session changed the same lines. One that only shares a file is no news worth a mark. */
const OverlapMark = ({ id }: { readonly id: SessionId }) => {
  const worst = useWorstOverlapOf(id)
  if (worst === null || worst === 'same-file') return null
  return (
    <span className="session-row-overlap" data-kind={worst} data-testid={testId.sessionOverlap}>
      <Icon of={Radar} size={12} />
      <span className="visually-hidden">
        {worst === 'same-hunk' ? 'changed the lines of another session' : 'would conflict with another session'}
      </span>
    </span>
  )
}

const RowAge = ({ at }: { readonly at: number }) => <time className="num">{useShortAge(at)}</time>

const onRowKey = (event: KeyboardEvent<HTMLElement>, id: SessionId, events: SessionRowEvents) => {
  if (event.altKey && event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault()
    event.stopPropagation()
    events.onMove(id, event.key === 'ArrowUp' ? -1 : 1)
    return
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault()
    events.onOpen(id)
  }
  if (event.key === 'F2') {
    event.preventDefault()
    events.onRename(id)
  }
}
