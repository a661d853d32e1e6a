import { z } from 'zod'
import { worktreeIdSchema } from '../lib/ids.ts'
import { done, procedure, refusals, timeSchema } from './base.ts'

/**
 * Which of a worktree's four trees are compared: all (base to files), committed (base to head), staged (head to index),
 * unstaged (index to files), uncommitted (head to files). Files count as a commit of them would have them, new ones too.
 */
export const reviewScopeSchema = z.enum(['all', 'committed', 'staged', 'unstaged', 'uncommitted'])
export type ReviewScope = z.infer<typeof reviewScopeSchema>

/** git's own id of an object: 40 characters, or 64 in a SHA-256 repository. */
export const oidSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'Not the id of an object.')

export const reviewViewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scope'), scope: reviewScopeSchema }),
  /** What one turn of the agent changed. */
  z.object({ kind: z.literal('turn'), number: z.number().int().positive() }),
  /** What changed since `looked` was called last; everything, when it never was. */
  z.object({ kind: z.literal('since-looked') }),
  /**
   * What lies between two commits of the repository: a commit and its parent, or a target and what a merge makes of it.
   * `from` is null for a commit without parents.
   */
  z.object({ kind: z.literal('range'), from: oidSchema.nullable(), to: oidSchema }),
])
export type ReviewView = z.infer<typeof reviewViewSchema>

export const whitespaceSchema = z.enum(['show', 'ignore'])
export type Whitespace = z.infer<typeof whitespaceSchema>

/** The bytes of a path as latin1 text, one character a byte: what a file is known by. */
export const rawPathSchema = z.string().min(1).max(8192)
const hunkHashSchema = z.string().min(1).max(64)

export const reviewFileSchema = z.object({
  /** For people; names that are no UTF-8 are shown with replacement characters. */
  path: z.string(),
  rawPath: z.string(),
  /** Where it was before it was renamed or copied. */
  oldPath: z.string().nullable(),
  change: z.enum(['added', 'modified', 'deleted', 'renamed', 'copied', 'type-changed', 'unmerged']),
  /** `image` is a binary file whose name says that it is one; `lfs` a pointer in place of the file itself. */
  content: z.enum(['text', 'binary', 'image', 'submodule', 'lfs', 'symlink']),
  /** As git writes modes: "100644", "100755", "120000", "160000". Null where there is no such version. */
  oldMode: z.string().nullable(),
  newMode: z.string().nullable(),
  /** Of a submodule, its commits. */
  oldOid: z.string().nullable(),
  newOid: z.string().nullable(),
  /** Lines; null where lines are not counted. */
  added: z.number().int().nullable(),
  removed: z.number().int().nullable(),
  /** Where its work is by now, whichever view is looked at. */
  where: z.array(z.enum(['committed', 'staged', 'unstaged', 'untracked'])),
  /** `viewed`: marked with these very versions. `stale`: marked, and changed since. */
  mark: z.enum(['none', 'viewed', 'stale']),
  /** Of a stale mark: the version that was viewed. Null when the file was viewed as deleted. */
  viewedOid: z.string().nullable(),
  /** Hunks marked as viewed, by `hashHunk`; some may not occur any more. */
  viewedHunks: z.array(z.string()),
  /** Too many lines or bytes to show without being asked to. */
  isLarge: z.boolean(),
})
export type ReviewFile = z.infer<typeof reviewFileSchema>

export const reviewCommitSchema = z.object({
  sha: z.string(),
  /** The first one; null where history begins. */
  parent: z.string().nullable(),
  subject: z.string(),
  author: z.string(),
  at: timeSchema,
})
export type ReviewCommit = z.infer<typeof reviewCommitSchema>

