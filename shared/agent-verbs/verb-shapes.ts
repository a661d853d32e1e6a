import { z } from 'zod'
import { leaseSchema } from '../contract/leases.ts'
import { attemptSchema, taskSchema } from '../contract/task-rows.ts'

// What agents read is short: every line of an answer takes room in their context.

/** A task as a line in a list. */
export const taskLineSchema = taskSchema
  .pick({
    id: true,
    key: true,
    title: true,
    kind: true,
    state: true,
    priority: true,
    labels: true,
    reason: true,
    rev: true,
  })
  .extend({ by: z.string().nullable().describe('The session that works on it.') })
export type TaskLine = z.infer<typeof taskLineSchema>

export const attemptLineSchema = attemptSchema
  .pick({ id: true, number: true, epoch: true, state: true, leaseUntil: true, hardDeadline: true })
  .extend(attemptSchema.pick({ headSha: true, outcome: true, rescueRef: true }).shape)
  .extend({ by: z.string() })
export type AttemptLine = z.infer<typeof attemptLineSchema>

export const leaseLineSchema = leaseSchema
  .pick({ id: true, mode: true, policy: true, expiresAt: true, holdUntil: true, sessionId: true })
  .extend({ target: z.string(), by: z.string().describe('The session that holds it.'), isMine: z.boolean() })
export type LeaseLine = z.infer<typeof leaseLineSchema>

export const taskRef = z.string().trim().min(1).max(60).describe('Key ("APP-142") or id of a task.')
export const ownTask = taskRef
  .nullable()
  .default(null)
  .describe('Key or id of a task; the one you work on when left out.')
