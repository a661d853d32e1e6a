import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Attempt, Dependency, Task } from '../../../shared/contract/task-rows.ts'
import type { Wait } from '../../../shared/contract/task-waits.ts'
import type { AttemptId, TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { createColumnsReader, type BoardColumns, type BoardQuestion } from './board-columns.ts'
import { blockersOf, indexAttempts, indexEdges, oncePer, type AttemptIndex, type EdgeIndex } from './blockers.ts'
import { createListReader, type ListQuestion } from './task-sort.ts'

interface TaskIndex {
  readonly edgesIn: (rows: ReadonlyMap<string, Dependency>) => EdgeIndex
  readonly attemptsIn: (rows: ReadonlyMap<AttemptId, Attempt>) => AttemptIndex
}

const TaskIndexContext = createContext<TaskIndex | null>(null)

/** Edges and attempts by their task, computed once for all cards whenever one of them changes. */
export const TaskIndexProvider = ({ children }: { readonly children: ReactNode }) => {
  const [index] = useState((): TaskIndex => ({
    edgesIn: oncePer((rows) => indexEdges(rows.values())),
    attemptsIn: oncePer((rows) => indexAttempts(rows.values())),
  }))
  return <TaskIndexContext value={index}>{children}</TaskIndexContext>
}

const useIndex = (): TaskIndex => {
  const index = useContext(TaskIndexContext)
  if (index === null) throw new Error('A task was drawn outside TaskIndexProvider.')
  return index
}

export const useBoardColumns = (question: BoardQuestion): BoardColumns => {
  const { projectId, filter } = question
  const read = useMemo(() => createColumnsReader({ projectId, filter }), [projectId, filter])
  return useStore(useData().stores.tasks.store, (rows) => read(rows.byId))
}

/** The tasks of the list, in its order. */
export const useListedIds = ({ projectId, filter, sort }: ListQuestion): readonly TaskId[] => {
  const read = useMemo(() => createListReader({ projectId, filter, sort }), [projectId, filter, sort])
  return useStore(useData().stores.tasks.store, (rows) => read(rows.byId))
}

const noEdges: readonly Dependency[] = []

/** Every edge of a task, at both of its ends. */
export const useEdgesOf = (taskId: TaskId): readonly Dependency[] => {
  const { edgesIn } = useIndex()
  return useStore(useData().stores.dependencies.store, (rows) => edgesIn(rows.byId).get(taskId) ?? noEdges)
}

/** The newest attempt at a task. */
export const useAttemptAt = (taskId: TaskId): Attempt | undefined => {
  const { attemptsIn } = useIndex()
  return useStore(useData().stores.attempts.store, (rows) => attemptsIn(rows.byId).get(taskId))
}

/** What a task waits for; drawn again only when one of those tasks changes. */
export const useBlockers = (taskId: TaskId): readonly Wait<Task>[] => {
  const edges = useEdgesOf(taskId)
  const others = useStore(
    useData().stores.tasks.store,
    useShallow((rows) => edges.map((edge) => rows.byId.get(edge.taskId === taskId ? edge.dependsOnId : edge.taskId))),
  )
  return useMemo(() => {
    const rows = new Map(others.flatMap((task) => (task === undefined ? [] : [[task.id, task] as const])))
    return blockersOf(taskId, edges, rows)
  }, [taskId, edges, others])
}
