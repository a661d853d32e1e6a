import { Activity, BellDot, KeySquare, Mail, PanelLeft, Plus, SquareKanban, SquareTerminal } from 'lucide-react'
import { useRef } from 'react'
import { badgeOf } from '../../shared/contract/session-badge.ts'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useMailForPersonCount } from '../data/mail.ts'
import { useProject, useProjectIds } from '../data/projects.ts'
import { useSession, useSessionIds } from '../data/sessions.ts'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'
import { moveBetweenRows } from '../lib/roving.ts'
import { testId } from '../lib/test-ids.ts'
import { visibleLine } from '../lib/visible-text.ts'
import { IconButton } from '../ui/button.tsx'
import { CommandIconButton } from '../ui/command-button.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useActions, useNavigation } from './app-context.tsx'

/** The sidebar folded to 48 pixels: marks alone, with name and word as label and tooltip. */
export const SidebarRail = () => {
  const actions = useActions()
  const projectIds = useProjectIds()
  const needs = useNeedsYouCount()
  const mail = useMailForPersonCount()
  const list = useRef<HTMLDivElement>(null)
  return (
    <aside className="rail" aria-label="Sidebar" data-region data-testid={testId.sidebar} data-rail>
      <div className="rail-top">
        <CommandIconButton
          command="view.sidebar"
          icon={PanelLeft}
          label="Unfold the sidebar"
          size="large"
          side="right"
          testId={testId.sidebarToggle}
        />
      </div>
      <IconButton
        icon={BellDot}
        size="large"
        side="right"
        label={needs === 0 ? 'Needs you' : `Needs you, ${needs}`}
        data-testid={testId.navNeedsYou}
        onClick={() => actions.show({ kind: 'needs-you' })}
      >
        {needs === 0 ? null : <span className="rail-bubble num">{needs}</span>}
      </IconButton>
      <IconButton
        icon={SquareTerminal}
        size="large"
        side="right"
        label="Terminals"
        data-testid={testId.navTerminals}
        onClick={actions.goToTerminals}
      />
      <IconButton
        icon={SquareKanban}
        size="large"
        side="right"
        label="Tasks"
        data-testid={testId.navTasks}
        onClick={actions.goToTasks}
      />
      <IconButton
        icon={Mail}
        size="large"
        side="right"
        label={mail === 0 ? 'Mail' : `Mail, ${mail} for you`}
        data-testid={testId.navMail}
        onClick={() => actions.show({ kind: 'mail' })}
      >
        {mail === 0 ? null : <span className="rail-bubble num">{mail}</span>}
      </IconButton>
      <IconButton
        icon={KeySquare}
        size="large"
        side="right"
        label="Leases"
        data-testid={testId.navLeases}
        onClick={() => actions.show({ kind: 'leases' })}
      />
      <IconButton
        icon={Activity}
        size="large"
        side="right"
        label="Activity"
        data-testid={testId.navActivity}
        onClick={() => actions.show({ kind: 'activity' })}
      />
      <CommandIconButton command="session.new" icon={Plus} size="large" side="right" />
      <span className="rail-line" />
      <div
        ref={list}
        className="rail-list scroll"
        role="presentation"
        onKeyDown={(event) => {
          if (list.current !== null && !event.altKey) moveBetweenRows(event, list.current, '[data-row]')
        }}
      >
        {projectIds.map((id) => (
          <RailProject key={id} id={id} />
        ))}
      </div>
    </aside>
  )
}

const RailProject = ({ id }: { readonly id: ProjectId }) => {
  const project = useProject(id)
  const ids = useSessionIds(id)
  const selectedId = useNavigation((state) => state.selectedSessionId)
  const name = visibleLine(project?.name ?? '')
  const tabStop = ids.find((one) => one === selectedId) ?? ids[0]
  return (
    <>
      <span className="rail-project" title={name} aria-hidden="true">
        {name.slice(0, 2)}
      </span>
      <div role="listbox" tabIndex={-1} aria-label={`Sessions of ${name}`} className="column">
        {ids.map((one) => (
          <RailDot key={one} id={one} isSelected={one === selectedId} isTabStop={one === tabStop} />
        ))}
      </div>
    </>
  )
}

const RailDot = ({ id, isSelected, isTabStop }: { id: SessionId; isSelected: boolean; isTabStop: boolean }) => {
  const session = useSession(id)
  const actions = useActions()
  if (session === undefined) return null
  const badge = badgeOf(session)
  const label = `${visibleLine(session.title)}, ${badge.word}`
  return (
    <Tooltip text={label} side="right">
      <button
        type="button"
        role="option"
        className="rail-dot"
        aria-selected={isSelected}
        aria-label={label}
        tabIndex={isTabStop ? 0 : -1}
        data-row
        data-session={id}
        data-testid={testId.sessionRow}
        onClick={() => actions.goToSession(id)}
      >
        <StatusMark kind={badge.kind} />
      </button>
    </Tooltip>
  )
}
