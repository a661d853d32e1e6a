import { ChevronDown, FolderGit2, Plus, X } from 'lucide-react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { taskStateSchema } from '../../../shared/contract/task-rows.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useProject, useProjectIds } from '../../data/projects.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CommandButton } from '../../ui/command-button.tsx'
import { FilterBar, FilterMenu, FilterText } from '../../ui/filter-bar.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { emptyFilter, isFiltering, labelsOf, type TaskFilter } from './task-filter.ts'
import type { TaskView } from './task-view.ts'
import { priorities, priorityName, stateWord } from './task-words.ts'

interface TasksBarProps {
  readonly projectId: ProjectId
  readonly view: TaskView
  readonly onView: (view: TaskView) => void
  readonly onProject: (id: ProjectId) => void
}

/** Whose tasks, in which shape, and which of them. */
export const TasksBar = ({ projectId, view, onView, onProject }: TasksBarProps) => {
  const onFilter = (part: Partial<TaskFilter>) => onView({ ...view, filter: { ...view.filter, ...part } })
  return (
    <FilterBar>
      <ProjectMenu projectId={projectId} onProject={onProject} />
      <Segmented
        label="Shown as"
        value={view.mode}
        testId={testId.tasksMode}
        options={[
          { value: 'board', label: 'Board' },
          { value: 'list', label: 'List' },
        ]}
        onChange={(mode) => onView({ ...view, mode })}
      />
      <FilterText
        text={view.filter.text}
        onText={(text) => onFilter({ text })}
        placeholder="Key, title or label"
        label="Filter by key, title or label"
        testId={testId.tasksText}
      />
      <FilterMenus projectId={projectId} filter={view.filter} onFilter={onFilter} />
      {isFiltering(view.filter) ? (
        <IconButton
          icon={X}
          label="Clear the filter"
          data-testid={testId.tasksClear}
          onClick={() => onFilter(emptyFilter)}
        />
      ) : null}
      <span className="spacer" />
      <CommandButton command="tasks.new" icon={Plus} testId={testId.tasksNew} />
    </FilterBar>
  )
}

const ProjectMenu = ({ projectId, onProject }: Pick<TasksBarProps, 'projectId' | 'onProject'>) => {
  const { stores } = useData()
  const ids = useProjectIds()
  const name = visibleLine(useProject(projectId)?.name ?? '')
  const entries = ids.map((id): MenuEntry => ({
    kind: 'item',
    id,
    icon: FolderGit2,
    label: visibleLine(stores.projects.get(id)?.name ?? ''),
    onChoose: () => onProject(id),
  }))
  return (
    <Menu entries={entries} align="start">
      <Button variant="ghost" icon={FolderGit2} iconAfter={ChevronDown} data-testid={testId.tasksProject}>
        <span className="cut filter-bar-project">{name}</span>
      </Button>
    </Menu>
  )
}

interface FilterMenusProps {
  readonly projectId: ProjectId
  readonly filter: TaskFilter
  readonly onFilter: (part: Partial<TaskFilter>) => void
}

const FilterMenus = ({ projectId, filter, onFilter }: FilterMenusProps) => {
  const { stores } = useData()
  // Read when the menu is drawn: the labels of ten thousand tasks are not gathered at each of their changes.
  const labels = [...new Set([...filter.labels, ...labelsOf(stores.tasks.store.getState().byId.values(), projectId)])]
  return (
    <>
      <FilterMenu<Task['state']>
        name="State"
        values={taskStateSchema.options}
        chosen={filter.states}
        wordOf={stateWord}
        onChosen={(states) => onFilter({ states })}
        testId={testId.tasksFilter}
      />
      <FilterMenu<number>
        name="Priority"
        values={priorities}
        chosen={filter.priorities}
        wordOf={priorityName}
        onChosen={(priorities) => onFilter({ priorities })}
        testId={testId.tasksFilter}
      />
      {labels.length === 0 ? null : (
        <FilterMenu<string>
          name="Label"
          values={labels}
          chosen={filter.labels}
          wordOf={visibleLine}
          onChosen={(labels) => onFilter({ labels })}
          testId={testId.tasksFilter}
        />
      )}
    </>
  )
}
