import { z } from 'zod'
import {
  leaseIdSchema,
  messageIdSchema,
  projectIdSchema,
  sessionIdSchema,
  taskIdSchema,
  threadIdSchema,
} from '../lib/ids.ts'
import { procedure, timeSchema } from './base.ts'

/** What the lines of the log are about, in the order in which they are offered as a filter. */
export const activityGroupSchema = z.enum([
  'tasks',
  'sessions',
  'questions',
  'leases',
  'mail',
  'checks',
  'worktrees',
  'guard',
  'refusals',
])
export type ActivityGroup = z.infer<typeof activityGroupSchema>

/** Who did something: the person, an agent, or Switchyard itself. */
export const actorKindSchema = z.enum(['person', 'session', 'system'])
export type ActorKind = z.infer<typeof actorKindSchema>

/** Where a line leads. Its label is how the text of the line calls it. */
export const activityObjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('task'), id: taskIdSchema, projectId: projectIdSchema, label: z.string() }),
  z.object({ kind: z.literal('session'), id: sessionIdSchema, label: z.string() }),
  z.object({ kind: z.literal('message'), id: messageIdSchema, threadId: threadIdSchema, label: z.string() }),
  z.object({ kind: z.literal('lease'), id: leaseIdSchema, label: z.string() }),
])
export type ActivityObject = z.infer<typeof activityObjectSchema>

/** One line of the log. Its texts are inert: nothing hidden or reordered, each on one line. */
export const activityEntrySchema = z.object({
  seq: z.number().int().positive(),
  at: timeSchema,
  group: activityGroupSchema,
  projectId: projectIdSchema.nullable(),
  actor: actorKindSchema,
  /** What the sentence begins with: “You”, a session's title, “Switchyard”. */
  who: z.string(),
  /** The rest of the sentence: “took up APP-142”. */
  what: z.string(),
  /** Why, and after a refusal what to do next; null when there is nothing to say. */
  reason: z.string().nullable(),
  /** Null when what it was about can be shown nowhere. */
  object: activityObjectSchema.nullable(),
})
export type ActivityEntry = z.infer<typeof activityEntrySchema>

const seqSchema = z.number().int().nonnegative()

export const activityQuerySchema = z.object({
  /** Null for all projects. */
  projectId: projectIdSchema.nullable(),
  /** None means all. */
  groups: z.array(activityGroupSchema).max(activityGroupSchema.options.length),
  actors: z.array(actorKindSchema).max(actorKindSchema.options.length),
  sessionId: sessionIdSchema.nullable(),
  taskId: taskIdSchema.nullable(),
  /** Words that a line must hold, all of them. */
  text: z.string().max(200, 'Filter by at most 200 characters.'),
  /** Only lines with a smaller number; null for the newest. */
  before: seqSchema.nullable(),
  /** Only lines with a greater number: what happened since. */
  after: seqSchema.nullable(),
  limit: z.number().int().min(1).max(200, 'Ask for at most 200 lines at a time.'),
})
export type ActivityQuery = z.infer<typeof activityQuerySchema>

export const activityPageSchema = z.object({
  /** Newest first. */
  entries: z.array(activityEntrySchema),
  /** Give it as `before` to go on; null when nothing older is kept. There may be a next page after one without lines. */
  next: seqSchema.nullable(),
  /** Everything up to this number was looked at: give it as `after` to hear what happened since. */
  newest: seqSchema,
  /** Something older was moved to the event archive, which is a file. */
  isArchived: z.boolean(),
})
export type ActivityPage = z.infer<typeof activityPageSchema>

/** Why a session or a task is where it is. */
export const whySchema = z.object({
  /** What it is called: a session's title, a task's key and title. */
  title: z.string(),
  /** In words, without a full stop: “Not started yet: “Fix the parser” takes the start slots”. */
  sentence: z.string(),
  /** Until when it stays so by itself, to be said after the sentence; null when nobody knows. */
  until: timeSchema.nullable(),
  /** What the person can do about it; null when nothing needs to be done. */
  next: z.string().nullable(),
  /** The line of the log that decided it; null when none is kept. */
  decidedBy: activityEntrySchema.nullable(),
})
export type Why = z.infer<typeof whySchema>

export const whyQuerySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), id: sessionIdSchema }),
  z.object({ kind: z.literal('task'), id: taskIdSchema }),
])
export type WhyQuery = z.infer<typeof whyQuerySchema>

export const activityContract = {
  page: procedure('view').input(activityQuerySchema).output(activityPageSchema),
  why: procedure('view').input(whyQuerySchema).output(whySchema),
}
