import { ChevronDown, FolderGit2, X } from 'lucide-react'
import { activityGroupSchema, actorKindSchema, type WhyQuery } from '../../../shared/contract/activity.ts'
import type { ProjectId, SessionId, TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useProject, useProjectIds } from '../../data/projects.ts'
import type { Stores } from '../../data/stores.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { checked, FilterBar, FilterMenu, FilterText } from '../../ui/filter-bar.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { PickerOption } from '../../ui/picker-entries.ts'
import { Picker } from '../../ui/picker.tsx'
import { actorWord, emptyFilter, groupWord, isFiltering, type ActivityFilter } from './activity-filter.ts'

interface ActivityBarProps {
  readonly filter: ActivityFilter
  readonly onFilter: (filter: ActivityFilter) => void
}

/** Whose log, and which of its lines. */
export const ActivityBar = ({ filter, onFilter }: ActivityBarProps) => {
  const change = (part: Partial<ActivityFilter>) => onFilter({ ...filter, ...part })
  return (
    <FilterBar>
      <ProjectMenu projectId={filter.projectId} onProject={(projectId) => change({ projectId, about: null })} />
      <FilterText
        text={filter.text}
        onText={(text) => change({ text })}
        placeholder="Words of a line"
        label="Filter by words"
        testId={testId.activityFilterText}
      />
      <FilterMenu
        name="What"
        values={activityGroupSchema.options}
        chosen={filter.groups}
        wordOf={groupWord}
        onChosen={(groups) => change({ groups })}
        testId={testId.activityFilter}
      />
      <FilterMenu
        name="Who"
        values={actorKindSchema.options}
        chosen={filter.actors}
        wordOf={actorWord}
        onChosen={(actors) => change({ actors })}
        testId={testId.activityFilter}
      />
      <AboutPicker filter={filter} onAbout={(about) => change({ about })} />
      {isFiltering(filter) ? (
        <IconButton
          icon={X}
          label="Clear the filter"
          data-testid={testId.activityClear}
          onClick={() => onFilter({ ...emptyFilter, projectId: filter.projectId })}
        />
      ) : null}
    </FilterBar>
  )
}

interface ProjectMenuProps {
  readonly projectId: ProjectId | null
  readonly onProject: (id: ProjectId | null) => void
}

const ProjectMenu = ({ projectId, onProject }: ProjectMenuProps) => {
  const { stores } = useData()
  const ids = useProjectIds()
  const name = useProject(projectId ?? ('' as ProjectId))?.name
  const entry = (id: ProjectId | null, label: string) => ({
    kind: 'item' as const,
    id: id ?? 'all',
    label: visibleLine(label),
    ...checked(id === projectId),
    onChoose: () => onProject(id),
  })
  return (
    <Menu
      align="start"
      entries={[entry(null, 'All projects'), ...ids.map((id) => entry(id, stores.projects.get(id)?.name ?? ''))]}
    >
      <Button variant="ghost" icon={FolderGit2} iconAfter={ChevronDown} data-testid={testId.activityProject}>
        <span className="cut filter-bar-project">{visibleLine(name ?? 'All projects')}</span>
      </Button>
    </Menu>
  )
}

interface AboutPickerProps {
  readonly filter: ActivityFilter
  readonly onAbout: (about: WhyQuery) => void
}

const AboutPicker = ({ filter: { projectId, about }, onAbout }: AboutPickerProps) => {
  const { stores } = useData()
  return (
    <span className="activity-about">
      <Picker
        value={about?.id ?? null}
        placeholder="Session or task"
        emptyText="No session or task is called so."
        shown={about === null ? undefined : <span className="filter-bar-chosen">{nameOf(stores, about)}</span>}
        testId={testId.activityAbout}
        options={() => aboutOptions(stores, projectId)}
        onChange={(id) =>
          onAbout(id.startsWith('tsk_') ? { kind: 'task', id: id as TaskId } : { kind: 'session', id: id as SessionId })
        }
      />
    </span>
  )
}

const nameOf = (stores: Stores, about: WhyQuery): string =>
  about.kind === 'session'
    ? visibleLine(stores.sessions.get(about.id)?.title ?? 'A session')
    : (stores.tasks.get(about.id)?.key ?? 'A task')

/** Newest first: what one asks about has usually just happened. */
const aboutOptions = (stores: Stores, projectId: ProjectId | null): PickerOption[] => {
  const isHere = (row: { readonly projectId: ProjectId }) => projectId === null || row.projectId === projectId
  const newestOf = <Row extends { readonly projectId: ProjectId; readonly changedAt: number }>(rows: Iterable<Row>) =>
    [...rows].filter(isHere).sort((a, b) => b.changedAt - a.changedAt)
  const sessions = newestOf(stores.sessions.store.getState().byId.values())
  const tasks = newestOf(stores.tasks.store.getState().byId.values())
  return [
    ...sessions.map(({ id, title }) => ({ value: id, label: visibleLine(title), group: 'Sessions' })),
    ...tasks.map(({ id, key, title }) => ({ value: id, label: `${key} ${visibleLine(title)}`, group: 'Tasks' })),
  ]
}
