import { z } from 'zod'
import { overlapIdSchema, projectIdSchema, sessionIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { timeSchema } from './base.ts'

/** Lines of the file where both left each other; without lines something is inserted after line `start`. */
export const hunkSchema = z.object({
  start: z.number().int().nonnegative(),
  lines: z.number().int().nonnegative(),
  /** How many lines stand there now. */
  newLines: z.number().int().nonnegative(),
})
export type Hunk = z.infer<typeof hunkSchema>

const overlapSideSchema = z.object({
  worktreeId: worktreeIdSchema,
  sessionId: sessionIdSchema,
  /** The first of its changes in the file, at most 50; none where a file is binary, was made anew, or changed its mode. */
  hunks: z.array(hunkSchema),
})

/**
 * Two sessions changed one file: in different places, in the same or adjoining lines, or so that a merge of what they have
 * now, committed or not, would conflict.
 */
export const overlapKindSchema = z.enum(['same-file', 'same-hunk', 'predicted-conflict'])
export type OverlapKind = z.infer<typeof overlapKindSchema>

export const overlapSchema = z.object({
  id: overlapIdSchema,
  projectId: projectIdSchema,
  /** Relative to the top of the worktrees. */
  path: z.string(),
  kind: overlapKindSchema,
  sides: z.tuple([overlapSideSchema, overlapSideSchema]),
  since: timeSchema,
})
export type Overlap = z.infer<typeof overlapSchema>

export const radarTopics = {
  'radar.changed': overlapSchema,
  'radar.removed': z.object({ id: overlapIdSchema }),
} as const
