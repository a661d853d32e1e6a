import './tile-tab.css'
import type { IDockviewPanelHeaderProps } from 'dockview-react'
import { SquareTerminal, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { SessionId, TerminalId } from '../../../shared/lib/ids.ts'
import { useBadge, useSessionValue } from '../../data/sessions.ts'
import { useTerminal } from '../../data/terminals.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useAskWhy } from '../../lib/why-context.tsx'
import { Icon } from '../../ui/icon.tsx'
import { AskedMark } from '../../ui/status-mark.tsx'
import { shellName } from './tile-text.ts'
import { useTiles } from './tiles-context.tsx'
import { parseViewId, type ViewId } from './view-ids.ts'

/** The tab of a view in a tile that holds several. */
export const TileTab = ({ api }: IDockviewPanelHeaderProps) => {
  const id = api.id as ViewId
  const view = parseViewId(id)
  if (view === null) return null
  return view.kind === 'session' ? (
    <SessionTab id={id} sessionId={view.sessionId} isShown={() => api.isActive} />
  ) : (
    <ShellTab id={id} terminalId={view.terminalId} />
  )
}

interface SessionTabProps {
  readonly id: ViewId
  readonly sessionId: SessionId
  readonly isShown: () => boolean
}

const SessionTab = ({ id, sessionId, isShown }: SessionTabProps) => {
  const onWhy = useAskWhy()
  const title = visibleLine(useSessionValue(sessionId, (session) => session.title) ?? '')
  const isUnread = useSessionValue(sessionId, (session) => session.isUnread) ?? false
  const badge = useBadge(sessionId)
  return (
    <Tab id={id} title={title} description={badge?.word ?? ''} isUnread={isUnread}>
      {badge === undefined ? null : (
        <AskedMark kind={badge.kind} isSelected={isShown} onWhy={() => onWhy({ kind: 'session', id: sessionId })} />
      )}
    </Tab>
  )
}

const ShellTab = ({ id, terminalId }: { readonly id: ViewId; readonly terminalId: TerminalId }) => {
  const title = shellName(useTerminal(terminalId))
  return (
    <Tab id={id} title={title} description="Shell" isUnread={false}>
      <Icon of={SquareTerminal} size={14} />
    </Tab>
  )
}

interface TabProps {
  readonly id: ViewId
  readonly title: string
  readonly description: string
  readonly isUnread: boolean
  readonly children: ReactNode
}

const Tab = ({ id, title, description, isUnread, children }: TabProps) => {
  const { actions } = useTiles()
  return (
    <div
      className="tile-tab"
      data-testid={testId.tileTab}
      data-tab-of={id}
      title={`${title}, ${description}`}
      onAuxClick={(event) => {
        if (event.button === 1) actions.close(id)
      }}
    >
      {children}
      <span className="cut">{title}</span>
      {isUnread ? <span className="tile-tab-unread" role="img" aria-label="unread" /> : null}
      {/* For the pointer alone: a tab may hold no button, and the command that closes a tile has a key. */}
      <span
        className="tile-tab-close"
        aria-hidden="true"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => actions.close(id)}
      >
        <Icon of={X} size={12} />
      </span>
    </div>
  )
}
