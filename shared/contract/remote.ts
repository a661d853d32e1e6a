import { z } from 'zod'
import { projectIdSchema, pullRequestIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { procedure, refusals, timeSchema } from './base.ts'

/** What kind of server pull requests live on. GitLab calls them merge requests. */
export const forgeKindSchema = z.enum(['github', 'gitlab', 'bitbucket', 'gitea'])
export type ForgeKind = z.infer<typeof forgeKindSchema>

const oidSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'Not the id of a commit.')
const branchSchema = z
  .string()
  .min(1, 'Name a branch.')
  .max(250)
  .regex(/^[^-/\p{Cc} ~^:?*[\\][^\p{Cc} ~^:?*[\\]*$/u, 'Not the name of a branch.')

/** What the forge's own checks say of the head. */
export const remoteCheckSchema = z.object({
  name: z.string(),
  state: z.enum(['passed', 'failed', 'pending', 'skipped']),
  /** A page of the forge; null where it is anywhere else. */
  url: z.string().nullable(),
})
export type RemoteCheck = z.infer<typeof remoteCheckSchema>

export const pullRequestSchema = z.object({
  id: pullRequestIdSchema,
  projectId: projectIdSchema,
  worktreeId: worktreeIdSchema,
  forge: z.enum(['github', 'gitlab']),
  host: z.string(),
  /** "owner/name" */
  repository: z.string(),
  branch: z.string(),
  number: z.number().int().positive(),
  url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'draft', 'merged', 'closed']),
  /** The commit it has there. */
  head: z.string(),
  base: z.string(),
  /** In the order of the forge, at most 100. */
  checks: z.array(remoteCheckSchema),
  /** How many comments were brought back, and how many of them the agent was not given. */
  comments: z.number().int().nonnegative(),
  newComments: z.number().int().nonnegative(),
  fetchedAt: timeSchema,
  /** Why it could not be read the last time, and what to do; null when it could. */
  problem: z.string().nullable(),
})
export type PullRequest = z.infer<typeof pullRequestSchema>

/** What somebody said of a pull request. Author and text are theirs, whoever they are. */
export const remoteCommentSchema = z.object({
  /** The forge's own, with its kind. */
  key: z.string(),
  kind: z.enum(['comment', 'review', 'line']),
  author: z.string(),
  body: z.string(),
  /** Of a comment on a line, which may be outdated: then there is no line. */
  path: z.string().nullable(),
  line: z.number().int().positive().nullable(),
  url: z.string().nullable(),
  at: timeSchema,
  /** When it was given to the agent. */
  givenAt: timeSchema.nullable(),
})
export type RemoteComment = z.infer<typeof remoteCommentSchema>

/** Where a worktree's branch stands with its remote, without asking it. */
export const remoteStateSchema = z.object({
  /** Null where the project has none, or pushes to several places at once; `problem` says so. */
  remote: z
    .object({
      name: z.string(),
      /** Where a push goes, without a password that may be in it. */
      url: z.string(),
      /** Another folder of this computer. */
      isLocal: z.boolean(),
    })
    .nullable(),
  branch: z.string().nullable(),
  head: z.string().nullable(),
  /** Where the branch was there the last time anybody looked; null when it never was. */
  remoteHead: z.string().nullable(),
  /** Commits of the head that the remote branch had not, and the other way round. */
  ahead: z.number().int().nonnegative(),
  behind: z.number().int().nonnegative(),
  base: z.string().nullable(),
  /** All its commits are in the base as it was last fetched. */
  isInBase: z.boolean(),
  forge: forgeKindSchema.nullable(),
  /** `ready`: its command-line program is here. */
  tool: z.enum(['ready', 'missing', 'none']),
  compareUrl: z.string().nullable(),
  pullRequest: pullRequestSchema.nullable(),
  /** What the person should know before they push. */
  notes: z.array(z.string()),
  /** Why nothing can be pushed, and what to do. */
  problem: z.string().nullable(),
})
export type RemoteState = z.infer<typeof remoteStateSchema>

const byWorktree = z.object({ worktreeId: worktreeIdSchema })
const byPullRequest = z.object({ pullRequestId: pullRequestIdSchema })
const forgeCodes = ['NO_TOOL', 'NOT_LOGGED_IN', 'RATE_LIMITED', 'UNREACHABLE', 'FORGE_REFUSED'] as const
export type ForgeCode = (typeof forgeCodes)[number]
const pushCodes = [
  'NO_REMOTE',
  'REMOTE_CHANGED',
  'MOVED',
  'NOT_FAST_FORWARD',
  'DECLINED',
  'LOGIN_NEEDED',
  'PUSH_FAILED',
  'CANCELLED',
] as const
export type PushCode = (typeof pushCodes)[number]

export const remoteContract = {
  state: procedure('view').errors(refusals('WORKTREE_MISSING')).input(byWorktree).output(remoteStateSchema),
  /**
   * Pushes one commit to the branch of the same name, with the person's own login. The repository's hooks do not run. Ending
   * the call ends the push. `replaces` is the commit there that may be taken away; without it none ever is.
   */
  push: procedure('full')
    .errors(refusals('WORKTREE_MISSING', ...pushCodes))
    .input(
      byWorktree.extend({
        /** As the person saw it. */
        url: z.string().max(4096),
        sha: oidSchema,
        replaces: oidSchema.nullable(),
      }),
    )
    .output(z.object({ kind: z.enum(['pushed', 'up-to-date']) })),
  /** Title and text from the commits and the task. */
  propose: procedure('view')
    .errors(refusals('WORKTREE_MISSING', 'NO_REMOTE'))
    .input(byWorktree)
    .output(z.object({ title: z.string(), body: z.string(), base: z.string() })),
  /** Asks the forge to make one from the branch as it was pushed. */
  createPullRequest: procedure('full')
    .errors(refusals('WORKTREE_MISSING', 'NO_REMOTE', 'NOT_PUSHED', ...forgeCodes))
    .input(
      byWorktree.extend({
        title: z.string().trim().min(1, 'Give it a title.').max(250, 'Use at most 250 characters.'),
        body: z.string().max(60_000),
        base: branchSchema,
        isDraft: z.boolean(),
      }),
    )
    .output(pullRequestSchema),
  /**
   * Reads the branch's pull request with checks and comments from the forge; null when there is none. Without `isAsked` only
   * when the last time is long enough ago, and longer after each failure.
   */
  refresh: procedure('full')
    .errors(refusals('WORKTREE_MISSING', ...forgeCodes))
    .input(byWorktree.extend({ isAsked: z.boolean() }))
    .output(pullRequestSchema.nullable()),
  /** The oldest first. */
  comments: procedure('view').input(byPullRequest).output(z.array(remoteCommentSchema)),
  /** Sends comments to the worktree's session as messages; `keys` null is all it was not given. */
  give: procedure('full')
    .errors(refusals('NO_SESSION', 'NOTHING_TO_SEND'))
    .input(byPullRequest.extend({ keys: z.array(z.string().max(200)).min(1).max(200).nullable() }))
    .output(z.object({ count: z.number().int() })),
}

export const remoteTopics = {
  'pushes.recorded': z.object({
    worktreeId: worktreeIdSchema,
    projectId: projectIdSchema,
    branch: z.string(),
    remote: z.string(),
    sha: z.string(),
    /** What was taken away by it; null when nothing was. */
    replaced: z.string().nullable(),
  }),
  'pullrequests.changed': pullRequestSchema,
} as const
