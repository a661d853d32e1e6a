import { z } from 'zod'
import { projectIdSchema, taskIdSchema } from '../lib/ids.ts'
import { noInput, procedure, refusals, timeSchema } from './base.ts'
import { newSessionSchema, sessionSchema } from './sessions.ts'
import {
  attemptSchema,
  checkpointSchema,
  commentSchema,
  dependencyKindSchema,
  dependencySchema,
  dispatchSchema,
  markdownSchema,
  taskFieldsSchema,
  taskSchema,
} from './task-rows.ts'

const noteSchema = markdownSchema.refine((text) => text.trim() !== '', 'Write something.')
/** Why a task is where it is, in one or two sentences. */
const reasonSchema = z.string().trim().min(1, 'Say why.').max(2000)
const shaSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'Give the whole commit id.')
/** A repeat with the same request id gets the same answer, so a lost one can be asked for again. */
const requestIdSchema = z.string().min(8).max(64)

export const newTaskSchema = taskFieldsSchema.extend({
  projectId: projectIdSchema,
  state: z.enum(['draft', 'open']),
  parentId: taskIdSchema.nullable(),
  requestId: requestIdSchema,
})
export type NewTask = z.infer<typeof newTaskSchema>

export const taskPatchSchema = taskFieldsSchema.partial()
export type TaskPatch = z.infer<typeof taskPatchSchema>

export const newCheckpointSchema = z.object({
  summary: noteSchema,
  nextSteps: markdownSchema,
  headSha: shaSchema.nullable(),
})
export type NewCheckpoint = z.infer<typeof newCheckpointSchema>

/** What an agent says when it hands its work in, gives it up or gives it back. */
export const submissionSchema = z.object({ headSha: shaSchema.nullable(), summary: noteSchema })
export const failureSchema = z.object({ reason: reasonSchema })
export const releaseSchema = z.object({ reason: reasonSchema, to: z.enum(['open', 'blocked']) })
export type Submission = z.infer<typeof submissionSchema>
export type Failure = z.infer<typeof failureSchema>
export type Release = z.infer<typeof releaseSchema>

/** Where a person may put a task by hand; everything else takes a claim. */
export const moveSchema = z.discriminatedUnion('to', [
  z.object({ to: z.enum(['draft', 'open', 'done']) }),
  z.object({ to: z.enum(['blocked', 'failed', 'cancelled']), reason: reasonSchema }),
  z.object({ to: z.literal('deferred'), until: timeSchema.nullable() }),
])
export type Move = z.infer<typeof moveSchema>

const byTask = z.object({ taskId: taskIdSchema })

/** A new session for a task, in the task's project; the title is the task's when null. */
export const startSessionSchema = newSessionSchema.omit({ projectId: true }).extend({ taskId: taskIdSchema })
export type StartSession = z.infer<typeof startSessionSchema>

/** Where it is to lie on the board from now on, in the same transaction: before another one, or last; left out, it stays. */
const spot = { beforeId: taskIdSchema.nullable().optional() }
/** With the rev that was looked at, a row that has changed since is refused; null takes it as it is. */
const atRev = byTask.extend({ rev: z.number().int().nullable() })
const edge = z.object({ taskId: taskIdSchema, dependsOnId: taskIdSchema, kind: dependencyKindSchema })

/** Every answer names the event that recorded it. */
const recorded = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ ...shape, seq: z.number().int() })
const recordedTask = recorded({ task: taskSchema })
export type RecordedTask = z.infer<typeof recordedTask>

