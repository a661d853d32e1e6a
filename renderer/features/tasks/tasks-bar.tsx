import { Check, ChevronDown, FolderGit2, ListFilter, Plus, X, type LucideIcon } from 'lucide-react'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { taskStateSchema } from '../../../shared/contract/task-rows.ts'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useProject, useProjectIds } from '../../data/projects.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../lib/visible-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CommandButton } from '../../ui/command-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { emptyFilter, isFiltering, labelsOf, toggled, type TaskFilter } from './task-filter.ts'
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
    <div className="tasks-bar">
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
      <TextFilter text={view.filter.text} onText={(text) => onFilter({ text })} />
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
    </div>
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
        <span className="cut tasks-bar-project">{name}</span>
      </Button>
    </Menu>
  )
}

const TextFilter = ({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) => (
  <label className="input tasks-bar-text" data-size="small">
    <Icon of={ListFilter} size={14} />
    <input
      type="text"
      placeholder="Key, title or label"
      aria-label="Filter by key, title or label"
      maxLength={200}
      value={text}
      data-testid={testId.tasksText}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return
        event.preventDefault()
        onText('')
      }}
    />
  </label>
)

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
        onToggle={(state) => onFilter({ states: toggled(filter.states, state) })}
      />
      <FilterMenu<number>
        name="Priority"
        values={priorities}
        chosen={filter.priorities}
        wordOf={priorityName}
        onToggle={(priority) => onFilter({ priorities: toggled(filter.priorities, priority) })}
      />
      {labels.length === 0 ? null : (
        <FilterMenu<string>
          name="Label"
          values={labels}
          chosen={filter.labels}
          wordOf={visibleLine}
          onToggle={(label) => onFilter({ labels: toggled(filter.labels, label) })}
        />
      )}
    </>
  )
}

interface FilterMenuProps<Value> {
  readonly name: string
  readonly values: readonly Value[]
  readonly chosen: readonly Value[]
  readonly wordOf: (value: Value) => string
  readonly onToggle: (value: Value) => void
}

const checked = (isChecked: boolean): { icon?: LucideIcon } => (isChecked ? { icon: Check } : {})

const FilterMenu = <Value extends string | number>({
  name,
  values,
  chosen,
  wordOf,
  onToggle,
}: FilterMenuProps<Value>) => (
  <Menu
    align="start"
    entries={values.map((value) => ({
      kind: 'item',
      id: String(value),
      label: wordOf(value),
      ...checked(chosen.includes(value)),
      onChoose: () => onToggle(value),
    }))}
  >
    <Button variant="ghost" iconAfter={ChevronDown} data-filter={name} data-testid={testId.tasksFilter}>
      {chosen.length === 0 ? name : <span className="cut tasks-bar-chosen">{chosen.map(wordOf).join(', ')}</span>}
    </Button>
  </Menu>
)
