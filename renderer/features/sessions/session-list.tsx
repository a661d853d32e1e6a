import { Fragment, useCallback, useMemo, useState, type DragEvent, type ReactNode } from 'react'
import type { ProjectId, SessionId, TerminalId } from '../../../shared/lib/ids.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { useSessionIds } from '../../data/sessions.ts'
import { beforeIdAfterMove, type SessionFilter } from './session-text.ts'
import { SessionRow, type SessionRowEvents } from './session-row.tsx'
import { useMatchingIds } from './use-matching-ids.ts'
import { useSessionActions } from './use-session-actions.ts'

interface SessionListProps {
  readonly projectId: ProjectId
  readonly projectName: string
  readonly selectedId: SessionId | null
  readonly filter: SessionFilter
  /** What is filtered for is found beside this list. */
  readonly isElsewhere?: boolean
  /** What belongs beneath a session's row. */
  readonly renderBeneath?: (id: SessionId) => ReactNode
  readonly onOpen: (id: SessionId) => void
  readonly onShellOpened: (sessionId: SessionId, terminalId: TerminalId) => void
}

interface Drag {
  readonly id: SessionId
  readonly overId: SessionId
  readonly edge: 'above' | 'below'
}

/** The sessions of one project. Rows subscribe to themselves; the list renders when its order or membership changes. */
export const SessionList = (props: SessionListProps) => {
  const { projectId, selectedId, onOpen, onShellOpened } = props
  const ids = useMatchingIds(useSessionIds(projectId), props.filter)
  const actions = useSessionActions()
  const [renamingId, setRenamingId] = useState<SessionId | null>(null)
  const [focusedId, setFocusedId] = useState<SessionId | null>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const latest = useLatest({ ids, drag })

  const drop = useCallback(() => {
    const { drag: ended, ids: order } = latest.current
    setDrag(null)
    if (ended === null || ended.id === ended.overId) return
    const others = order.filter((id) => id !== ended.id)
    const at = others.indexOf(ended.overId) + (ended.edge === 'below' ? 1 : 0)
    actions.move(ended.id, others[at] ?? null)
  }, [actions, latest])

  const events: SessionRowEvents = useMemo(
    () => ({
      onOpen,
      onShellOpened,
      onFocus: setFocusedId,
      onRename: setRenamingId,
      onMove: (id, by) => {
        const beforeId = beforeIdAfterMove(latest.current.ids, id, by)
        if (beforeId !== undefined) actions.move(id, beforeId)
      },
      onDragStart: (id, event) => {
        event.dataTransfer.effectAllowed = 'copyMove'
        // Also the terminals' tiles take a session that is dropped on them.
        event.dataTransfer.setData('application/x-switchyard-session', id)
        setDrag({ id, overId: id, edge: 'above' })
      },
      onDragOver: (id, event) => {
        if (latest.current.drag === null) return
        event.preventDefault()
        setDrag({ ...latest.current.drag, overId: id, edge: edgeOf(event) })
      },
      onDragEnd: () => setDrag(null),
    }),
    [onOpen, onShellOpened, actions, latest],
  )

  const tabStop = firstOf(ids, [focusedId, selectedId])
  // Drawn only for projects that have sessions: an empty list has been filtered empty.
  if (ids.length === 0 && props.isElsewhere === true) return null
  if (ids.length === 0) return <p className="sidebar-hint">No session matches “{props.filter.text.trim()}”.</p>
  return (
    <div
      role="listbox"
      tabIndex={-1}
      aria-label={`Sessions of ${props.projectName}`}
      className="column"
      onDrop={(event) => {
        event.preventDefault()
        drop()
      }}
    >
      {ids.map((id) => (
        <Fragment key={id}>
          <SessionRow
            id={id}
            isSelected={id === selectedId}
            isTabStop={id === tabStop}
            isRenaming={id === renamingId}
            dropEdge={drag !== null && drag.overId === id && drag.id !== id ? drag.edge : null}
            actions={actions}
            events={events}
          />
          {props.renderBeneath?.(id)}
        </Fragment>
      ))}
    </div>
  )
}

const edgeOf = (event: DragEvent): 'above' | 'below' => {
  const box = event.currentTarget.getBoundingClientRect()
  return event.clientY < box.top + box.height / 2 ? 'above' : 'below'
}

const firstOf = (ids: readonly SessionId[], wanted: readonly (SessionId | null)[]) =>
  wanted.find((id) => id !== null && ids.includes(id)) ?? ids[0]
