import { z } from 'zod'
import { projectIdSchema, stagingIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { procedure, refusals, timeSchema } from './base.ts'
import { oidSchema, rawPathSchema, reviewScopeSchema, whitespaceSchema } from './review.ts'

/**
 * `stage`: the index takes what the files have. `unstage`: the index goes back to the last commit. `discard`: the files go
 * back to the index. `revert`: the files go back to the base; what is staged and committed stays as it is.
 */
export const stagingVerbSchema = z.enum(['stage', 'unstage', 'discard', 'revert'])
export type StagingVerb = z.infer<typeof stagingVerbSchema>

/** First and last line, counted from 1. */
const lineRangeSchema = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]).readonly()
export type LineRange = z.infer<typeof lineRangeSchema>

/** Lines of a diff, as ranges from 1: those taken away by their old numbers, those added by their new ones. */
export const lineChoiceSchema = z.object({
  removed: z.array(lineRangeSchema).max(20_000).readonly(),
  added: z.array(lineRangeSchema).max(20_000).readonly(),
})
export type LineChoice = z.infer<typeof lineChoiceSchema>

/** A file as a listing showed it: when any of this is not so any more, nothing is done. */
export const stagedPartSchema = z.object({
  rawPath: rawPathSchema,
  oldOid: oidSchema.nullable(),
  newOid: oidSchema.nullable(),
  oldMode: z.string().max(6).nullable(),
  newMode: z.string().max(6).nullable(),
  /** Null for the file as a whole: with its mode, and with its old name when it was renamed. */
  lines: lineChoiceSchema.nullable(),
})
export type StagedPart = z.infer<typeof stagedPartSchema>

/** At most so many files at a time. */
export const mostStagedParts = 5_000

/** One such change of a worktree, which can be undone while nobody has changed the same since. */
export const stagingSchema = z.object({
  id: stagingIdSchema,
  worktreeId: worktreeIdSchema,
  projectId: projectIdSchema,
  kind: z.enum([...stagingVerbSchema.options, 'replace']),
  /** Of the first few files, for people. */
  paths: z.array(z.string()),
  files: z.number().int().positive(),
  /** Lines of files, and not whole files. */
  isPartial: z.boolean(),
  /** `begun` and `undoing` are under way; after a crash they are brought to an end. */
  state: z.enum(['begun', 'done', 'undoing', 'undone']),
  /** Keeps what it took away where nothing else does. */
  rescueRef: z.string().nullable(),
  at: timeSchema,
})
export type Staging = z.infer<typeof stagingSchema>

/** What would be committed now, and as whom. */
export const commitDraftSchema = z.object({
  /** Given back with the commit: it is refused when either is not so any more. */
  head: oidSchema.nullable(),
  tree: oidSchema,
  branch: z.string().nullable(),
  stagedFiles: z.number().int().nonnegative(),
  /** Of the person's git configuration; null when it has none. */
  person: z.object({ name: z.string(), email: z.string() }).nullable(),
  /** The last commit, when it may be amended; otherwise why not. */
  amend: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('possible'), message: z.string() }),
    z.object({ kind: z.literal('refused'), reason: z.string() }),
  ]),
  /** Why nothing can be committed now, with a way out; null when something can. */
  problem: z.string().nullable(),
})
export type CommitDraft = z.infer<typeof commitDraftSchema>

/** In UTF-8. git takes more, and nobody reads it. */
export const mostMessageBytes = 64 * 1024

const messageSchema = z
  .string()
  .max(mostMessageBytes, 'Use at most 64 KB.')
  .refine((text) => text.trim() !== '', 'Write a message for the commit.')
  .refine((text) => !text.includes('\0'), 'A message cannot hold a zero byte.')

export const committedSchema = z.object({
  worktreeId: worktreeIdSchema,
  projectId: projectIdSchema,
  sha: oidSchema,
  subject: z.string(),
  isAmend: z.boolean(),
})
export type Committed = z.infer<typeof committedSchema>

const byWorktree = z.object({ worktreeId: worktreeIdSchema })
const unreadable = ['WORKTREE_MISSING', 'CANNOT_READ'] as const
/** STALE: read the listing again. LOCKED: git's own lock is held by somebody. */
const unwritable = [...unreadable, 'STALE', 'UNMERGED', 'ONLY_WHOLE', 'LOCKED', 'CANNOT_WRITE'] as const

export const stagingContract = {
  /** All of it or nothing. Lines only where the scope's two versions are those that the verb is about. */
  act: procedure('full')
    .errors(refusals(...unwritable))
    .input(
      byWorktree.extend({
        verb: stagingVerbSchema,
        scope: reviewScopeSchema,
        /** As the lines were compared. */
        whitespace: whitespaceSchema,
        parts: z.array(stagedPartSchema).min(1).max(mostStagedParts),
      }),
    )
    .output(stagingSchema),
  undo: procedure('full')
    .errors(refusals(...unreadable, 'CHANGED_SINCE', 'LOCKED', 'CANNOT_WRITE'))
    .input(z.object({ id: stagingIdSchema }))
    .output(stagingSchema),
  /** Newest first, those that can be undone. */
  list: procedure('view').input(byWorktree).output(z.array(stagingSchema)),
  /** What would be committed now. */
  draft: procedure('view')
    .errors(refusals(...unreadable))
    .input(byWorktree)
    .output(commitDraftSchema),
  /** Commits what is staged, in the person's name. Hooks of the repository are not run. */
  commit: procedure('full')
    .errors(refusals(...unreadable, 'STALE', 'NOT_NOW', 'NO_PERSON', 'LOCKED', 'CANNOT_WRITE'))
    .input(
      byWorktree.extend({
        head: oidSchema.nullable(),
        tree: oidSchema,
        message: messageSchema,
        isAmend: z.boolean(),
      }),
    )
    .output(committedSchema),
}

export const stagingTopics = {
  'stagings.changed': stagingSchema,
  'commits.recorded': committedSchema,
} as const
