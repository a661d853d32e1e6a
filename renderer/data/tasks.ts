import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Attempt, Dependency, Dispatch, Task } from '../../shared/contract/task-rows.ts'
import type { ProjectId, SessionId, TaskId } from '../../shared/lib/ids.ts'
import { useData } from './data-context.tsx'

const useTasks = () => useData().stores.tasks.store

export const useTask = (id: TaskId): Task | undefined => useStore(useTasks(), (rows) => rows.byId.get(id))

/** The tasks of a project in the order of its board. */
export const useTaskIds = (projectId: ProjectId): readonly TaskId[] =>
  useStore(
    useTasks(),
    useShallow((rows) => tasksInOrder(rows.byId.values(), projectId).map((task) => task.id)),
  )

export const tasksInOrder = (tasks: Iterable<Task>, projectId: ProjectId): Task[] =>
  [...tasks]
    .filter((task) => task.projectId === projectId)
    .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))

/** How many tasks of all projects have not ended. */
export const useOpenTaskCount = (): number =>
  useStore(useTasks(), (rows) => {
    let count = 0
    for (const task of rows.byId.values()) if (task.endedAt === null) count += 1
    return count
  })

/** The newest attempt of a task: the one at work, or how it went last. */
export const useLatestAttempt = (taskId: TaskId): Attempt | undefined =>
  useStore(useData().stores.attempts.store, (rows) => latestAttempt(rows.byId.values(), taskId))

export const latestAttempt = (attempts: Iterable<Attempt>, taskId: TaskId): Attempt | undefined => {
  let latest: Attempt | undefined
  for (const attempt of attempts)
    if (attempt.taskId === taskId && attempt.number > (latest?.number ?? 0)) latest = attempt
  return latest
}

/** The key of the task that a session works on; null when it works on none. */
export const useTaskKeyOf = (sessionId: SessionId): string | null => {
  const { stores } = useData()
  const taskId = useStore(stores.attempts.store, (rows) => taskIdOf(rows.byId.values(), sessionId))
  return useStore(stores.tasks.store, (rows) => (taskId === null ? null : (rows.byId.get(taskId)?.key ?? null)))
}

export const taskIdOf = (attempts: Iterable<Attempt>, sessionId: SessionId): TaskId | null => {
  for (const { holder, state, taskId } of attempts)
    if (holder.kind === 'session' && holder.sessionId === sessionId && atWork.includes(state)) return taskId
  return null
}

const atWork: readonly Attempt['state'][] = ['granted', 'running', 'submitted']

/** Every edge of a task, in both directions. */
export const useDependenciesOf = (taskId: TaskId): readonly Dependency[] =>
  useStore(
    useData().stores.dependencies.store,
    useShallow((rows) => dependenciesOf(rows.byId.values(), taskId)),
  )

export const dependenciesOf = (dependencies: Iterable<Dependency>, taskId: TaskId): Dependency[] =>
  [...dependencies]
    .filter((edge) => edge.taskId === taskId || edge.dependsOnId === taskId)
    .sort((a, b) => a.createdAt - b.createdAt)

/** The epic a task belongs to. */
export const parentOf = (dependencies: Iterable<Dependency>, taskId: TaskId): TaskId | null => {
  for (const edge of dependencies) if (edge.kind === 'parent' && edge.taskId === taskId) return edge.dependsOnId
  return null
}

/** Undefined until the first snapshot is there. */
export const useDispatch = (): Dispatch | undefined =>
  useStore(useData().stores.dispatch.store, (rows) => rows.byId.get('dispatch'))
