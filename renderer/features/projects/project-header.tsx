import './project-header.css'
import { ChevronDown, ChevronRight, Copy, Ellipsis, FolderMinus, ListFilter, PencilLine, Plus } from 'lucide-react'
import { useState } from 'react'
import type { Project } from '../../../shared/contract/projects.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { RenameField } from '../../ui/rename-field.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { ProjectProblem } from './project-problem.tsx'
import { useProjectActions, type ProjectActions } from './use-project-actions.ts'

interface ProjectHeaderProps {
  readonly project: Project
  readonly sessionCount: number
  readonly isFolded: boolean
  readonly filterText: string | null
  readonly newSessionKeys: string | undefined
  readonly onFold: () => void
  /** Null closes the filter. */
  readonly onFilter: (text: string | null) => void
  readonly onNewSession: (id: ProjectId) => void
}

/** A project in the sidebar: its name, what can be done with it, its filter, and what is wrong with it. */
export const ProjectHeader = (props: ProjectHeaderProps) => {
  const { project, isFolded, filterText, onFilter } = props
  const actions = useProjectActions()
  const [isRenaming, setRenaming] = useState(false)
  const name = visibleLine(project.name)
  return (
    <>
      <div className="project-header" data-testid={testId.project} data-project={project.id}>
        <button
          type="button"
          className="project-fold"
          aria-expanded={!isFolded}
          aria-label={`${name}, ${props.sessionCount} sessions`}
          onClick={props.onFold}
        >
          <Icon of={isFolded ? ChevronRight : ChevronDown} size={14} />
        </button>
        {isRenaming ? (
          <RenameField
            title={project.name}
            onRename={(next) => actions.rename(project.id, next)}
            onDone={() => setRenaming(false)}
          />
        ) : (
          <Tooltip text={visibleLine(project.rootPath)} side="right">
            <b className="cut project-name">{name}</b>
          </Tooltip>
        )}
        <span className="num">{props.sessionCount}</span>
        <span className="spacer" />
        <Menu entries={menuOf(project, actions, () => setRenaming(true))}>
          <IconButton icon={Ellipsis} label={`More for ${name}`} data-quiet data-testid={testId.projectMenu} />
        </Menu>
        <IconButton
          icon={ListFilter}
          label={`Filter the sessions of ${name}`}
          aria-pressed={filterText !== null}
          data-quiet={filterText === null || undefined}
          onClick={() => onFilter(filterText === null ? '' : null)}
        />
        <IconButton
          icon={Plus}
          label={`New session in ${name}`}
          keys={props.newSessionKeys}
          data-testid={testId.projectNewSession}
          onClick={() => props.onNewSession(project.id)}
        />
      </div>
      {filterText === null ? null : <FilterField text={filterText} name={name} onFilter={onFilter} />}
      {project.state.kind === 'ok' ? null : <ProjectProblem project={project} actions={actions} />}
    </>
  )
}

const FilterField = ({
  text,
  name,
  onFilter,
}: {
  text: string
  name: string
  onFilter: (text: string | null) => void
}) => (
  <div className="project-filter">
    <input
      // eslint-disable-next-line jsx-a11y/no-autofocus -- the person just asked for this field
      autoFocus
      className="input"
      data-size="small"
      type="search"
      placeholder="Title, branch or state"
      aria-label={`Filter the sessions of ${name}`}
      data-testid={testId.projectFilter}
      value={text}
      onChange={(event) => onFilter(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onFilter(null)
      }}
    />
  </div>
)

const menuOf = (project: Project, actions: ProjectActions, onRename: () => void): readonly MenuEntry[] => [
  { kind: 'item', id: 'rename', label: 'Rename', icon: PencilLine, onChoose: onRename },
  { kind: 'item', id: 'copy-path', label: 'Copy path', icon: Copy, onChoose: () => actions.copyPath(project.rootPath) },
  { kind: 'line', id: 'line' },
  {
    kind: 'item',
    id: 'forget',
    label: 'Take off the list',
    icon: FolderMinus,
    onChoose: () => actions.forget(project),
  },
]
