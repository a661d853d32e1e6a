import { z } from 'zod'
import {
  attemptIdSchema,
  checkpointIdSchema,
  commentIdSchema,
  incarnationIdSchema,
  projectIdSchema,
  sessionIdSchema,
  taskIdSchema,
  worktreeIdSchema,
} from '../lib/ids.ts'
import { agentIdSchema } from './agents.ts'
import { timeSchema, titleSchema } from './base.ts'

/** The last three are ends: only reopening leads out of them. */
export const taskStateSchema = z.enum([
  'draft',
  'open',
  'claimed',
  'in_progress',
  'in_review',
  'changes_requested',
  'blocked',
  'deferred',
  'done',
  'failed',
  'cancelled',
])
export type TaskState = z.infer<typeof taskStateSchema>

export const taskKindSchema = z.enum(['task', 'bug', 'feature', 'chore', 'epic'])

export const markdownSchema = z.string().max(65_536, 'Use at most 65,536 characters; put the rest in a file.')

const labelSchema = z.string().trim().min(1).max(50)
const roleSchema = z.string().trim().min(1).max(50)

/** What a person or an agent says of a task; everything else follows from what happens to it. */
export const taskFieldsSchema = z.object({
  title: titleSchema,
  /** Markdown. */
  body: markdownSchema,
  kind: taskKindSchema,
  /** 0 is the most urgent. */
  priority: z.number().int().min(0).max(4),
  labels: z.array(labelSchema).max(20),
  /** Only sessions of this role may claim it; null for any. */
  requiredRole: roleSchema.nullable(),
  /** Only these agents may claim it; empty for any. */
  allowedAgents: z.array(agentIdSchema).max(8),
  /** Where it will change files: globs below the repository's root. */
  declaredPaths: z.array(z.string().min(1).max(500)).max(100),
  /** What its work starts from; null for the default branch. */
  baseRef: z.string().min(1).max(200).nullable(),
  /** So many attempts may fail before the person decides. */
  maxAttempts: z.number().int().min(1).max(20),
  doneWhen: z.enum(['completed', 'merged']),
})

export const taskSchema = taskFieldsSchema.extend({
  id: taskIdSchema,
  projectId: projectIdSchema,
  /** What people call it: "APP-142". A label, never an address. */
  key: z.string(),
  title: z.string(),
  state: taskStateSchema,
  /** Why it is blocked, came back, failed or was cancelled; null when there is nothing to say. */
  reason: z.string().nullable(),
  /** A deferred task opens again then; null for a day nobody has named. */
  deferUntil: timeSchema.nullable(),
  /** How many attempts failed or died since it was opened by a person. */
  failedAttempts: z.number().int(),
  /** Until then nobody may claim it: the pause after a failed attempt. */
  retryAt: timeSchema.nullable(),
  /** Counts up with each claim and with each word of a person that takes it back; a smaller one never writes again. */
  claimEpoch: z.number().int(),
  /** Order on the board, smaller first. */
  position: z.number(),
  createdAt: timeSchema,
  changedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  rev: z.number().int(),
})
export type Task = z.infer<typeof taskSchema>

/**
 * `blocks`: the task waits until the other is satisfied. `any_of`: it waits for one of its any_of. `on_failure`: it waits
 * until the other has failed. `parent`: the other is the epic it belongs to, which waits for it. The rest do not wait.
 */
export const dependencyKindSchema = z.enum(['blocks', 'parent', 'on_failure', 'any_of', 'related', 'discovered_from'])
export type DependencyKind = z.infer<typeof dependencyKindSchema>

export const dependencySchema = z.object({
  taskId: taskIdSchema,
  dependsOnId: taskIdSchema,
  kind: dependencyKindSchema,
  /** Completed work lies in another worktree; merged work can be built upon. */
  satisfiedOn: z.enum(['completed', 'merged']),
  createdAt: timeSchema,
})
export type Dependency = z.infer<typeof dependencySchema>

/** Who works on an attempt: a start of a session, or a worker process outside any session. */
export const holderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), sessionId: sessionIdSchema, incarnationId: incarnationIdSchema }),
  z.object({
    kind: z.literal('process'),
    pid: z.number().int().positive(),
    /** As the system tells it; with the pid and the boot it names one process for ever. */
    startTime: z.string(),
    bootId: z.string(),
    label: z.string().max(100),
  }),
])
export type Holder = z.infer<typeof holderSchema>

export const attemptStateSchema = z.enum([
  'granted',
  'running',
  'submitted',
  'accepted',
  'released',
  'failed',
  'expired',
  'superseded',
  'cancelled',
])
export type AttemptState = z.infer<typeof attemptStateSchema>

export const attemptSchema = z.object({
  id: attemptIdSchema,
  taskId: taskIdSchema,
  /** Counts the attempts of its task from 1. */
  number: z.number().int(),
  epoch: z.number().int(),
  holder: holderSchema,
  worktreeId: worktreeIdSchema.nullable(),
  state: attemptStateSchema,
  /** Signs of life move these without an event of their own; they are exact at each other change. */
  leaseUntil: timeSchema,
  lastSignAt: timeSchema,
  hardDeadline: timeSchema,
  /** The person was told that the deadline is near. */
  warnedAt: timeSchema.nullable(),
  /** The person was asked to look: its process lives and says nothing. */
  silentSince: timeSchema.nullable(),
  headSha: z.string().nullable(),
  /** What came of it, in words. */
  outcome: z.string().nullable(),
  /** Keeps what its worktree held when it was found dead. */
  rescueRef: z.string().nullable(),
  createdAt: timeSchema,
  endedAt: timeSchema.nullable(),
  rev: z.number().int(),
})
export type Attempt = z.infer<typeof attemptSchema>

/** What an attempt knows, for whoever goes on after it. Never changed. */
export const checkpointSchema = z.object({
  id: checkpointIdSchema,
  taskId: taskIdSchema,
  attemptId: attemptIdSchema,
  summary: z.string(),
  nextSteps: z.string(),
  headSha: z.string().nullable(),
  at: timeSchema,
})
export type Checkpoint = z.infer<typeof checkpointSchema>

export const commentSchema = z.object({
  id: commentIdSchema,
  taskId: taskIdSchema,
  by: z.object({ kind: z.enum(['person', 'session', 'system']), id: z.string() }),
  /** Markdown. */
  body: z.string(),
  at: timeSchema,
})
export type Comment = z.infer<typeof commentSchema>

/** Whether tasks are handed out. Paused when several attempts die at once: what killed them would kill the next. */
export const dispatchSchema = z.object({
  paused: z.object({ at: timeSchema, reason: z.string() }).nullable(),
  rev: z.number().int(),
})
export type Dispatch = z.infer<typeof dispatchSchema>
