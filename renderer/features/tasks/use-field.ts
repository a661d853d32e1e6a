import { createContext, useContext, useMemo, useState } from 'react'
import { z } from 'zod'
import type { Task } from '../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import {
  fieldDraftSchema,
  judgeDraft,
  patchOf,
  textOf,
  typed,
  type DraftState,
  type TextField,
} from './field-drafts.ts'
import { useTasksRoom } from './room-context.tsx'

const draftsSchema = z.object({
  fields: z
    .partialRecord(z.enum(['title', 'body', 'labels', 'declaredPaths', 'baseRef', 'requiredRole']), fieldDraftSchema)
    .catch({}),
  comment: z.string().catch(''),
})
export type TaskDrafts = z.infer<typeof draftsSchema>

const parseDrafts = (stored: unknown): TaskDrafts => {
  const parsed = draftsSchema.safeParse(stored)
  return parsed.success ? parsed.data : { fields: {}, comment: '' }
}

interface DraftsHandle {
  readonly drafts: TaskDrafts
  readonly change: (next: (now: TaskDrafts) => TaskDrafts) => void
}

/** What was typed about a task and not yet saved; kept when its detail is closed and when the page is. */
export const useTaskDrafts = (taskId: TaskId): DraftsHandle => {
  const [drafts, change] = useKeptValue(`draft:task:${taskId}`, parseDrafts)
  return useMemo(() => ({ drafts, change }), [drafts, change])
}

const DraftsContext = createContext<DraftsHandle | null>(null)
export const TaskDraftsProvider = DraftsContext.Provider

export const useDrafts = (): DraftsHandle => {
  const handle = useContext(DraftsContext)
  if (handle === null) throw new Error('A field was drawn outside TaskDraftsProvider.')
  return handle
}

export interface FieldHandle {
  readonly text: string
  /** What the task says now. */
  readonly current: string
  readonly state: DraftState
  readonly problem: string | null
  readonly type: (text: string) => void
  readonly save: () => Promise<void>
  /** Goes on with what was typed, though the field was changed meanwhile. */
  readonly keepMine: () => void
  readonly discard: () => void
}

/** One typed field of a task. What is typed is kept through refusals, live updates and closing, until it is saved. */
export const useField = (task: Task, field: TextField): FieldHandle => {
  const { drafts, change } = useDrafts()
  const { actions } = useTasksRoom()
  const { stores } = useData()
  const [problem, setProblem] = useState<string | null>(null)
  const draft = drafts.fields[field]
  const current = textOf(task, field)
  const state = judgeDraft(draft, current)

  const forget = () =>
    change((now) => {
      const { [field]: _gone, ...rest } = now.fields
      return { ...now, fields: rest }
    })
  const save = async () => {
    if (draft === undefined || state !== 'typed') return
    const refusal = await sendTwice(draft.base, draft.text)
    if (refusal === null) forget()
    setProblem(refusal?.message ?? null)
  }
  /** The task may have changed in another field since this page heard of it: then what was typed here still stands. */
  const sendTwice = async (base: string, text: string) => {
    const first = await actions.update(task, patchOf(field, text))
    const now = stores.tasks.get(task.id)
    const isElsewhere =
      first?.code === 'STALE_REV' && now !== undefined && now.rev > task.rev && textOf(now, field) === base
    return isElsewhere ? actions.update(now, patchOf(field, text)) : first
  }
  return {
    text: draft === undefined || state === 'clean' ? current : draft.text,
    current,
    state,
    problem,
    type: (text) => {
      setProblem(null)
      change((now) => ({ ...now, fields: { ...now.fields, [field]: typed(now.fields[field], current, text) } }))
    },
    save,
    keepMine: () =>
      change((now) => ({
        ...now,
        fields: { ...now.fields, [field]: { base: current, text: draft?.text ?? current } },
      })),
    discard: () => {
      setProblem(null)
      forget()
    },
  }
}
