import { z } from 'zod'
import { projectIdSchema, sessionIdSchema } from '../lib/ids.ts'
import { done, procedure, timeSchema } from './base.ts'

const ofSession = { sessionId: sessionIdSchema, projectId: projectIdSchema }

/** Edits of a session that nobody checked: its guard was away or too slow, and it let them pass. */
export const guardOutageSchema = z.object({
  ...ofSession,
  /** How many since the person last dismissed them; 0 when they did. */
  edits: z.number().int().nonnegative(),
  lastPath: z.string(),
  firstAt: timeSchema,
  lastAt: timeSchema,
  /**
   * `late`: the guard did not answer in time; it is over with the next edit that is judged. `away`: Switchyard was closed,
   * and only the person ends it.
   */
  why: z.enum(['late', 'away']),
})
export type GuardOutage = z.infer<typeof guardOutageSchema>

/** A helper that a session's agent started inside of its own process. */
export const subagentSchema = z.object({
  ...ofSession,
  /** The agent's own id of it. */
  id: z.string(),
  /** "general-purpose", or what its agent calls it. */
  type: z.string(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** The beginning of what it said last; null while it works. */
  result: z.string().nullable(),
})
export type Subagent = z.infer<typeof subagentSchema>

/** A file that a session's agent changed by one of its tools. */
export const touchedFileSchema = z.object({
  ...ofSession,
  /** Below the root of its worktree. */
  path: z.string(),
  firstAt: timeSchema,
  lastAt: timeSchema,
})
export type TouchedFile = z.infer<typeof touchedFileSchema>

/** An agent began to sum its conversation up. What it knew in detail is gone afterwards. */
export const compactionSchema = z.object({
  ...ofSession,
  /** By a command, and not because it was full. */
  isAsked: z.boolean(),
})

const bySession = z.object({ sessionId: sessionIdSchema })

export const agentHooksContract = {
  /** The person has seen that edits were not checked. */
  dismissOutage: procedure('full').input(bySession).output(done),
  /** Newest first. */
  touchedFiles: procedure('view').input(bySession).output(z.array(touchedFileSchema)),
}

export const agentHooksTopics = {
  'outages.changed': guardOutageSchema,
  'subagents.changed': subagentSchema,
  /** The first time that a session changed a file. */
  'files.changed': touchedFileSchema,
  'compactions.recorded': compactionSchema,
} as const
