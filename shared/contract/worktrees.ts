import { z } from 'zod'
import { projectIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { procedure, refusals, timeSchema } from './base.ts'

export const worktreeSchema = z.object({
  id: worktreeIdSchema,
  projectId: projectIdSchema,
  path: z.string(),
  /** Null while detached. */
  branch: z.string().nullable(),
  kind: z.enum(['new-branch', 'existing-branch', 'adopted', 'in-place']),
  base: z.object({ ref: z.string(), sha: z.string(), fetchedAt: timeSchema.nullable() }).nullable(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('preparing') }),
    z.object({ kind: z.literal('ok') }),
    z.object({ kind: z.literal('missing'), message: z.string() }),
    z.object({ kind: z.literal('deleted'), rescueRef: z.string().nullable(), at: timeSchema }),
  ]),
  headSha: z.string().nullable(),
  /** Lines against the merge base with the base, committed or not, untracked files included. */
  added: z.number().int(),
  removed: z.number().int(),
  changedFiles: z.number().int(),
  untrackedFiles: z.number().int(),
  /** What a person should know: submodules not initialised, LFS not installed, hooks changed since the start. */
  notes: z.array(z.string()),
  checkedAt: timeSchema.nullable(),
  createdAt: timeSchema,
})
export type Worktree = z.infer<typeof worktreeSchema>

const byWorktree = z.object({ worktreeId: worktreeIdSchema })

export const worktreesContract = {
  refresh: procedure('view').input(byWorktree).output(worktreeSchema),
  /** Makes a missing folder again from its branch, or from its rescue ref after a deletion. */
  restore: procedure('full').errors(refusals('CANNOT_RESTORE')).input(byWorktree).output(worktreeSchema),
  /** The folder was moved: points the worktree at its new place. */
  rebind: procedure('full')
    .errors(refusals('NOT_THIS_WORKTREE'))
    .input(byWorktree.extend({ path: z.string().min(1).max(4096) }))
    .output(worktreeSchema),
}

export const worktreesTopics = {
  'worktrees.changed': worktreeSchema,
  'worktrees.removed': z.object({ id: worktreeIdSchema }),
} as const
