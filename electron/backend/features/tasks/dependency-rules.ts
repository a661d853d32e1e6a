import type { Dependency } from '../../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../../shared/lib/ids.ts'

type Edge = Pick<Dependency, 'taskId' | 'dependsOnId' | 'kind'>

/**
 * Who waits for whom by an edge; null when nobody does. An epic waits for its tasks, so its edges run the other way: a task
 * that waited for its own epic would wait for itself.
 */
export const waitOf = ({ taskId, dependsOnId, kind }: Edge): readonly [waiter: TaskId, waitedFor: TaskId] | null => {
  if (kind === 'related' || kind === 'discovered_from') return null
  return kind === 'parent' ? [dependsOnId, taskId] : [taskId, dependsOnId]
}

/** The tasks that would wait in a circle if the edge were added, beginning with who waits by it; null when none would. */
export const findCycle = (edges: readonly Edge[], added: Edge): readonly TaskId[] | null => {
  const wait = waitOf(added)
  if (!wait) return null
  const [waiter, first] = wait
  const waitedForBy = new Map<TaskId, TaskId[]>()
  for (const edge of edges) {
    const other = waitOf(edge)
    if (other) waitedForBy.set(other[0], [...(waitedForBy.get(other[0]) ?? []), other[1]])
  }
  const cameFrom = new Map<TaskId, TaskId>([[first, waiter]])
  const next: TaskId[] = [first]
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (at === waiter) return pathTo(waiter, cameFrom)
    for (const to of waitedForBy.get(at) ?? []) {
      if (cameFrom.has(to)) continue
      cameFrom.set(to, at)
      next.push(to)
    }
  }
  return null
}

const pathTo = (waiter: TaskId, cameFrom: ReadonlyMap<TaskId, TaskId>): readonly TaskId[] => {
  const path: TaskId[] = []
  for (let at = cameFrom.get(waiter); at !== undefined && at !== waiter; at = cameFrom.get(at)) path.unshift(at)
  return [waiter, ...path]
}
