import { z } from 'zod'
import { projectIdSchema } from '../lib/ids.ts'
import { done, procedure, refusals, timeSchema, titleSchema } from './base.ts'

export const projectSchema = z.object({
  id: projectIdSchema,
  name: z.string(),
  /** The main checkout; for a bare repository the worktree that was opened. */
  rootPath: z.string(),
  /** The repository's git common dir: every worktree of it is the same project. */
  commonDir: z.string(),
  defaultBranch: z.string().nullable(),
  remote: z.string().nullable(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ok') }),
    /** Usable only after something was done about it; `message` says what. */
    z.object({ kind: z.enum(['no-commits', 'missing', 'damaged']), message: z.string() }),
  ]),
  /** What a person should know before starting a session: submodules, LFS, shallow. */
  notes: z.array(z.string()),
  createdAt: timeSchema,
  openedAt: timeSchema,
})
export type Project = z.infer<typeof projectSchema>

export const branchSchema = z.object({
  name: z.string(),
  /** The full ref, as a base for a session. */
  ref: z.string(),
  kind: z.enum(['local', 'remote']),
  sha: z.string(),
  committedAt: timeSchema,
  /** The worktree that has it checked out. */
  checkedOutAt: z.string().nullable(),
})

export const baseSchema = z.object({
  ref: z.string(),
  sha: z.string(),
  /** When it was last fetched; null when it has no remote or never was. */
  fetchedAt: timeSchema.nullable(),
  /** Set when the fetch failed or took too long: what was used instead and why. */
  note: z.string().nullable(),
})

const byProject = z.object({ projectId: projectIdSchema })

export const projectsContract = {
  open: procedure('full')
    .errors(refusals('NOT_A_REPOSITORY', 'NOT_A_FOLDER', 'BARE_REPOSITORY', 'UNSAFE_OWNER', 'DAMAGED_REPOSITORY'))
    .input(z.object({ path: z.string().min(1, 'Name a folder.').max(4096), initialise: z.boolean() }))
    .output(projectSchema),
  /** A small repository to try everything in, made under the given folder (the home folder when null). */
  openSample: procedure('full')
    .errors(refusals('CANNOT_CREATE'))
    .input(z.object({ parent: z.string().max(4096).nullable() }))
    .output(projectSchema),
  rename: procedure('full')
    .input(byProject.extend({ name: titleSchema }))
    .output(projectSchema),
  forget: procedure('full').errors(refusals('HAS_LIVE_SESSIONS')).input(byProject).output(done),
  /** Commits everything in the folder that is not ignored. */
  createFirstCommit: procedure('full')
    .errors(refusals('HAS_COMMITS', 'NO_IDENTITY', 'PROJECT_UNUSABLE'))
    .input(byProject)
    .output(projectSchema),
  branches: procedure('view').errors(refusals('PROJECT_UNUSABLE')).input(byProject).output(z.array(branchSchema)),
  /** The base a new session would start from, fetched now within five seconds. */
  freshBase: procedure('full')
    .errors(refusals('PROJECT_UNUSABLE', 'BAD_BASE'))
    .input(byProject.extend({ baseRef: z.string().max(200).nullable() }))
    .output(baseSchema),
}

export const projectsTopics = {
  'projects.changed': projectSchema,
  'projects.removed': z.object({ id: projectIdSchema }),
} as const
