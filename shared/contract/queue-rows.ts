import { z } from 'zod'
import {
  checkRunIdSchema,
  mergeEntryIdSchema,
  mergeIdSchema,
  projectIdSchema,
  sessionIdSchema,
  taskIdSchema,
  worktreeIdSchema,
} from '../lib/ids.ts'
import { timeSchema } from './base.ts'
import { strategySchema } from './merge.ts'

/**
 * `proposed` by an agent, and a person has not agreed yet. `checking`: it is in the batch whose gates run. `merging`: its
 * batch passed. `conflicted`, `failed` and `moved` wait for somebody: the author, a resolver or the person.
 */
export const mergeEntryStateSchema = z.enum([
  'proposed',
  'waiting',
  'checking',
  'merging',
  'merged',
  'conflicted',
  'failed',
  'moved',
  'withdrawn',
])
export type MergeEntryState = z.infer<typeof mergeEntryStateSchema>

/** The commit an entry would become, made and not landed. */
export const candidateSchema = z.object({
  /** What the merge feature knows it by. */
  prepared: mergeIdSchema,
  commit: z.string(),
  tree: z.string(),
  /** The commit it was built on. */
  base: z.string(),
})
export type Candidate = z.infer<typeof candidateSchema>

/** Who was asked to mend a conflict or a failing gate. */
export const entryRouteSchema = z.object({
  to: z.enum(['author', 'resolver']),
  taskId: taskIdSchema.nullable(),
  sessionId: sessionIdSchema.nullable(),
  at: timeSchema,
})
export type EntryRoute = z.infer<typeof entryRouteSchema>

export const mergeEntrySchema = z.object({
  id: mergeEntryIdSchema,
  projectId: projectIdSchema,
  /** The branch it goes into: "main". */
  target: z.string(),
  sessionId: sessionIdSchema.nullable(),
  worktreeId: worktreeIdSchema.nullable(),
  taskId: taskIdSchema.nullable(),
  title: z.string(),
  /** Null for a commit of no branch. */
  branch: z.string().nullable(),
  /** What was reviewed, and what is merged: no other commit of the branch ever is. */
  head: z.string(),
  /** Of a moved entry: where its branch is now; null when the branch is gone. */
  movedTo: z.string().nullable(),
  strategy: strategySchema,
  /** Null for the proposed one. */
  message: z.string().nullable(),
  position: z.number(),
  state: mergeEntryStateSchema,
  /** Why it is in its state, and what to do next. */
  reason: z.string().nullable(),
  /** Paths that conflict, as people read them. */
  conflicts: z.array(z.string()),
  /** False until a person has agreed to what an agent proposed. */
  isApproved: z.boolean(),
  /** One of a batch that failed: it is tried with fewer others. */
  isSuspect: z.boolean(),
  /** How often gates have run on a batch it was in. */
  rounds: z.number().int(),
  /** The run of a gate that failed on it, whose output says what is wrong. */
  failedRun: checkRunIdSchema.nullable(),
  candidate: candidateSchema.nullable(),
  /** Once it is merged: the merge, by which it is undone. */
  mergeId: mergeIdSchema.nullable(),
  route: entryRouteSchema.nullable(),
  by: z.object({ kind: z.enum(['person', 'session', 'system']), id: z.string() }),
  enqueuedAt: timeSchema,
  changedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  rev: z.number().int(),
})
export type MergeEntry = z.infer<typeof mergeEntrySchema>

/** Why a queue stands still. One held by the queue itself goes on as soon as the cause is gone. */
export const queueHoldSchema = z.object({
  by: z.enum(['person', 'queue']),
  cause: z.enum(['asked', 'checkout', 'target-fails', 'target-gone', 'trouble']),
  reason: z.string(),
  /** The target's tip when it was held. */
  tip: z.string().nullable(),
  since: timeSchema,
})
export type QueueHold = z.infer<typeof queueHoldSchema>

/** Gates at work on the last commit of a batch, or on the target itself, to learn whether an entry is to blame. */
export const queueRunSchema = z.object({
  of: z.enum(['batch', 'target']),
  entryIds: z.array(mergeEntryIdSchema),
  commit: z.string(),
  tree: z.string(),
  base: z.string(),
  /** A gate that fails is run once more before anybody is blamed. */
  round: z.number().int().min(1).max(2),
  startedAt: timeSchema,
  /** Gates that are done, of all that there are; null until the first has begun. */
  progress: z.object({ done: z.number().int(), of: z.number().int() }).nullable(),
})
export type QueueRun = z.infer<typeof queueRunSchema>

/** So many entries are checked together; the more, the faster, and the fewer commits are checked each by itself. */
export const mostInBatch = 8
export const usualBatch = 4

/** The line before one branch. */
export const mergeQueueSchema = z.object({
  projectId: projectIdSchema,
  target: z.string(),
  batchSize: z.number().int().min(1).max(mostInBatch),
  /** Whether what an agent puts in line waits for a person to agree. */
  needsApproval: z.boolean(),
  hold: queueHoldSchema.nullable(),
  run: queueRunSchema.nullable(),
  rev: z.number().int(),
})
export type MergeQueue = z.infer<typeof mergeQueueSchema>

export const queueTopics = {
  'queues.changed': mergeQueueSchema,
  'entries.changed': mergeEntrySchema,
  'entries.removed': z.object({ id: mergeEntryIdSchema, projectId: projectIdSchema, target: z.string() }),
} as const
