import { z } from 'zod'
import { mergeEntryIdSchema, projectIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { procedure, refusals } from './base.ts'
import { mergeWishSchema } from './merge.ts'
import { mergeEntrySchema, mergeQueueSchema, mostInBatch } from './queue-rows.ts'
import { sessionSchema } from './sessions.ts'
import { startSessionSchema } from './tasks.ts'

const { target, strategy, message } = mergeWishSchema.shape
const commit = mergeWishSchema.shape.source.shape.sha
export const requestIdSchema = z.string().min(8).max(64)

export const newEntrySchema = z.object({
  source: z.discriminatedUnion('kind', [
    /** What the worktree has checked out. */
    z.object({ kind: z.literal('worktree'), worktreeId: worktreeIdSchema }),
    z.object({ kind: z.literal('branch'), projectId: projectIdSchema, branch: target }),
  ]),
  /** The commit that was looked at: the branch must be there. */
  head: commit,
  /** Null for the project's default branch. */
  target: target.nullable(),
  strategy,
  message,
  /** A repeat with the same request id gets the same answer. */
  requestId: requestIdSchema,
})
export type NewEntry = z.infer<typeof newEntrySchema>

/** The number of the event that recorded what was done. */
const recorded = z.object({ entry: mergeEntrySchema, seq: z.number().int().positive() })
const byEntry = z.object({ entryId: mergeEntryIdSchema })
const byQueue = z.object({ projectId: projectIdSchema, target })

export const queueContract = {
  enqueue: procedure('full')
    .errors(refusals('PROJECT_UNUSABLE', 'NO_TARGET', 'HEAD_MOVED', 'ALREADY_QUEUED'))
    .input(newEntrySchema)
    .output(recorded),
  /** Agrees to what an agent proposed. */
  approve: procedure('full').errors(refusals('NOT_ALLOWED')).input(byEntry).output(recorded),
  /** LANDING: it is being merged at this moment. */
  withdraw: procedure('full').errors(refusals('NOT_ALLOWED', 'LANDING')).input(byEntry).output(recorded),
  /** Takes a withdrawal back. */
  restore: procedure('full').errors(refusals('NOT_ALLOWED', 'ALREADY_QUEUED')).input(byEntry).output(recorded),
  /** Puts what conflicts, failed or moved on in line again, at the commit that was looked at. */
  retry: procedure('full')
    .errors(refusals('NOT_ALLOWED', 'ALREADY_QUEUED', 'HEAD_MOVED'))
    .input(byEntry.extend({ head: commit }))
    .output(recorded),
  /** Puts an entry before another one, or last. */
  place: procedure('full')
    .errors(refusals('NOT_ALLOWED'))
    .input(byEntry.extend({ beforeId: mergeEntryIdSchema.nullable() }))
    .output(recorded),
  pause: procedure('full')
    .input(byQueue.extend({ reason: z.string().trim().max(500).nullable() }))
    .output(mergeQueueSchema),
  resume: procedure('full').input(byQueue).output(mergeQueueSchema),
  configure: procedure('full')
    .input(byQueue.extend({ batchSize: z.number().int().min(1).max(mostInBatch), needsApproval: z.boolean() }))
    .output(mergeQueueSchema),
  /** Starts a session in a worktree of its own that mends a conflict or a failure. */
  resolve: procedure('full')
    .errors(
      refusals(
        'NOT_ALLOWED',
        'AGENT_MISSING',
        'PROJECT_UNUSABLE',
        'BRANCH_EXISTS',
        'BRANCH_IN_USE',
        'BAD_BRANCH_NAME',
        'BAD_BASE',
        'NOT_STARTED',
      ),
    )
    .input(
      byEntry.extend(
        startSessionSchema.pick({ agentId: true, model: true, permissionMode: true, requestId: true }).shape,
      ),
    )
    .output(z.object({ entry: mergeEntrySchema, session: sessionSchema })),
}
