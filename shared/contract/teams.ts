import { z } from 'zod'
import { projectIdSchema, sessionIdSchema } from '../lib/ids.ts'
import { timeSchema } from './base.ts'

// What a session's agent keeps of its own team, as far as it shows. It is mirrored and never written.

const ofSession = { sessionId: sessionIdSchema, projectId: projectIdSchema }

/** A helper that lives beside its agent, with a name and an inbox. */
export const teammateSchema = z.object({
  ...ofSession,
  /** Its address in the team, once in each. */
  name: z.string(),
  /** Which kind of helper it was made of; empty while that is not known. */
  type: z.string(),
  model: z.string().nullable(),
  state: z.enum(['working', 'idle', 'ended']),
  /** Since when it is in this state. */
  since: timeSchema,
  joinedAt: timeSchema,
})
export type Teammate = z.infer<typeof teammateSchema>

/** So many tasks of one team are followed, the newest ones; older ones stay as they were seen last. */
export const mostTeamTasks = 500

/** A task of the team's own list: the agent's, not one of the project. */
export const teamTaskSchema = z.object({
  ...ofSession,
  /** A number that counts up in each team. */
  id: z.string(),
  subject: z.string(),
  state: z.enum(['pending', 'in-progress', 'completed', 'deleted']),
  /** The name of a teammate, or of the leader. */
  owner: z.string().nullable(),
  blockedBy: z.array(z.string()),
  changedAt: timeSchema,
})
export type TeamTask = z.infer<typeof teamTaskSchema>

/** What one of a team wrote to another; seen only where it lay unread for a moment. */
export const teamMessageSchema = z.object({
  ...ofSession,
  /** The agent's own id of it. */
  id: z.string(),
  from: z.string(),
  to: z.string(),
  /** Its beginning. */
  text: z.string(),
  sentAt: timeSchema,
})
export type TeamMessage = z.infer<typeof teamMessageSchema>

export const teamsTopics = {
  'teammates.changed': teammateSchema,
  'teamtasks.changed': teamTaskSchema,
  'teammessages.recorded': teamMessageSchema,
} as const
