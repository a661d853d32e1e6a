import { PanelLeft, Plus } from 'lucide-react'
import { useRef } from 'react'
import type { ProjectId, SessionId } from '../../shared/lib/ids.ts'
import { useProject, useProjectIds } from '../data/projects.ts'
import { useBadge, useSession, useSessionIds } from '../data/sessions.ts'
import { moveBetweenRows } from '../lib/roving.ts'
import { testId } from '../lib/test-ids.ts'
import { visibleLine } from '../../shared/lib/visible-text.ts'
import { IconButton } from '../ui/button.tsx'
import { CommandIconButton } from '../ui/command-button.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useActions, useNavigation } from './app-context.tsx'
import { usePlaces } from './use-places.ts'

/** The sidebar folded to 48 pixels: marks alone, with name and word as label and tooltip. */
export const SidebarRail = () => {
  const places = usePlaces()
  const projectIds = useProjectIds()
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
      {places.map((place) => {
        const waiting = place.count === 0 ? null : place.waiting
        return (
          <IconButton
            key={place.kind}
            icon={place.icon}
            size="large"
            side="right"
            label={waiting === null ? place.label : `${place.label}, ${waiting}`}
            data-testid={place.testId}
            onClick={place.go}
          >
            {waiting === null ? null : <span className="rail-bubble num">{place.count}</span>}
          </IconButton>
        )
      })}
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
  const badge = useBadge(id)
  if (session === undefined || badge === undefined) return null
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
