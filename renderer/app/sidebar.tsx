import './sidebar.css'
import {
  Activity,
  BellDot,
  KeySquare,
  Mail,
  FolderPlus,
  PanelLeft,
  Search,
  Settings,
  SquareKanban,
  SquareTerminal,
  type LucideIcon,
} from 'lucide-react'
import { useRef, useState } from 'react'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useLeaseIds } from '../data/leases.ts'
import { useMailForPersonCount } from '../data/mail.ts'
import { useProject, useProjectIds } from '../data/projects.ts'
import { useSessionIds } from '../data/sessions.ts'
import { useAppearance } from '../data/settings.ts'
import { useOpenTaskCount } from '../data/tasks.ts'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'
import { HelpersTree } from '../features/helpers/helpers-tree.tsx'
import { ProjectHeader } from '../features/projects/project-header.tsx'
import { ArchivedList } from '../features/sessions/archived-list.tsx'
import { SessionList } from '../features/sessions/session-list.tsx'
import { moveBetweenRows } from '../lib/roving.ts'
import { testId } from '../lib/test-ids.ts'
import { Count } from '../ui/bits.tsx'
import { CommandIconButton, useCommandKeys } from '../ui/command-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useActions, useNavigation } from './app-context.tsx'
import { SidebarRail } from './sidebar-rail.tsx'

/** Where to go, and every session of every project. */
export const Sidebar = () => (useAppearance().sidebar === 'rail' ? <SidebarRail /> : <WideSidebar />)

const WideSidebar = () => {
  const projectIds = useProjectIds()
  const list = useRef<HTMLDivElement>(null)
  return (
    <aside className="sidebar" aria-label="Sidebar" data-region data-testid={testId.sidebar}>
      <div className="sidebar-top">
        <span className="spacer" />
        <CommandIconButton command="app.palette" icon={Search} label="Search" />
        <CommandIconButton command="app.settings" icon={Settings} />
        <CommandIconButton
          command="view.sidebar"
          icon={PanelLeft}
          label="Fold the sidebar"
          testId={testId.sidebarToggle}
        />
      </div>
      <SidebarNav />
      <div
        ref={list}
        className="sidebar-list scroll"
        role="presentation"
        onKeyDown={(event) => {
          if (list.current !== null && !event.altKey) moveBetweenRows(event, list.current, '[data-row]')
        }}
      >
        {projectIds.length === 0 ? <NoProjects /> : projectIds.map((id) => <ProjectSection key={id} id={id} />)}
        {projectIds.length === 0 ? null : <OpenAnother />}
      </div>
    </aside>
  )
}

const SidebarNav = () => {
  const actions = useActions()
  const view = useNavigation((state) => state.view.kind)
  const needs = useNeedsYouCount()
  const sessions = useSessionIds(null).length
  const tasks = useOpenTaskCount()
  const mail = useMailForPersonCount()
  const leases = useLeaseIds(null).length
  return (
    <nav className="sidebar-nav" aria-label="Rooms">
      <NavButton
        icon={BellDot}
        label="Needs you"
        isCurrent={view === 'needs-you'}
        count={needs}
        isAmber
        testId={testId.navNeedsYou}
        countTestId={testId.needsYouCount}
        onClick={() => actions.show({ kind: 'needs-you' })}
      />
      <NavButton
        icon={SquareTerminal}
        label="Terminals"
        isCurrent={view === 'terminals'}
        count={sessions}
        testId={testId.navTerminals}
        onClick={actions.goToTerminals}
      />
      <NavButton
        icon={SquareKanban}
        label="Tasks"
        isCurrent={view === 'tasks'}
        count={tasks}
        testId={testId.navTasks}
        onClick={actions.goToTasks}
      />
      <NavButton
        icon={Mail}
        label="Mail"
        isCurrent={view === 'mail'}
        count={mail}
        isAmber
        testId={testId.navMail}
        countTestId={testId.mailCount}
        onClick={() => actions.show({ kind: 'mail' })}
      />
      <NavButton
        icon={KeySquare}
        label="Leases"
        isCurrent={view === 'leases'}
        count={leases}
        testId={testId.navLeases}
        onClick={() => actions.show({ kind: 'leases' })}
      />
      <NavButton
        icon={Activity}
        label="Activity"
        isCurrent={view === 'activity'}
        count={0}
        testId={testId.navActivity}
        onClick={() => actions.show({ kind: 'activity' })}
      />
    </nav>
  )
}

interface NavButtonProps {
  readonly icon: LucideIcon
  readonly label: string
  readonly isCurrent: boolean
  readonly count: number
  readonly isAmber?: boolean
  readonly testId: string
  readonly countTestId?: string
  readonly onClick: () => void
}

const NavButton = ({
  icon,
  label,
  isCurrent,
  count,
  isAmber = false,
  testId: id,
  countTestId,
  onClick,
}: NavButtonProps) => (
  <button
    type="button"
    className="nav-button"
    aria-current={isCurrent ? 'page' : undefined}
    data-testid={id}
    onClick={onClick}
  >
    <Icon of={icon} />
    <span className="grow">{label}</span>
    {count === 0 ? null : (
      <Count value={count} isAmber={isAmber} {...(countTestId === undefined ? {} : { testId: countTestId })} />
    )}
  </button>
)

const renderHelpers = (id: SessionId) => <HelpersTree sessionId={id} />

const ProjectSection = ({ id }: { readonly id: ProjectId }) => {
  const project = useProject(id)
  const actions = useActions()
  const sessionIds = useSessionIds(id)
  const selectedId = useNavigation((state) => state.selectedSessionId)
  const [isFolded, setFolded] = useState(false)
  const [filterText, setFilterText] = useState<string | null>(null)
  const newSessionKeys = useCommandKeys('session.new')
  if (project === undefined) return null
  return (
    <section aria-label={project.name}>
      <ProjectHeader
        project={project}
        sessionCount={sessionIds.length}
        isFolded={isFolded}
        filterText={filterText}
        newSessionKeys={newSessionKeys}
        onFold={() => setFolded(!isFolded)}
        onFilter={setFilterText}
        onNewSession={actions.newSession}
      />
      {isFolded ? null : (
        <>
          {sessionIds.length === 0 && project.state.kind === 'ok' ? (
            <p className="sidebar-hint">No sessions yet. The plus starts one in its own worktree.</p>
          ) : null}
          {sessionIds.length === 0 ? null : (
            <SessionList
              projectId={id}
              projectName={project.name}
              selectedId={selectedId}
              filter={{ text: filterText ?? '' }}
              renderBeneath={renderHelpers}
              onOpen={actions.goToSession}
              onShellOpened={actions.goToShell}
            />
          )}
          <ArchivedList projectId={id} />
        </>
      )}
    </section>
  )
}

const NoProjects = () => (
  <>
    <div className="sidebar-projects">
      Projects
      <span className="spacer" />
      <CommandIconButton command="project.open" icon={FolderPlus} testId={testId.openProject} />
    </div>
    <p className="sidebar-hint">
      A project is a Git repository. Its agent sessions are listed here, each with its state and its branch.
    </p>
  </>
)

const OpenAnother = () => {
  const actions = useActions()
  return (
    <button type="button" className="sidebar-open" data-testid={testId.openProject} onClick={actions.openProject}>
      <Icon of={FolderPlus} size={14} />
      Open another repository
    </button>
  )
}
