import { z } from 'zod'
import { mergeIdSchema, projectIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { done, procedure, refusals, timeSchema } from './base.ts'

/**
 * squash: one commit with all changes; merge: a commit with two parents; rebase: each commit anew on top of the target;
 * fast-forward: the target is set to the branch's last commit.
 */
export const strategySchema = z.enum(['squash', 'merge', 'rebase', 'fast-forward'])
export type Strategy = z.infer<typeof strategySchema>

/** git's own id of an object: 40 characters, or 64 in a SHA-256 repository. */
const oidSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'Not the id of an object.')
/** The short name of a local branch, such as "main"; git decides whether there is one. */
const branchNameSchema = z
  .string()
  .min(1)
  .max(250)
  .regex(/^[^-/\p{Cc} ~^:?*[\\][^\p{Cc} ~^:?*[\\]*$/u, 'Not the name of a branch.')
/** "Name: value", as the last lines of a message. */
const trailerSchema = z.string().regex(/^[A-Za-z0-9-]{1,60}: [^\p{Cc}]{1,400}$/u, 'Not a trailer.')

const versionSchema = z.object({ mode: z.string(), oid: z.string() }).nullable()
const stagesSchema = z.object({ 1: versionSchema, 2: versionSchema, 3: versionSchema })

/** More text than this is no work for a page. */
export const mostResolvedText = 600_000

/** What a person chose where two sides could not be made one. It holds for just these versions of just this path. */
export const mergeResolutionSchema = z.object({
  rawPath: z.string().min(1).max(8192),
  stages: stagesSchema,
  choice: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['target', 'branch', 'gone']) }),
    /** The whole file. */
    z.object({ kind: z.literal('text'), text: z.string() }),
  ]),
})
export type MergeResolution = z.infer<typeof mergeResolutionSchema>

const textLengthOf = ({ choice }: MergeResolution): number => (choice.kind === 'text' ? choice.text.length : 0)
const isFewText = (resolutions: readonly MergeResolution[]): boolean =>
  resolutions.reduce((sum, one) => sum + textLengthOf(one), 0) <= mostResolvedText

export const mergeWishSchema = z.object({
  projectId: projectIdSchema,
  /** The commit that is merged, and the branch whose head it is; null for one without a branch. */
  source: z.object({ sha: oidSchema, branch: branchNameSchema.nullable() }),
  target: branchNameSchema,
  /** Built on this commit instead of the target's tip; for a batch, in which it will be there by then. */
  onto: oidSchema.optional(),
  strategy: strategySchema,
  /** Of the commit that a squash or a merge makes; null for the proposed one. Other strategies keep the branch's own. */
  message: z.string().max(65_536).nullable(),
  /** Added to the message of a squash or a merge. */
  trailers: z.array(trailerSchema).max(20).readonly().optional(),
  /** Applied where these very conflicts come up. */
  resolutions: z
    .array(mergeResolutionSchema)
    .max(500)
    .refine(
      isFewText,
      'These files are too large to be resolved here. Merge the target into the branch in its worktree.',
    )
    .readonly()
    .optional(),
})
export type MergeWish = z.infer<typeof mergeWishSchema>

export const mergeFileSchema = z.object({
  /** For people; names that are no UTF-8 are shown with replacement characters. */
  path: z.string(),
  /** The bytes of the path as latin1 text, one character a byte. */
  rawPath: z.string(),
  oldPath: z.string().nullable(),
  change: z.enum(['added', 'modified', 'deleted', 'renamed', 'type-changed']),
  /** Lines; null of a binary file. */
  added: z.number().int().nullable(),
  removed: z.number().int().nullable(),
})
export type MergeFile = z.infer<typeof mergeFileSchema>