export const historyEntrySchema = z.object({
  seq: z.number().int(),
  at: timeSchema,
  topic: z.string(),
  /** "claim-task". */
  command: z.string(),
  /** "session:ses_…", "person:desktop", "system:switchyard". */
  by: z.string(),
  payload: z.unknown(),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

export const taskDetailSchema = z.object({
  task: taskSchema,
  /** Why it cannot be claimed now, and what to do; null when it can. */
  notReady: z.string().nullable(),
  /** Newest first. */
  attempts: z.array(attemptSchema),
  checkpoints: z.array(checkpointSchema),
  /** Oldest first. */
  comments: z.array(commentSchema),
  /** Both those it waits for and those that wait for it. */
  dependencies: z.array(dependencySchema),
})
export type TaskDetail = z.infer<typeof taskDetailSchema>

const pageLimit = z.number().int().min(1).max(500)
const historyQuery = byTask.extend({ before: z.number().int().nullable(), limit: pageLimit })
export type HistoryQuery = z.infer<typeof historyQuery>
const endedQuery = z.object({
  projectId: projectIdSchema,
  before: z.object({ endedAt: timeSchema, taskId: taskIdSchema }).nullable(),
  limit: pageLimit,
})
export type EndedQuery = z.infer<typeof endedQuery>

export const tasksContract = {
  create: procedure('full').input(newTaskSchema).output(recordedTask),
  update: procedure('full')
    .errors(refusals('STALE_REV', 'TERMINAL'))
    .input(atRev.extend({ patch: taskPatchSchema }))
    .output(recordedTask),
  /** Puts a task where the person wants it. One that is worked on is taken back: its attempt ends. */
  move: procedure('full')
    .errors(refusals('STALE_REV', 'TERMINAL', 'NOT_ALLOWED'))
    .input(atRev.extend({ move: moveSchema, ...spot }))
    .output(recordedTask),
  /** Puts the task before another one of its project on the board, or last. */
  place: procedure('full')
    .input(byTask.extend({ beforeId: taskIdSchema.nullable() }))
    .output(recordedTask),
  addDependency: procedure('full')
    .errors(refusals('CYCLE', 'EXISTS', 'TERMINAL'))
    .input(edge.extend({ satisfiedOn: z.enum(['completed', 'merged']) }))
    .output(recorded({ dependency: dependencySchema })),
  removeDependency: procedure('full')
    .input(edge)
    .output(z.object({ seq: z.number().int() })),
  comment: procedure('full')
    .input(byTask.extend({ body: noteSchema, requestId: requestIdSchema }))
    .output(recorded({ comment: commentSchema })),
  cancel: procedure('full')
    .errors(refusals('TERMINAL', 'NOT_ALLOWED'))
    .input(byTask.extend({ reason: reasonSchema }))
    .output(recordedTask),
  /** Takes an ended task up again. Whoever worked on it before can write to it no more. */
  reopen: procedure('full')
    .errors(refusals('NOT_ALLOWED'))
    .input(byTask.extend({ to: z.enum(['open', 'draft']).default('open'), ...spot }))
    .output(recordedTask),
  /** Opens a blocked task, or one in its pause, for a fresh attempt now. */
  retry: procedure('full').errors(refusals('TERMINAL', 'NOT_ALLOWED')).input(byTask.extend(spot)).output(recordedTask),
  /** The submitted work is good: the task is done. */
  accept: procedure('full').errors(refusals('TERMINAL', 'NOT_ALLOWED')).input(byTask.extend(spot)).output(recordedTask),
  /** The submitted work goes back to who did it, with what is to be changed as a comment. */
  requestChanges: procedure('full')
    .errors(refusals('TERMINAL', 'NOT_ALLOWED'))
    .input(byTask.extend({ comment: noteSchema, ...spot }))
    .output(recordedTask),
  /**
   * Makes a session whose work is this task, with the task's brief as its prompt when none is given. A draft, a task on hold
   * or one in its pause is opened by it.
   */
  startSession: procedure('full')
    .errors(refusals('TERMINAL', 'ALREADY_CLAIMED', 'BLOCKED', 'NOT_READY', 'NOT_FOR_YOU', 'PAUSED'))
    .errors(
      refusals('AGENT_MISSING', 'PROJECT_UNUSABLE', 'BRANCH_EXISTS', 'BRANCH_IN_USE', 'BAD_BRANCH_NAME', 'BAD_BASE'),
    )
    .input(startSessionSchema)
    .output(recorded({ task: taskSchema, attempt: attemptSchema, session: sessionSchema })),
  /** Hands out tasks again after a pause. */
  resumeDispatch: procedure('full')
    .input(noInput)
    .output(recorded({ dispatch: dispatchSchema })),
  detail: procedure('view').input(byTask).output(taskDetailSchema),
  /** Newest first; the next page begins before the last seq of this one. */
  history: procedure('view').input(historyQuery).output(z.array(historyEntrySchema)),
  /** Tasks that ended longer ago than the snapshot shows, newest end first. */
  listEnded: procedure('view').input(endedQuery).output(z.array(taskSchema)),
}

export const tasksTopics = {
  'tasks.changed': taskSchema,
  'tasks.removed': byTask,
  'dependencies.changed': dependencySchema,
  'dependencies.removed': edge,
  'attempts.changed': attemptSchema,
  'checkpoints.recorded': checkpointSchema,
  'comments.recorded': commentSchema,
  'dispatch.changed': dispatchSchema,
} as const
