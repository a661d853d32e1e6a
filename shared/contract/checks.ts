import { z } from 'zod'
import { checkIdSchema, checkRunIdSchema, projectIdSchema, terminalIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { done, procedure, refusals, timeSchema } from './base.ts'

const minuteMs = 60_000
export const usualTimeLimitMs = 10 * minuteMs

/** What a person says of a check. The command is given to `sh -c` as it is. */
export const checkFieldsSchema = z.object({
  /** One line, shown as text. */
  name: z
    .string()
    .trim()
    .min(1, 'Give it a name.')
    .max(60, 'Use at most 60 characters.')
    .regex(/^[^\r\n]*$/, 'Use one line.'),
  command: z
    .string()
    .trim()
    .min(1, 'Say what to run.')
    .max(4000, 'Use at most 4,000 characters; put more in a script.'),
  timeLimitMs: z
    .number()
    .int()
    .min(1000, 'Give it at least a second.')
    .max(24 * 60 * minuteMs, 'Give it at most a day.'),
  /** A branch may only be merged when it passed. */
  isGate: z.boolean(),
})
export type CheckFields = z.infer<typeof checkFieldsSchema>

/** A command of the project that says whether what is in a folder is as it should be. Its order is the order of runs. */
export const checkSchema = checkFieldsSchema.extend({
  id: checkIdSchema,
  projectId: projectIdSchema,
  position: z.number(),
  createdAt: timeSchema,
})
export type Check = z.infer<typeof checkSchema>

/** What became of a run. A run that was cut off, or never began, says nothing of what it was to look at. */
export const runStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('passed') }),
  z.object({ kind: z.literal('failed'), code: z.number().int().nullable(), signal: z.string().nullable() }),
  z.object({ kind: z.literal('timed-out') }),
  z.object({ kind: z.literal('cancelled') }),
  /** Its terminal was lost: the computer restarted, or the process that keeps terminals ended. */
  z.object({ kind: z.literal('lost') }),
  z.object({ kind: z.literal('not-started'), problem: z.string() }),
])
export type RunState = z.infer<typeof runStateSchema>

export const checkRunSchema = z.object({
  id: checkRunIdSchema,
  checkId: checkIdSchema,
  projectId: projectIdSchema,
  /** Null for one in a folder of the merge queue. */
  worktreeId: worktreeIdSchema.nullable(),
  /** As they were when it was asked for. */
  name: z.string(),
  command: z.string(),
  timeLimitMs: z.number().int(),
  /** The commit that was checked out when it began; null before it began, and where there is none. */
  head: z.string().nullable(),
  /** The files it saw when it began, as a commit of all of them would have them. */
  tree: z.string().nullable(),
  /** It saw exactly that commit: nothing changed beside it, no file that is not ignored. */
  isExact: z.boolean(),
  /** The files were changed while it ran; null before its end and where that is not known. */
  hasChanged: z.boolean().nullable(),
  /** Its live output, and after its end the whole of it for as long as that is kept. */
  terminalId: terminalIdSchema.nullable(),
  state: runStateSchema,
  /** Lines that say what is wrong, or the last ones; shown as text. Empty when it passed. */
  excerpt: z.array(z.string()),
  /** How long it took the last time it passed; null when it never did. */
  expectedMs: z.number().int().nullable(),
  queuedAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
})
export type CheckRun = z.infer<typeof checkRunSchema>

/** A check that the project's own files suggest. Nothing runs it before a person adds it. */
export const checkProposalSchema = checkFieldsSchema.extend({
  /** The file it was read from: "package.json". */
  source: z.string(),
})
export type CheckProposal = z.infer<typeof checkProposalSchema>

/** What the gates say of the commit that a worktree has checked out. */
export const gateStateSchema = z.object({
  /** `unknown`: some gate was not run for this commit as it is. Without gates it is `passed`. */
  kind: z.enum(['passed', 'failing', 'running', 'unknown']),
  head: z.string().nullable(),
  /** The files as they are, as a commit of all of them would have them: what a run that saw others was before. */
  tree: z.string(),
  gates: z.array(
    z.object({
      checkId: checkIdSchema,
      name: z.string(),
      state: z.enum(['passed', 'failing', 'running', 'unknown']),
      runId: checkRunIdSchema.nullable(),
      /** Why it is not known, and what to do; null where there is nothing to say. */
      why: z.string().nullable(),
    }),
  ),
  /** In one sentence, with what to do next. */
  message: z.string(),
})
export type GateState = z.infer<typeof gateStateSchema>

/** At most so many runs of a check are kept for each worktree. */
export const mostRunsKept = 50

const byWorktree = z.object({ worktreeId: worktreeIdSchema })
const byCheck = z.object({ checkId: checkIdSchema })
const byRun = z.object({ runId: checkRunIdSchema })

export const checksContract = {
  add: procedure('full')
    .errors(refusals('NAME_TAKEN', 'TOO_MANY'))
    .input(z.object({ projectId: projectIdSchema, fields: checkFieldsSchema }))
    .output(checkSchema),
  update: procedure('full')
    .errors(refusals('NAME_TAKEN'))
    .input(byCheck.extend({ fields: checkFieldsSchema }))
    .output(checkSchema),
  /** Puts it before another one of its project, or last. */
  move: procedure('full')
    .input(byCheck.extend({ beforeId: checkIdSchema.nullable() }))
    .output(checkSchema),
  /** Its runs are kept, so that `restore` brings everything back. */
  remove: procedure('full').input(byCheck).output(done),
  restore: procedure('full').errors(refusals('NAME_TAKEN', 'TOO_MANY')).input(byCheck).output(checkSchema),
  /** What the files of the main checkout's last commit suggest, without what there is already. */
  proposals: procedure('view')
    .errors(refusals('PROJECT_UNUSABLE'))
    .input(z.object({ projectId: projectIdSchema }))
    .output(z.array(checkProposalSchema)),
  /** Runs them in a worktree as it is, one after the other. Those that run or wait there already are answered as they are. */
  run: procedure('full')
    .errors(refusals('WORKTREE_MISSING', 'NO_CHECKS'))
    .input(
      byWorktree.extend({
        /** All, those that did not pass the last time, or the named ones. */
        which: z.union([z.enum(['all', 'failed']), z.array(checkIdSchema).min(1).max(50)]),
      }),
    )
    .output(z.array(checkRunSchema)),
  /** Ends it with every process it started. One that has ended is answered as it is. */
  cancel: procedure('full').input(byRun).output(checkRunSchema),
  /** The last lines it printed, as text: at most 200 and 64 KB. */
  output: procedure('view')
    .input(byRun)
    .output(z.object({ text: z.string(), isCut: z.boolean() })),
  /** Newest first. */
  history: procedure('view').input(byCheck.extend(byWorktree.shape)).output(z.array(checkRunSchema)),
  gates: procedure('view')
    .errors(refusals('WORKTREE_MISSING', 'CANNOT_READ'))
    .input(byWorktree)
    .output(gateStateSchema),
}

export const checksTopics = {
  'checks.changed': checkSchema,
  'checks.removed': z.object({ id: checkIdSchema, projectId: projectIdSchema, name: z.string() }),
  'checkruns.changed': checkRunSchema,
  /** They are not kept any more. */
  'checkruns.removed': z.object({ ids: z.array(checkRunIdSchema) }),
} as const
