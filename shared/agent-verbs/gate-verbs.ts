import { z } from 'zod'
import { checkSchema, gateStateSchema, runStateSchema } from '../contract/checks.ts'
import { decide, look } from './verb.ts'

/** A check as a line: what it runs, and what it came to the last time in your worktree. */
const checkLineSchema = checkSchema.pick({ name: true, command: true, isGate: true }).extend({
  state: z
    .enum(['none', ...runStateSchema.options.map(({ shape }) => shape.kind.value)])
    .describe('Of the newest run; `none`: it was not run here.'),
  exitCode: z.number().int().nullable(),
  seconds: z.number().nullable().describe('How long it took.'),
  excerpt: z.array(z.string()).describe('Lines that say what is wrong.'),
  sawCommit: z.string().nullable().describe('What was checked out when it began.'),
  sawUncommitted: z.boolean().describe('It saw work that was not committed, so it says nothing of the commit alone.'),
})
export type CheckLine = z.infer<typeof checkLineSchema>

const names = z
  .array(z.string().trim().min(1).max(60))
  .max(50)
  .default([])
  .describe('Checks by name; all when left out.')

export const gateVerbs = {
  'gates.run': decide({
    description:
      'Runs the project’s checks in your worktree as it is, one after the other, and waits for them. Those that are gates must pass on your commit before it is merged: commit first.',
    input: {
      names,
      seconds: z
        .number()
        .int()
        .min(0)
        .max(540)
        .default(90)
        .describe('How long to wait. They go on after that; ask `gates status` for the rest.'),
    },
    output: { checks: z.array(checkLineSchema), isDone: z.boolean() },
    positional: ['names'],
  }),
  'gates.status': look({
    description:
      'Tells what the project’s checks came to in your worktree, and whether its gates let your commit be merged.',
    input: { names },
    output: {
      state: gateStateSchema.shape.kind.describe('`unknown`: some gate was not run on your commit as it is.'),
      message: z.string(),
      checks: z.array(checkLineSchema),
    },
    positional: ['names'],
  }),
} as const
