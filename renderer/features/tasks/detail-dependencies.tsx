import { Link2, X } from 'lucide-react'
import { useState } from 'react'
import {
  dependencyKindSchema,
  type Dependency,
  type DependencyKind,
  type Task,
} from '../../../shared/contract/task-rows.ts'
import { isEnded } from '../../../shared/contract/task-waits.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { tasksInOrder, useTask } from '../../data/tasks.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { IconButton } from '../../ui/button.tsx'
import { Picker } from '../../ui/picker.tsx'
import { Select } from '../../ui/select.tsx'
import { useTasksRoom } from './room-context.tsx'
import { useBlockers, useEdgesOf } from './task-index.tsx'
import { TaskStateMark } from './task-state-mark.tsx'
import { dependencyNames, reverseDependencyNames, stateWord } from './task-words.ts'

/** What the task waits for, what waits for it, and a way to add to it by key or title. */
export const DetailDependencies = ({ task }: { readonly task: Task }) => {
  const edges = useEdgesOf(task.id)
  const blockers = useBlockers(task.id)
  const isBlocking = (id: TaskId) => blockers.some(({ other }) => other.id === id)
  const groups = groupEdges(task.id, edges)
  return (
    <div className="detail-dependencies" data-testid={testId.taskDependencies}>
      {groups.map(({ name, rows }) => (
        <div key={name}>
          <span className="detail-group-name">{name}</span>
          <ul>
            {rows.map((edge) => {
              const otherId = edge.taskId === task.id ? edge.dependsOnId : edge.taskId
              return <EdgeRow key={otherId} edge={edge} otherId={otherId} isBlocking={isBlocking(otherId)} />
            })}
          </ul>
        </div>
      ))}
      {isEnded(task.state) ? (
        groups.length === 0 ? (
          <span className="text-faint text-12">None.</span>
        ) : null
      ) : (
        <AddDependency task={task} />
      )}
    </div>
  )
}

interface EdgeGroup {
  readonly name: string
  readonly rows: readonly Dependency[]
}

const groupEdges = (taskId: TaskId, edges: readonly Dependency[]): readonly EdgeGroup[] => {
  const group = (names: Readonly<Record<DependencyKind, string>>, own: readonly Dependency[]) =>
    dependencyKindSchema.options.flatMap((kind): EdgeGroup[] => {
      const rows = own.filter((edge) => edge.kind === kind)
      return rows.length === 0 ? [] : [{ name: names[kind], rows }]
    })
  return [
    ...group(
      dependencyNames,
      edges.filter((edge) => edge.taskId === taskId),
    ),
    ...group(
      reverseDependencyNames,
      edges.filter((edge) => edge.dependsOnId === taskId),
    ),
  ]
}

interface EdgeRowProps {
  readonly edge: Dependency
  readonly otherId: TaskId
  readonly isBlocking: boolean
}

const EdgeRow = ({ edge, otherId, isBlocking }: EdgeRowProps) => {
  const other = useTask(otherId)
  const { open, actions } = useTasksRoom()
  return (
    <li className="detail-edge" data-blocking={isBlocking || undefined} data-testid={testId.taskDependency}>
      <button type="button" className="detail-edge-link" onClick={() => open(otherId, true)}>
        <span className="link-button num">{other?.key ?? 'A task'}</span>
        <span className="cut grow">{visibleLine(other?.title ?? 'that ended long ago')}</span>
      </button>
      {other === undefined ? null : <TaskStateMark state={other.state} />}
      <IconButton
        icon={X}
        label={`Remove the dependency on ${other?.key ?? 'it'}`}
        data-testid={testId.taskDependencyRemove}
        onClick={() => actions.undepend(edge)}
      />
    </li>
  )
}

const AddDependency = ({ task }: { readonly task: Task }) => {
  const { actions } = useTasksRoom()
  const { stores } = useData()
  const [kind, setKind] = useState<DependencyKind>('blocks')
  const [problem, setProblem] = useState<string | null>(null)
  const add = async (dependsOnId: TaskId) => {
    const refusal = await actions.depend({ taskId: task.id, dependsOnId, kind, satisfiedOn: 'merged' })
    setProblem(refusal?.message ?? null)
  }
  return (
    <>
      <div className="detail-add">
        <Select
          label="Kind of dependency"
          testId={testId.taskDependencyKind}
          value={kind}
          options={dependencyKindSchema.options.map((one) => ({ value: one, label: dependencyNames[one] }))}
          onChange={(next) => {
            setProblem(null)
            setKind(dependencyKindSchema.options.find((one) => one === next) ?? 'blocks')
          }}
        />
        <Picker
          icon={Link2}
          value={null}
          placeholder="Key or title"
          emptyText="No other task of this project is called so."
          testId={testId.taskDependencyAdd}
          options={() =>
            tasksInOrder(stores.tasks.store.getState().byId.values(), task.projectId)
              .filter(({ id }) => id !== task.id)
              .map((other) => ({
                value: other.id,
                label: `${other.key} ${visibleLine(other.title)}`,
                detail: stateWord(other.state),
              }))
          }
          onChange={(id) => void add(id as TaskId)}
        />
      </div>
      {problem === null ? null : (
        <span className="field-error" role="alert" data-testid={testId.taskDependencyError}>
          {visibleText(problem)}
        </span>
      )}
    </>
  )
}
