import { z } from 'zod'
import { incarnationIdSchema, leaseIdSchema, projectIdSchema, sessionIdSchema, waiterIdSchema } from '../lib/ids.ts'
import { procedure, refusals, timeSchema } from './base.ts'

export const leaseTargetSchema = z.discriminatedUnion('kind', [
  /** A repository-relative pattern in its normal form. */
  z.object({ kind: z.literal('path'), pattern: z.string() }),
  /** Something that only one may use at a time and that is no file: "port:5173", "merge". */
  z.object({ kind: z.literal('resource'), name: z.string() }),
])
export type LeaseTarget = z.infer<typeof leaseTargetSchema>

/** Those that share a target may all edit it; an exclusive lease is for its owner alone. */
export const leaseModeSchema = z.enum(['shared', 'exclusive'])
export type LeaseMode = z.infer<typeof leaseModeSchema>

/**
 * What happens to an edit by somebody else: `advisory` shows the lease and no more, `warn` lets it pass with a warning,
 * `enforce` refuses it. An enforced lease also keeps others from leasing the same.
 */
export const leasePolicySchema = z.enum(['advisory', 'warn', 'enforce'])
export type LeasePolicy = z.infer<typeof leasePolicySchema>

export const leaseWantSchema = z.object({ target: leaseTargetSchema, mode: leaseModeSchema, policy: leasePolicySchema })
export type LeaseWant = z.infer<typeof leaseWantSchema>

const owner = { projectId: projectIdSchema, sessionId: sessionIdSchema, incarnationId: incarnationIdSchema }

export const leaseSchema = leaseWantSchema.extend({
  id: leaseIdSchema,
  ...owner,
  acquiredAt: timeSchema,
  /** When it ends without a sign of life of its owner; moved on by each. */
  expiresAt: timeSchema,
  /** When it ends whatever its owner does. */
  holdUntil: timeSchema,
  rev: z.number().int(),
})
export type Lease = z.infer<typeof leaseSchema>

/** A session that waits until it can have all of what it asked for. */
export const leaseWaiterSchema = z.object({
  id: waiterIdSchema,
  ...owner,
  wants: z.array(leaseWantSchema),
  askedAt: timeSchema,
  expiresAt: timeSchema,
})
export type LeaseWaiter = z.infer<typeof leaseWaiterSchema>

export const leaseEndSchema = z.enum(['released', 'expired', 'held-too-long', 'owner-ended', 'attempt-ended'])
export type LeaseEnd = z.infer<typeof leaseEndSchema>

export const waitEndSchema = z.enum(['granted', 'cancelled', 'expired', 'owner-ended', 'attempt-ended'])
export type WaitEnd = z.infer<typeof waitEndSchema>

/** The number of the event that recorded what was done. */
const seqSchema = z.number().int().positive()

export const acquiredSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('granted'),
    leases: z.array(leaseSchema),
    /** Leases of others that cover the same and only warn: their owners may edit there too. */
    overlapping: z.array(leaseSchema),
    seq: seqSchema,
  }),
  z.object({ kind: z.literal('waiting'), waiter: leaseWaiterSchema, seq: seqSchema }),
])
export type Acquired = z.infer<typeof acquiredSchema>

/** What is asked for: each target a repository-relative pattern, or "resource:" and a name. All of them or none. */
export const leaseRequestSchema = z.object({
  targets: z
    .array(z.string().min(1).max(600))
    .min(1, 'Name at least one target.')
    .max(32, 'Ask for at most 32 targets.'),
  mode: leaseModeSchema,
  /** Null for the usual one: `warn` for files, `enforce` for resources. */
  policy: leasePolicySchema.nullable(),
  /** Stand in line when it cannot be had now. */
  wait: z.boolean(),
  /** A repeat with the same request id gets the same answer. */
  requestId: z.string().min(8).max(64),
})
export type LeaseRequest = z.infer<typeof leaseRequestSchema>

export const leasesContract = {
  /** Leases on behalf of a session whose agent runs. */
  acquire: procedure('full')
    .errors(refusals('HELD', 'DEADLOCK', 'NOT_RUNNING', 'TOO_MANY'))
    .input(leaseRequestSchema.extend({ sessionId: sessionIdSchema }))
    .output(acquiredSchema),
  release: procedure('full')
    .input(z.object({ leaseId: leaseIdSchema }))
    .output(z.object({ seq: seqSchema })),
  /** Refused when the stricter policy would stand against a lease that somebody else holds already. */
  setPolicy: procedure('full')
    .errors(refusals('HELD', 'DEADLOCK'))
    .input(z.object({ leaseId: leaseIdSchema, policy: leasePolicySchema }))
    .output(z.object({ lease: leaseSchema, seq: seqSchema })),
  /** Takes a session out of the line. */
  cancelWait: procedure('full')
    .input(z.object({ waiterId: waiterIdSchema }))
    .output(z.object({ seq: seqSchema })),
}

const ended = { projectId: projectIdSchema, sessionId: sessionIdSchema }

export const leasesTopics = {
  'leases.changed': leaseSchema,
  'leases.removed': z.object({ id: leaseIdSchema, ...ended, why: leaseEndSchema }),
  'waiters.changed': leaseWaiterSchema,
  'waiters.removed': z.object({ id: waiterIdSchema, ...ended, why: waitEndSchema }),
} as const
