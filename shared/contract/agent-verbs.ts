import { z } from 'zod'
import { projectIdSchema, sessionIdSchema } from '../lib/ids.ts'
import { timeSchema } from './base.ts'

/** What a session said last of its own progress. */
export const reportSchema = z.object({
  sessionId: sessionIdSchema,
  projectId: projectIdSchema,
  /** One line, in the agent's words. */
  text: z.string(),
  at: timeSchema,
})
export type Report = z.infer<typeof reportSchema>

export const agentVerbsTopics = { 'reports.changed': reportSchema } as const
