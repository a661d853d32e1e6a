import { ArrowRightLeft } from 'lucide-react'
import { useMemo } from 'react'
import type { Move, NewTask, TaskPatch } from '../../../shared/contract/tasks.ts'
import type { Dependency, Task } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import type { Refusal, Result } from '../../../shared/lib/result.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import type { ApiClient } from '../../../shared/contract/api.ts'
import { useData } from '../../data/data-context.tsx'
import type { Stores } from '../../data/stores.ts'
import { settle } from '../../data/settle.ts'
import { useNotices, type Notices } from '../../lib/notices.tsx'
import { nextOnBoard } from './board-columns.ts'
import { planUndo, type UndoStep } from './drop-plan.ts'
import { saidAfter } from './task-words.ts'

/** What a person does to the state of a task. */
export type TaskVerb =
  | { readonly kind: 'move'; readonly move: Move }
  | { readonly kind: 'accept' | 'retry' }
  | { readonly kind: 'reopen'; readonly to?: 'open' | 'draft' }
  | { readonly kind: 'request-changes'; readonly comment: string }

export interface TaskChangeWish {
  /** Carried out one after the other, until one is refused. */
  readonly verbs: readonly TaskVerb[]
  /** Where it is to lie on the board by the last of them; left out, it stays where it is. */
  readonly beforeId?: TaskId | null
}

export interface TaskActions {
  /** Null when it was done, else why not. The notice of what was done offers to take it back where there is a way. */
  readonly change: (taskId: TaskId, wish: TaskChangeWish) => Promise<Refusal | null>
  /** The same, and a refusal is said in a notice. */
  readonly changeAndTell: (taskId: TaskId, wish: TaskChangeWish) => Promise<boolean>
  readonly create: (input: NewTask) => Promise<Result<Task, string>>
  /** With a rev, a task that has changed since is refused. */
  readonly update: (
    task: { readonly id: TaskId; readonly rev: number | null },
    patch: TaskPatch,
  ) => Promise<Refusal | null>
  readonly depend: (edge: Omit<Dependency, 'createdAt'>) => Promise<Refusal | null>
  readonly undepend: (edge: Dependency) => void
  readonly comment: (taskId: TaskId, body: string, requestId: string) => Promise<Refusal | null>
}

/** What a person can do with tasks. Rows that come with an answer are put at once, before the news of them arrives. */
export const useTaskActions = (): TaskActions => {
  const { api, stores } = useData()
  const notices = useNotices()
  return useMemo(() => createTaskActions({ api, stores, notices }), [api, stores, notices])
}

interface ActionDeps {
  readonly api: ApiClient
  readonly stores: Stores
  readonly notices: Notices
}

export const createTaskActions = (deps: ActionDeps): TaskActions => {
  const { api, stores, notices } = deps
  const change = (taskId: TaskId, wish: TaskChangeWish) => changeTask(deps, taskId, wish)
  return {
    change,
    changeAndTell: async (taskId, wish) => {
      const refusal = await change(taskId, wish)
      if (refusal !== null) notices.refuse(refusal.message)
      return refusal === null
    },
    create: async (input) => {
      const created = await settle(api.tasks.create(input))
      if (!created.ok) return created
      putTask(stores, created.value.task)
      return { ok: true, value: created.value.task }
    },
    update: async ({ id, rev }, patch) => {
      const updated = await settle(api.tasks.update({ taskId: id, rev, patch }))
      if (!updated.ok) return updated.refusal
      putTask(stores, updated.value.task)
      return null
    },
    depend: async (edge) => {
      const added = await settle(api.tasks.addDependency(edge))
      if (!added.ok) return added.refusal
      stores.dependencies.put([added.value.dependency])
      return null
    },
    undepend: (edge) => void removeEdge(deps, edge),
    comment: async (taskId, body, requestId) => {
      const written = await settle(api.tasks.comment({ taskId, body, requestId }))
      if (!written.ok) return written.refusal
      stores.comments.put([written.value.comment])
      return null
    },
  }
}