export const preparedMergeSchema = z.object({
  id: mergeIdSchema,
  projectId: projectIdSchema,
  strategy: strategySchema,
  source: z.object({ sha: z.string(), branch: z.string().nullable() }),
  target: z.string(),
  /** What it was built on, and what the target must be when it lands. */
  base: z.string(),
  commit: z.string(),
  tree: z.string(),
  /** Of the commit that is made; empty where the branch's own commits are kept. */
  message: z.string(),
  /** What the target gets, against `base`. */
  files: z.array(mergeFileSchema),
})
export type PreparedMerge = z.infer<typeof preparedMergeSchema>

export const mergeConflictSchema = z.object({
  path: z.string(),
  rawPath: z.string(),
  kind: z.enum([
    'content',
    'binary',
    'both-added',
    'modify-delete',
    'rename-delete',
    'rename-rename',
    'file-directory',
    'mode',
    'submodule',
    'other',
  ]),
  /** In git's words. */
  messages: z.array(z.string()),
  /** 1: what both began with; 2: the target's; 3: the branch's. Null where there is none. */
  stages: stagesSchema,
})
export type MergeConflict = z.infer<typeof mergeConflictSchema>

/** What stands in the way of a merge; it comes as `current` of the refusal CONFLICTS. */
export const mergeConflictsSchema = z.object({
  conflicts: z.array(mergeConflictSchema),
  /** What it was to be built on. */
  base: z.string(),
  /** Of a rebase, the commit that could not be put on. */
  at: z.object({ sha: z.string(), subject: z.string() }).nullable(),
})
export type MergeConflicts = z.infer<typeof mergeConflictsSchema>

/** Lines that both sides agree on, or those that they do not. Together they are the file, byte for byte. */
export const conflictPartSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same'), text: z.string() }),
  z.object({ kind: z.literal('conflict'), target: z.string(), base: z.string(), branch: z.string() }),
])
export type ConflictPart = z.infer<typeof conflictPartSchema>

/** A conflict to be resolved. `parts` is null where only a whole side can be chosen: no text, too large, or deleted. */
export const conflictViewSchema = mergeConflictSchema.extend({ parts: z.array(conflictPartSchema).nullable() })
export type ConflictView = z.infer<typeof conflictViewSchema>

export const mergeConflictViewsSchema = mergeConflictsSchema.pick({ at: true }).extend({
  conflicts: z.array(conflictViewSchema),
})
export type MergeConflictViews = z.infer<typeof mergeConflictViewsSchema>

/** A preview: what would land, which is not in the repository yet, or why nothing can. */
export const mergePreviewSchema = z.discriminatedUnion('kind', [
  preparedMergeSchema.omit({ id: true }).extend({ kind: z.literal('clean') }),
  mergeConflictsSchema.extend({ kind: z.literal('conflicts'), target: z.string() }),
])
export type MergePreview = z.infer<typeof mergePreviewSchema>

/** One merge that a person or the queue made, and what became of it. */
export const mergeSchema = z.object({
  id: mergeIdSchema,
  projectId: projectIdSchema,
  strategy: strategySchema,
  source: z.object({ sha: z.string(), branch: z.string().nullable() }),
  target: z.string(),
  /** The target before and after it. */
  before: z.string(),
  after: z.string(),
  message: z.string(),
  files: z.number().int().nonnegative(),
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  /** While it lands or is undone, a start of the app after a crash brings it to the one end or the other. */
  state: z.enum(['prepared', 'landing', 'landed', 'undoing', 'undone']),
  /** Keeps `before`, whatever becomes of the target. */
  backupRef: z.string(),
  /** "person:desktop", "session:ses_…", "system:switchyard". */
  by: z.string(),
  at: timeSchema,
  undone: z.object({ by: z.string(), at: timeSchema }).nullable(),
  /** The branch that was deleted with it, for undoing. */
  deletedBranch: z.object({ name: z.string(), sha: z.string() }).nullable(),
  /** A worktree's own branch was brought onto its base by it, which is then the source; null for a merge of a branch. */
  refresh: z.object({ worktreeId: worktreeIdSchema, baseWas: z.string() }).nullable(),
  /** What the person should see to: a checkout whose files could not be brought up to date. */
  note: z.string().nullable(),
})
export type Merge = z.infer<typeof mergeSchema>

