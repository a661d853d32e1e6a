import './sidebar.css'
import { FolderPlus, PanelLeft, Search, Settings } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useProject, useProjectIds } from '../data/projects.ts'
import { useSessionIds } from '../data/sessions.ts'
import { useAppearance } from '../data/settings.ts'
import { HelpersTree } from '../features/helpers/helpers-tree.tsx'
import { ProjectHeader } from '../features/projects/project-header.tsx'
import { ArchivedList } from '../features/sessions/archived-list.tsx'
import { SessionList } from '../features/sessions/session-list.tsx'
import { useArchivedMatches } from '../features/sessions/use-matching-ids.ts'
import { moveBetweenRows } from '../lib/roving.ts'
import { testId } from '../lib/test-ids.ts'
import { Count } from '../ui/bits.tsx'
import { CommandIconButton, useCommandKeys } from '../ui/command-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useActions, useNavigation } from './app-context.tsx'
import { SidebarRail } from './sidebar-rail.tsx'
import { usePlaces } from './use-places.ts'

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
  const view = useNavigation((state) => state.view.kind)
  const places = usePlaces()
  return (
    <nav className="sidebar-nav" aria-label="Rooms">
      {places.map((place) => (
        <button
          key={place.kind}
          type="button"
          className="nav-button"
          aria-current={place.kind === view ? 'page' : undefined}
          data-testid={place.testId}
          onClick={place.go}
        >
          <Icon of={place.icon} />
          <span className="grow">{place.label}</span>
          {place.count === 0 ? null : (
            <Count
              value={place.count}
              isAmber={place.waiting !== null}
              {...(place.countTestId === undefined ? {} : { testId: place.countTestId })}
            />
          )}
        </button>
      ))}
    </nav>
  )
}

const renderHelpers = (id: SessionId) => <HelpersTree sessionId={id} />

const ProjectSection = ({ id }: { readonly id: ProjectId }) => {
  const project = useProject(id)
  const actions = useActions()
  const sessionIds = useSessionIds(id)
  const selectedId = useNavigation((state) => state.selectedSessionId)
  const [isFolded, setFolded] = useState(false)
  const [filterText, setFilterText] = useState<string | null>(null)
  const newSessionKeys = useCommandKeys('session.new')
  const archivedMatches = useArchivedMatches(id, filterText ?? '').length
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
              isElsewhere={archivedMatches > 0}
              renderBeneath={renderHelpers}
              onOpen={actions.goToSession}
              onShellOpened={actions.goToShell}
            />
          )}
          <ArchivedList projectId={id} filterText={filterText ?? ''} />
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
