import { z } from 'zod'
import { leaseRequestSchema, waitEndSchema } from '../contract/leases.ts'
import { waiterIdSchema } from '../lib/ids.ts'
import { decide, look, tell } from './verb.ts'
import { leaseLineSchema } from './verb-shapes.ts'

const { targets, mode, policy, wait } = leaseRequestSchema.shape

const checkedPathSchema = z.object({ path: z.string(), message: z.string() })

export const leaseVerbs = {
  'lease.acquire': decide({
    description:
      'Leases files or resources before you change them: all of the targets or none. Others are then told, or kept from it.',
    input: {
      targets: targets.describe('Globs below the repository root ("src/api/**"), or "resource:port:5173".'),
      mode: mode.default('exclusive').describe('`shared`: all who share a target may edit it.'),
      policy: policy
        .default(null)
        .describe(
          'What happens to the edit of another: shown, warned, refused. Left out: warn files, refuse resources.',
        ),
      wait: wait.default(false).describe('Stand in line when it cannot be had now; then use `lease wait`.'),
    },
    output: {
      kind: z.enum(['granted', 'waiting']),
      leases: z.array(leaseLineSchema),
      overlapping: z.array(leaseLineSchema).describe('Leases of others on the same that only warn.'),
      waiterId: waiterIdSchema.nullable(),
    },
    positional: ['targets'],
  }),
  'lease.renew': tell({
    description: 'Keeps all your leases from expiring. Any tool call does so too, so you rarely need it.',
    input: {},
    output: { leases: z.array(leaseLineSchema) },
  }),
  'lease.release': decide({
    description: 'Gives back the leases you name by target or id; all of yours when you name none.',
    input: { targets: z.array(z.string().min(1).max(600)).max(200).default([]) },
    output: { leases: z.array(leaseLineSchema) },
    positional: ['targets'],
  }),
  'lease.list': look({
    description: 'Lists who holds which leases in the project, and who waits in line.',
    input: { mine: z.boolean().default(false).describe('Only yours.') },
    output: {
      leases: z.array(leaseLineSchema),
      waiters: z.array(
        z.object({ id: waiterIdSchema, by: z.string(), targets: z.array(z.string()), isMine: z.boolean() }),
      ),
    },
  }),
  'lease.check': look({
    description: 'Tells which files the leases of others keep you from changing, and which they only warn of.',
    input: {
      paths: z
        .array(z.string().min(1).max(4096))
        .min(1, 'Name at least one file.')
        .max(200)
        .describe('Files as they are called from the repository root.'),
      commit: z.boolean().default(false).describe('You are about to commit them: that you may not is written down.'),
    },
    output: { refused: z.array(checkedPathSchema), warned: z.array(checkedPathSchema) },
    positional: ['paths'],
  }),
  'lease.wait': look({
    description: 'Waits until your place in line is served. Ask again when the time is over; you keep your place.',
    input: {
      waiterId: waiterIdSchema.describe('As `lease acquire` with wait answered it.'),
      seconds: z.number().int().min(1).max(540).default(60).describe('How long to wait.'),
    },
    output: { ended: waitEndSchema.nullable().describe('Null: you still stand in line.') },
    positional: ['waiterId'],
  }),
} as const