export const forecastSchema = z.object({
  label: z.string(),
  sha: z.string(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['clean', 'already-merged', 'unrelated', 'gone']) }),
    z.object({ kind: z.literal('conflicts'), paths: z.array(z.string()) }),
  ]),
})
export type Forecast = z.infer<typeof forecastSchema>

const byMerge = z.object({ mergeId: mergeIdSchema })
const prepareCodes = [
  'CONFLICTS',
  'ALREADY_MERGED',
  'NOT_FAST_FORWARD',
  'UNRELATED',
  'GONE',
  'UNREADABLE',
  'NO_IDENTITY',
] as const
const landCodes = ['GONE', 'MOVED', 'DIRTY_CHECKOUT', 'LOCKED', 'BRANCH_IN_USE'] as const
const undoCodes = ['GONE', 'MOVED_ON', 'DIRTY_CHECKOUT', 'LOCKED', 'NOT_LANDED'] as const
export type PrepareCode = (typeof prepareCodes)[number]
export type LandCode = (typeof landCodes)[number]
const refreshCodes = ['WORKTREE_MISSING', 'NO_BASE'] as const
export type UndoCode = (typeof undoCodes)[number]

export const mergeContract = {
  /** What a merge would result in; neither the repository nor any checkout is touched. */
  preview: procedure('view')
    .errors(refusals(...prepareCodes))
    .input(mergeWishSchema)
    .output(mergePreviewSchema),
  /** The same, kept in the repository so that its commit can be looked at, until it is dropped or a week went by. */
  prepare: procedure('full')
    .errors(refusals(...prepareCodes))
    .input(mergeWishSchema)
    .output(preparedMergeSchema),
  /** What is in the way of a merge, with the lines of both sides. None when it is clean. */
  conflicts: procedure('view')
    .errors(refusals(...prepareCodes))
    .input(mergeWishSchema)
    .output(mergeConflictViewsSchema),
  /** Lets go of what was prepared; what has landed stays. */
  drop: procedure('full').input(byMerge).output(done),
  /** Merges now. MOVED when the target is not at `targetWas`, which the preview was built on. */
  merge: procedure('full')
    .errors(refusals(...prepareCodes, ...landCodes))
    .input(mergeWishSchema.omit({ onto: true }).extend({ targetWas: oidSchema, deleteBranch: z.boolean() }))
    .output(mergeSchema),
  /** Sets the target back to what it was, while nothing came after. */
  undo: procedure('full')
    .errors(refusals(...undoCodes))
    .input(byMerge)
    .output(mergeSchema),
  /** Brings the branch of a clean worktree onto its base as that is now; undone like any merge. Its agent is told by mail. */
  refreshBase: procedure('full')
    .errors(refusals(...refreshCodes, ...prepareCodes, ...landCodes))
    .input(z.object({ worktreeId: worktreeIdSchema, strategy: z.enum(['rebase', 'merge']) }))
    .output(mergeSchema),
  /** The newest first. */
  list: procedure('view')
    .input(
      z.object({
        projectId: projectIdSchema,
        target: branchNameSchema.nullable(),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(z.array(mergeSchema)),
  /** Which of these heads would merge cleanly into the target as it is now. */
  forecast: procedure('view')
    .errors(refusals('GONE', 'UNREADABLE'))
    .input(
      z.object({
        projectId: projectIdSchema,
        target: branchNameSchema,
        heads: z.array(z.object({ sha: oidSchema, label: z.string().max(300) })).max(60),
      }),
    )
    .output(z.array(forecastSchema)),
}

export const mergeTopics = {
  /** It landed, or was undone. */
  'merges.changed': mergeSchema,
} as const
