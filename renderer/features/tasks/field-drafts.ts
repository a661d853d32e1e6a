import { z } from 'zod'
import type { TaskPatch } from '../../../shared/contract/tasks.ts'
import type { Task } from '../../../shared/contract/task-rows.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

/** The fields of a task that are typed. */
export const textFields = ['title', 'body', 'labels', 'declaredPaths', 'baseRef', 'requiredRole'] as const
export type TextField = (typeof textFields)[number]

/** What was typed into a field, and what the field said when the typing began. */
export interface FieldDraft {
  readonly base: string
  readonly text: string
}

export const fieldDraftSchema = z.object({ base: z.string(), text: z.string() })

/** The field as a person types it: labels after commas, one path a line. */
export const textOf = (task: Task, field: TextField): string => {
  switch (field) {
    case 'title':
    case 'body':
      return task[field]
    case 'labels':
      return task.labels.join(', ')
    case 'declaredPaths':
      return task.declaredPaths.join('\n')
    case 'baseRef':
    case 'requiredRole':
      return task[field] ?? ''
    default:
      return unreachable(field)
  }
}

/** What was typed, as the backend takes it. */
export const patchOf = (field: TextField, text: string): TaskPatch => {
  switch (field) {
    case 'title':
      return { title: text.trim() }
    case 'body':
      return { body: text }
    case 'labels':
      return { labels: partsOf(text, /[,\n]/) }
    case 'declaredPaths':
      return { declaredPaths: partsOf(text, /\n/) }
    case 'baseRef':
    case 'requiredRole':
      return { [field]: text.trim() === '' ? null : text.trim() }
    default:
      return unreachable(field)
  }
}

const partsOf = (text: string, separator: RegExp): string[] => [
  ...new Set(
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]

export type DraftState =
  /** Nothing was typed, or what was typed is what it says. */
  | 'clean'
  /** Typed, and the field still says what it said when that began. */
  | 'typed'
  /** Typed, and the field was changed by somebody else meanwhile. */
  | 'overtaken'

export const judgeDraft = (draft: FieldDraft | undefined, current: string): DraftState => {
  if (draft === undefined || draft.text === current) return 'clean'
  return draft.base === current ? 'typed' : 'overtaken'
}

/** The draft after a key press: it keeps what the field said when the typing began. */
export const typed = (draft: FieldDraft | undefined, current: string, text: string): FieldDraft => ({
  base: draft === undefined || draft.text === current ? current : draft.base,
  text,
})
