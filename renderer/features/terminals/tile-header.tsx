import './tile-header.css'
import {
  CodeXml,
  Columns2,
  Ellipsis,
  Maximize2,
  Minimize2,
  Search,
  SquareTerminal,
  Zap,
  type LucideIcon,
} from 'lucide-react'
import { LocalSelectionTransfer, PanelTransfer } from 'dockview-react'
import type { DragEvent, ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Terminal } from '../../../shared/contract/terminals.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useBadge, useSessionValue } from '../../data/sessions.ts'
import { useWorktree } from '../../data/worktrees.ts'
import { testId } from '../../lib/test-ids.ts'
import { exactTime } from '../../lib/time.ts'
import { useShortAge } from '../../lib/age-clock.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useAskWhy } from '../../lib/why-context.tsx'
import { Lines, Meter } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { useCommandKeys } from '../../ui/command-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { AskedStatus } from '../../ui/status-mark.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { TilePlace } from './tile-place.ts'
import { useTileMenu } from './tile-menu.ts'
import { costText, evidenceWord, folderText, shortBranch } from './tile-text.ts'
import { useTiles } from './tiles-context.tsx'

/** The two lines above the terminal of a session: what it is and does, and what that rests on. */
export const SessionHeader = ({ place, sessionId }: { readonly place: TilePlace; readonly sessionId: SessionId }) => {
  const title = useSessionValue(sessionId, (session) => session.title) ?? ''
  const badge = useBadge(sessionId)
  const onWhy = useAskWhy()
  const keys = useCommandKeys('session.why')
  const { slots } = useTiles()
  return (
    <Header
      place={place}
      title={visibleLine(title)}
      badge={
        badge === undefined ? null : (
          <AskedStatus
            kind={badge.kind}
            word={badge.word}
            isPill
            testId={testId.sessionBadge}
            keys={keys}
            onWhy={() => onWhy({ kind: 'session', id: sessionId })}
          />
        )
      }
    >
      <Branch sessionId={sessionId} />
      <Evidence sessionId={sessionId} />
      {slots.renderOthers?.(sessionId)}
      <span className="spacer" />
      <Usage sessionId={sessionId} />
    </Header>
  )
}

/** The same for a plain shell: until its program names itself, it goes by the session it was opened beside. */
export const ShellHeader = ({ place, terminal }: { readonly place: TilePlace; readonly terminal: Terminal }) => {
  const sessionId = terminal.sessionId ?? ('' as SessionId)
  const worktree = useWorktree(useSessionValue(sessionId, (session) => session.worktreeId))
  const sessionTitle = useSessionValue(sessionId, (session) => session.title)
  const isRunning = terminal.state.kind === 'alive' || terminal.state.kind === 'starting'
  const folder = folderText(terminal.cwd, worktree?.path ?? null)
  return (
    <Header
      place={place}
      title={visibleLine(terminal.title === '' ? (sessionTitle ?? folder) : terminal.title)}
      badge={
        <span className="status tile-shell-badge" data-pill>
          <Icon of={SquareTerminal} size={12} />
          {isRunning ? 'Shell' : 'Shell, ended'}
        </span>
      }
    >
      {worktree?.branch == null ? null : <span className="mono cut tile-branch">{shortBranch(worktree.branch)}</span>}
      {folder === '.' ? null : <span className="mono cut tile-folder">{folder}</span>}
    </Header>
  )
}

interface HeaderProps {
  readonly place: TilePlace
  readonly title: string
  readonly badge: ReactNode
  readonly children: ReactNode
}

const Header = ({ place, title, badge, children }: HeaderProps) => {
  const { actions } = useTiles()
  return (
    // The buttons and commands beside it do the same by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dragging and double click are extras
    <header
      className="tile-header"
      draggable
      onDragStart={(event) => startDrag(event, place)}
      onDragEnd={endDrag}
      onDoubleClick={(event) => {
        if (event.target instanceof Element && event.target.closest('button') === null)
          actions.toggleMaximised(place.view)
      }}
    >
      <div className="tile-line-1">
        {badge}
        <span className="tile-title cut" title={title}>
          {title}
        </span>
        <HeaderButtons place={place} />
      </div>
      <div className="tile-line-2">{children}</div>
    </header>
  )
}

