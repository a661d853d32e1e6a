import { z } from 'zod'
import { whitespaceSchema } from '../../../shared/contract/review.ts'
import { fileSorts } from './file-tree.ts'

const prefsSchema = z.object({
  style: z.enum(['unified', 'split']),
  isWrapped: z.boolean(),
  whitespace: whitespaceSchema,
  sort: z.enum(fileSorts),
  /** The panel beside the changes, where there is room for it. */
  isSideShown: z.boolean(),
})

/** How a person reads diffs, in every worktree. */
export type ReviewPrefs = z.infer<typeof prefsSchema>

const usual: ReviewPrefs = { style: 'unified', isWrapped: false, whitespace: 'show', sort: 'path', isSideShown: true }

export const prefsKey = 'layout:review'

export const parsePrefs = (stored: unknown): ReviewPrefs => {
  const parsed = prefsSchema.safeParse({ ...usual, ...(typeof stored === 'object' ? stored : {}) })
  return parsed.success ? parsed.data : usual
}
