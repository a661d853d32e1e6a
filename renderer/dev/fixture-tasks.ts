import { ORPCError } from '@orpc/client'
import type { Move, NewTask, TaskDetail, TaskPatch } from '../../shared/contract/tasks.ts'
import type { Dependency, Task } from '../../shared/contract/task-rows.ts'
import type { TaskId } from '../../shared/lib/ids.ts'
import { parentOf } from '../data/tasks.ts'
import type { Stores } from '../data/stores.ts'
import {
  boardAttempts,
  boardCheckpoints,
  boardComments,
  boardDependencies,
  boardTasks,
  cardRow,
  commentRow,
} from './board-fixtures.ts'

/** The board of the gallery: a project in the middle of its work. */
export const putBoard = (stores: Stores): void => {
  stores.tasks.put(boardTasks)
  stores.dependencies.put(boardDependencies)
  stores.attempts.put(boardAttempts)
  stores.dispatch.put([{ paused: null, rev: 0 }])
}

interface ById {
  readonly taskId: TaskId
}

/** The calls of tasks, played on the rows: enough to look at what the page does with their answers and refusals. */
interface Spot extends ById {
  readonly beforeId?: TaskId | null
}

export const taskVerbs = (stores: Stores) => {
  const find = (id: TaskId): Task => {
    const task = stores.tasks.get(id)
    if (task === undefined) throw new ORPCError('NOT_FOUND', { message: 'This task is not there any more.' })
    return task
  }
  const change = (id: TaskId, part: Partial<Task>) => {
    const before = find(id)
    const task = { ...before, ...part, rev: before.rev + 1, changedAt: Date.now() }
    stores.tasks.put([task])
    return { task, seq: 1 }
  }
  const positionBefore = (id: TaskId, beforeId: TaskId | null) => {
    const others = [...stores.tasks.store.getState().byId.values()].filter((other) => other.id !== id)
    const places = others.map(({ position }) => position).sort((a, b) => a - b)
    const below = beforeId === null ? Infinity : find(beforeId).position
    const above = places.findLast((position) => position < below) ?? below - 2
    return below === Infinity ? (places.at(-1) ?? 0) + 1 : (above + below) / 2
  }
  const changeAt = ({ taskId, beforeId }: Spot, part: Partial<Task>) =>
    change(taskId, beforeId === undefined ? part : { ...part, position: positionBefore(taskId, beforeId) })
  const end = (spot: Spot, state: 'done' | 'failed' | 'cancelled') => changeAt(spot, { state, endedAt: Date.now() })
  return {
    create: async ({ title, state }: NewTask) => {
      if (title === 'refuse me') throw new ORPCError('INVALID', { message: 'That is no title.' })
      const n = 160 + stores.tasks.store.getState().byId.size
      const task = cardRow(n, title, { state, changedAt: Date.now(), position: 1_000 + n })
      stores.tasks.put([task])
      return { task, seq: 1 }
    },
    update: async ({ taskId, rev, patch }: ById & { rev: number | null; patch: TaskPatch }) => {
      const task = find(taskId)
      if (rev !== null && rev !== task.rev)
        throw new ORPCError('STALE_REV', { message: `${task.key} has changed since you read it.` })
      return change(taskId, patch as Partial<Task>)
    },
    move: async ({ move, ...spot }: Spot & { move: Move }) => {
      const { key, state } = find(spot.taskId)
      if (state === 'draft' && move.to === 'done')
        throw new ORPCError('NOT_ALLOWED', { message: `${key} is still a draft. Open it first.` })
      if (move.to === 'done' || move.to === 'failed' || move.to === 'cancelled') return end(spot, move.to)
      const reason = 'reason' in move ? move.reason : null
      return changeAt(spot, { state: move.to, reason, deferUntil: move.to === 'deferred' ? move.until : null })
    },
    place: async (spot: Spot) => changeAt(spot, {}),
    accept: async (spot: Spot) => end(spot, 'done'),
    reopen: async ({ to, ...spot }: Spot & { to: 'open' | 'draft' }) => changeAt(spot, { state: to, endedAt: null }),
    retry: async (spot: Spot) => changeAt(spot, { state: 'open', failedAttempts: 0, reason: null }),
    requestChanges: async (spot: Spot) => changeAt(spot, { state: 'changes_requested' }),
    comment: async ({ taskId, body }: ById & { body: string }) => {
      const n = 10 + stores.comments.store.getState().byId.size
      return { comment: commentRow(n, taskId, body, { kind: 'person', id: 'desktop' }), seq: 1 }
    },
    addDependency: async (edge: Omit<Dependency, 'createdAt'>) => {
      if (edge.dependsOnId === edge.taskId || parentOf(boardDependencies, edge.taskId) === edge.dependsOnId)
        throw new ORPCError('CYCLE', { message: 'These would wait for one another for ever.' })
      return { dependency: { ...edge, createdAt: Date.now() }, seq: 1 }
    },
    removeDependency: async () => ({ seq: 1 }),
    detail: async ({ taskId }: ById): Promise<TaskDetail> => ({
      task: find(taskId),
      notReady: null,
      attempts: boardAttempts.filter((row) => row.taskId === taskId),
      checkpoints: boardCheckpoints.filter((row) => row.taskId === taskId),
      comments: boardComments.filter((row) => row.taskId === taskId),
      dependencies: boardDependencies.filter((row) => row.taskId === taskId || row.dependsOnId === taskId),
    }),
    history: async ({ taskId }: ById) => [
      historyEntry(3, 'update-task', 'person:desktop', find(taskId)),
      historyEntry(2, 'claim-task', 'session:ses_01JD0000000000000000000004', find(taskId)),
      historyEntry(1, 'create-task', 'person:desktop', find(taskId)),
    ],
  }
}

const historyEntry = (seq: number, command: string, by: string, payload: Task) => ({
  seq,
  at: Date.now() - (10 - seq) * 600_000,
  topic: 'tasks.changed',
  command,
  by,
  payload,
})