const HeaderButtons = ({ place }: { readonly place: TilePlace }) => {
  const { actions, controller } = useTiles()
  const { view } = place
  const isMaximised = useStore(controller.state, (state) => state.isMaximised)
  const entries = useTileMenu(view)
  const act = (icon: LucideIcon, label: string, command: string, onClick: () => void) => (
    <HeaderButton icon={icon} label={label} command={command} onClick={onClick} />
  )
  return (
    <span className="tile-actions">
      {act(Search, 'Find', 'terminals.find', () => actions.find(view))}
      {act(CodeXml, 'Open the folder in your editor', 'terminals.editor', () => actions.openFolder(view))}
      {act(Columns2, 'Split right with a shell', 'terminals.split-right', () => actions.split(view, 'right'))}
      {act(isMaximised ? Minimize2 : Maximize2, isMaximised ? 'Restore' : 'Maximise', 'terminals.maximise', () =>
        actions.toggleMaximised(view),
      )}
      <Menu entries={entries}>
        <IconButton icon={Ellipsis} label="More" />
      </Menu>
    </span>
  )
}

interface HeaderButtonProps {
  readonly icon: LucideIcon
  readonly label: string
  readonly command: string
  readonly onClick: () => void
}

const HeaderButton = ({ icon, label, command, onClick }: HeaderButtonProps) => (
  <IconButton icon={icon} label={label} keys={useCommandKeys(command)} onClick={onClick} />
)

const Branch = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const worktree = useWorktree(useSessionValue(sessionId, (session) => session.worktreeId))
  if (worktree === undefined) return null
  return (
    <>
      <span className="mono cut tile-branch" title={visibleLine(worktree.branch ?? 'Detached head')}>
        {worktree.branch === null ? 'detached' : shortBranch(worktree.branch)}
      </span>
      <Lines added={worktree.added} removed={worktree.removed} testId={testId.sessionLines} />
    </>
  )
}

const Evidence = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const activity = useSessionValue(sessionId, (session) =>
    session.lifecycle === 'running' && session.runtime.kind === 'alive' ? session.activity : null,
  )
  return activity == null ? null : <EvidenceAge activity={activity} />
}

const EvidenceAge = ({ activity }: { readonly activity: Parameters<typeof evidenceWord>[0] }) => {
  const age = useShortAge(activity.at)
  const word = evidenceWord(activity)
  const detail = activity.evidence.detail === '' ? word : visibleLine(activity.evidence.detail)
  return (
    <Tooltip text={`${detail}, ${exactTime(activity.at)}`}>
      <span className="tile-evidence cut num" data-testid={testId.tileEvidence}>
        <Icon of={Zap} size={14} />
        <span className="cut">
          {word} {activity.evidence.source === 'none' ? '' : age === 'now' ? 'just now' : `${age} ago`}
        </span>
      </span>
    </Tooltip>
  )
}

const Usage = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const usage = useSessionValue(sessionId, (session) => session.usage)
  if (usage == null) return null
  const { contextPercent, costUsd } = usage
  return (
    <>
      {contextPercent === null ? null : (
        <span className="tile-context" data-testid={testId.tileContext}>
          <span className="tile-context-word">Context</span>
          <Meter percent={contextPercent} />
          <span className="num" aria-label={`Context ${Math.round(contextPercent)} per cent full`}>
            {Math.round(contextPercent)}%
          </span>
        </span>
      )}
      {costUsd === null ? null : (
        <span className="num tile-cost" data-testid={testId.tileCost}>
          {costText(costUsd)}
        </span>
      )}
    </>
  )
}

/** dockview moves what it finds here, as if its tab had been dragged. */
const transfer = LocalSelectionTransfer.getInstance<PanelTransfer>()

const startDrag = (event: DragEvent<HTMLElement>, { dockId, groupId, view }: TilePlace) => {
  event.dataTransfer.effectAllowed = 'move'
  // Firefox drags nothing without data; empty, so that nothing is pasted where it is dropped.
  event.dataTransfer.setData('text/plain', '')
  transfer.setData([new PanelTransfer(dockId, groupId(), view)], PanelTransfer.prototype)
}

const endDrag = () => transfer.clearData(PanelTransfer.prototype)
