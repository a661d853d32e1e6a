import { z } from 'zod'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { reviewViewSchema } from '../../../shared/contract/review.ts'

const writtenSchema = z.object({ body: z.string(), suggestion: z.string().nullable() })
export type Typed = z.infer<typeof writtenSchema>
export const nothingTyped: Typed = { body: '', suggestion: null }

const pickedSchema = z.object({
  rawPath: z.string(),
  path: z.string(),
  side: z.enum(['additions', 'deletions']),
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  text: z.array(z.string()).nullable(),
  snapshot: z.string(),
  view: reviewViewSchema,
  oid: z.string().nullable(),
})

const typingSchema = z.object({
  /** A comment on lines that is no draft yet. */
  begun: z.object({ lines: pickedSchema, typed: writtenSchema }).nullable().catch(null),
  /** Into drafts that are changed. */
  edits: z.record(z.string(), writtenSchema).catch({}),
  /** Into threads. */
  replies: z.record(z.string(), z.string()).catch({}),
  /** Of the whole review. */
  whole: z.string().catch(''),
})

/** What is being typed of a worktree and was not taken yet. It outlives the page. */
export type Typing = z.infer<typeof typingSchema>

const nothing: Typing = { begun: null, edits: {}, replies: {}, whole: '' }

export const typingKeyOf = (worktreeId: WorktreeId): string => `draft:comments:${worktreeId}`

export const parseTyping = (stored: unknown): Typing => {
  const parsed = typingSchema.safeParse(stored)
  return parsed.success ? parsed.data : nothing
}

/** Without what was typed under a key. */
export const without = <Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> => {
  const rest = { ...record }
  delete rest[key]
  return rest
}

export const hasText = ({ body, suggestion }: Typed): boolean => body.trim() !== '' || suggestion !== null