export const reviewListingSchema = z.object({
  worktreeId: worktreeIdSchema,
  /** Differs whenever any of the four trees does. */
  snapshot: z.string(),
  /** Null where no base is known: then everything is compared with the last commit. */
  base: z
    .object({
      ref: z.string(),
      sha: z.string(),
      mergeBase: z.string(),
      /** Commits on the base since the merge base. */
      movedBy: z.number().int().nonnegative(),
      fetchedAt: timeSchema.nullable(),
    })
    .nullable(),
  /** Null before the first commit. */
  head: z.string().nullable(),
  /** Those with conflicts first, then by path as git sorts. */
  files: z.array(reviewFileSchema),
  /** What the next commit would take, whichever view is looked at. */
  stagedFiles: z.number().int().nonnegative(),
  /** Some files could not be read, or there are more than are listed. */
  isPartial: z.boolean(),
  /** Of the branch since the merge base, the newest first, at most 200. */
  commits: z.array(reviewCommitSchema),
  /** Those that changed files, oldest first, at most 50. */
  turns: z.array(z.object({ number: z.number().int().positive(), at: timeSchema, files: z.number().int() })),
  /** A merge or rebase half done, a base that is gone, rewritten history: in words, with a way out. */
  problem: z.string().nullable(),
})
export type ReviewListing = z.infer<typeof reviewListingSchema>

/**
 * The unified diff of one file, as `git diff` prints it by default: 3 lines of context, renames found, git's default
 * algorithm (Myers with the indent heuristic), names outside ASCII as they are. `tooLarge`: there is no patch in it; it is
 * over 4 MB or has a line of over 20,000 characters, and comes when it is asked for alone with `whole`.
 */
export const reviewPatchSchema = z.object({
  rawPath: z.string(),
  patch: z.string(),
  oldOid: z.string().nullable(),
  newOid: z.string().nullable(),
  tooLarge: z.boolean(),
})
export type ReviewPatch = z.infer<typeof reviewPatchSchema>

/** At most so many files are asked for at a time. */
export const mostPatches = 200

const byWorktree = z.object({ worktreeId: worktreeIdSchema })
const compared = { view: reviewViewSchema, whitespace: whitespaceSchema }

export const reviewContract = {
  open: procedure('view')
    .errors(refusals('WORKTREE_MISSING', 'CANNOT_READ'))
    .input(byWorktree.extend(compared))
    .output(reviewListingSchema),
  /** Of the files of a listing; those that the view does not have are left out. STALE: read the listing again. */
  patches: procedure('view')
    .errors(refusals('STALE', 'CANNOT_READ'))
    .input(
      byWorktree.extend({
        ...compared,
        snapshot: z.string(),
        rawPaths: z.array(rawPathSchema).min(1).max(mostPatches),
        /** However large it is; of one file alone. */
        whole: z.boolean().optional(),
      }),
    )
    .output(z.array(reviewPatchSchema)),
  /** One version of a file that a listing named, at most 20 MB, bytes that are no UTF-8 replaced. */
  text: procedure('view')
    .errors(refusals('TOO_LARGE'))
    .input(byWorktree.extend({ oid: oidSchema }))
    .output(z.object({ text: z.string() })),
  /** The same of a picture, known by its first bytes: PNG, JPEG, GIF, WebP, BMP or ICO. SVG is text. */
  image: procedure('view')
    .errors(refusals('TOO_LARGE', 'NO_IMAGE'))
    .input(byWorktree.extend({ oid: oidSchema }))
    .output(z.object({ base64: z.string(), mime: z.string() })),
  /** Of a file when `hunk` is null. */
  mark: procedure('answer')
    .input(
      byWorktree.extend({
        rawPath: rawPathSchema,
        oldOid: oidSchema.nullable(),
        newOid: oidSchema.nullable(),
        hunk: hunkHashSchema.nullable(),
        isViewed: z.boolean(),
      }),
    )
    .output(done),
  /** Everything as it was in this snapshot of a listing counts as looked at; one that is not known any more is ignored. */
  looked: procedure('answer')
    .input(byWorktree.extend({ snapshot: z.string() }))
    .output(done),
}

export const reviewMarkSchema = z.object({
  worktreeId: worktreeIdSchema,
  rawPath: z.string(),
  oldOid: z.string().nullable(),
  newOid: z.string().nullable(),
  hunk: z.string().nullable(),
  isViewed: z.boolean(),
  at: timeSchema,
})
export type ReviewMark = z.infer<typeof reviewMarkSchema>

export const reviewTopics = {
  /**
   * What a listing says is not so any more: read it again. Told once after each listing, of worktrees that are followed.
   * `snapshot` is null where it is not known yet.
   */
  'review.changed': z.object({ worktreeId: worktreeIdSchema, snapshot: z.string().nullable(), at: timeSchema }),
  'marks.changed': reviewMarkSchema,
} as const