const changeTask = async (
  { api, stores, notices }: ActionDeps,
  taskId: TaskId,
  { verbs, beforeId }: TaskChangeWish,
): Promise<Refusal | null> => {
  const before = stores.tasks.get(taskId)
  if (before === undefined) return { code: 'NOT_FOUND', message: 'This task is not there any more.' }
  const wasBefore = nextOnBoard(stores.tasks.store.getState().byId.values(), before)
  const refusal = await carryOutSteps({ api, stores }, taskId, [
    ...verbs,
    ...(beforeId === undefined ? [] : [{ kind: 'place', beforeId } as const]),
  ])
  if (refusal !== null) return refusal
  const after = stores.tasks.get(taskId) ?? before
  const undo = planUndo(before, after, wasBefore)
  const text = saidAfter(before, after)
  if (text !== null)
    notices.show({
      icon: ArrowRightLeft,
      text,
      action:
        undo === null ? undefined : { label: 'Undo', run: () => void takeBack({ api, stores, notices }, taskId, undo) },
    })
  return null
}

/** News may be faster than an answer: an older row never takes the place of a newer one. */
const putTask = (stores: Stores, task: Task) => {
  if ((stores.tasks.get(task.id)?.rev ?? -1) < task.rev) stores.tasks.put([task])
}

type Place = Extract<UndoStep, { readonly kind: 'place' }>

/** One after the other, until one is refused. A place goes along with what comes before it: both are done, or neither. */
const carryOutSteps = async (
  { api, stores }: Pick<ActionDeps, 'api' | 'stores'>,
  taskId: TaskId,
  steps: readonly (TaskVerb | Place)[],
): Promise<Refusal | null> => {
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1]
    if (step.kind === 'place' && index > 0) continue
    // oxlint-disable-next-line no-await-in-loop -- each begins where the one before it left the task
    const done = await settle(
      step.kind === 'place'
        ? api.tasks.place({ taskId, beforeId: step.beforeId })
        : callOf(api, { taskId, ...(next?.kind === 'place' ? { beforeId: next.beforeId } : {}) }, step),
    )
    if (!done.ok) return done.refusal
    putTask(stores, done.value.task)
  }
  return null
}

interface TaskAt {
  readonly taskId: TaskId
  readonly beforeId?: TaskId | null
}

const callOf = (api: ApiClient, at: TaskAt, verb: TaskVerb): Promise<{ readonly task: Task }> => {
  switch (verb.kind) {
    case 'move':
      return api.tasks.move({ ...at, rev: null, move: verb.move })
    case 'accept':
      return api.tasks.accept(at)
    case 'reopen':
      return api.tasks.reopen({ ...at, to: verb.to ?? 'open' })
    case 'retry':
      return api.tasks.retry(at)
    case 'request-changes':
      return api.tasks.requestChanges({ ...at, comment: verb.comment })
    default:
      return unreachable(verb)
  }
}

const takeBack = async ({ api, stores, notices }: ActionDeps, taskId: TaskId, steps: readonly UndoStep[]) => {
  const refusal = await carryOutSteps({ api, stores }, taskId, steps)
  if (refusal !== null) notices.refuse(refusal.message)
}

const removeEdge = async ({ api, stores, notices }: ActionDeps, edge: Dependency) => {
  const { taskId, dependsOnId, kind, satisfiedOn } = edge
  const removed = await settle(api.tasks.removeDependency({ taskId, dependsOnId, kind }))
  if (!removed.ok) return notices.refuse(removed.refusal.message)
  stores.dependencies.remove(`${taskId} ${dependsOnId} ${kind}`)
  const keyOf = (id: TaskId) => stores.tasks.get(id)?.key ?? 'The task'
  return notices.show({
    icon: ArrowRightLeft,
    text: `${keyOf(taskId)} does not depend on ${keyOf(dependsOnId)} any more.`,
    action: {
      label: 'Undo',
      run: () =>
        void settle(api.tasks.addDependency({ taskId, dependsOnId, kind, satisfiedOn })).then((again) => {
          if (!again.ok) return notices.refuse(again.refusal.message)
          return stores.dependencies.put([again.value.dependency])
        }),
    },
  })
}
