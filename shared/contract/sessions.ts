import { z } from 'zod'
import { projectIdSchema, sessionIdSchema, terminalIdSchema, worktreeIdSchema } from '../lib/ids.ts'
import { agentIdSchema } from './agents.ts'
import { done, procedure, refusals, timeSchema, titleSchema } from './base.ts'

/** What we want and did. */
export const lifecycleSchema = z.enum(['planned', 'preparing', 'running', 'stopped', 'archived'])
export type Lifecycle = z.infer<typeof lifecycleSchema>

/** What the operating system says of the agent's process. */
export const runtimeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('alive'), pid: z.number().int(), since: timeSchema }),
  z.object({
    kind: z.literal('exited'),
    code: z.number().int().nullable(),
    signal: z.string().nullable(),
    at: timeSchema,
    /** True when it ended because the person asked; then a non-zero code is no failure. */
    wasAsked: z.boolean(),
  }),
  z.object({ kind: z.literal('lost'), at: timeSchema, reason: z.string() }),
])
export type Runtime = z.infer<typeof runtimeSchema>

export const evidenceSchema = z.object({
  source: z.enum(['hook', 'status-file', 'title', 'notification', 'process', 'person', 'none']),
  /** In words, without the time: "PermissionRequest: Bash". */
  detail: z.string(),
})

/** What the agent says of itself; `unknown` when nothing trustworthy was heard. */
export const activitySchema = z.object({
  kind: z.enum(['working', 'needs-you', 'idle', 'unknown']),
  /** Why it needs you: "Permission to run a command". Null for the other kinds. */
  reason: z.string().nullable(),
  evidence: evidenceSchema,
  at: timeSchema,
})
export type Activity = z.infer<typeof activitySchema>

export const worktreeChoiceSchema = z.discriminatedUnion('kind', [
  /** A new branch from a base; null base is the default branch, fetched first. Null branch is made from the title. */
  z.object({
    kind: z.literal('new-branch'),
    baseRef: z.string().max(200).nullable(),
    branch: z.string().max(100).nullable(),
  }),
  z.object({ kind: z.literal('existing-branch'), branch: z.string().max(200) }),
  z.object({ kind: z.literal('existing-worktree'), path: z.string().max(4096) }),
  /** No worktree: the agent edits the project's own checkout. */
  z.object({ kind: z.literal('in-place') }),
])
export type WorktreeChoice = z.infer<typeof worktreeChoiceSchema>

/** One step of getting ready, in order, so that a failure can be shown and retried where it happened. */
export const preparationStepSchema = z.object({
  name: z.enum(['worktree', 'agent']),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  detail: z.string(),
})

export const usageSchema = z.object({
  contextPercent: z.number().nullable(),
  costUsd: z.number().nullable(),
  model: z.string().nullable(),
  at: timeSchema,
})

/** What a session is there for: "reviewer". Tasks can ask for one, and mail can be sent to whoever has it. */
export const roleSchema = z
  .string()
  .trim()
  .max(50, 'Use at most 50 characters.')
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'Use small letters, digits and hyphens, as in “reviewer”.')

export const sessionSchema = z.object({
  id: sessionIdSchema,
  projectId: projectIdSchema,
  title: z.string(),
  agentId: agentIdSchema,
  /** Null for one that does whatever it is asked. */
  role: z.string().nullable(),
  model: z.string().nullable(),
  permissionMode: z.string().nullable(),
  /** Its agent may run a team: helpers that live beside it, with tasks of their own. */
  usesTeams: z.boolean(),
  /** Mail may be typed at its prompt, where its agent can be told in no other way. */
  isMailTyped: z.boolean().default(true),
  prompt: z.string().nullable(),
  worktreeChoice: worktreeChoiceSchema,
  worktreeId: worktreeIdSchema.nullable(),
  /** The agent's own terminal, once it was started. */
  terminalId: terminalIdSchema.nullable(),
  lifecycle: lifecycleSchema,
  /** Why it is queued, or what failed and what to do, in words; null when there is nothing to say. */
  lifecycleReason: z.string().nullable(),
  preparation: z.array(preparationStepSchema),
  runtime: runtimeSchema,
  activity: activitySchema,
  usage: usageSchema.nullable(),
  canResume: z.boolean(),
  /** Something happened that the person has not looked at yet. */
  isUnread: z.boolean(),
  isPinned: z.boolean(),
  /** Order in the sidebar, smaller first. */
  position: z.number(),
  createdAt: timeSchema,
  changedAt: timeSchema,
  archivedAt: timeSchema.nullable(),
  rev: z.number().int(),
})
export type Session = z.infer<typeof sessionSchema>

export const newSessionSchema = z.object({
  projectId: projectIdSchema,
  /** The first line of the prompt when null. */
  title: titleSchema.nullable(),
  prompt: z.string().max(100_000, 'Use at most 100,000 characters; put the rest in a file.').nullable(),
  agentId: agentIdSchema,
  model: z.string().max(100).nullable(),
  permissionMode: z.string().max(40).nullable(),
  /** Switches on the agent's own teams, for this session alone. */
  usesTeams: z.boolean().optional(),
  worktree: worktreeChoiceSchema,
  /** A repeat with the same request id gets the same session, so a lost answer can be asked for again. */
  requestId: z.string().min(8).max(64),
})
export type NewSession = z.infer<typeof newSessionSchema>

const bySession = z.object({ sessionId: sessionIdSchema })

export const sessionsContract = {
  create: procedure('full')
    .errors(
      refusals('AGENT_MISSING', 'PROJECT_UNUSABLE', 'BRANCH_EXISTS', 'BRANCH_IN_USE', 'BAD_BRANCH_NAME', 'BAD_BASE'),
    )
    .input(newSessionSchema)
    .output(sessionSchema),
  rename: procedure('full')
    .input(bySession.extend({ title: titleSchema }))
    .output(sessionSchema),
  pin: procedure('full')
    .input(bySession.extend({ isPinned: z.boolean() }))
    .output(sessionSchema),
  setRole: procedure('full')
    .input(bySession.extend({ role: roleSchema.nullable() }))
    .output(sessionSchema),
  setMailTyped: procedure('full')
    .input(bySession.extend({ isMailTyped: z.boolean() }))
    .output(sessionSchema),
  /** Puts the session before another one of its project, or last. */
  move: procedure('full')
    .input(bySession.extend({ beforeId: sessionIdSchema.nullable() }))
    .output(sessionSchema),
  /** Ends the agent's processes, politely and then by force; the conversation and the worktree stay. */
  stop: procedure('full').input(bySession).output(sessionSchema),
  /** Starts the agent again on its own conversation. Does nothing when it runs. */
  resume: procedure('full')
    .errors(refusals('CANNOT_RESUME', 'WORKTREE_MISSING', 'AGENT_MISSING', 'ARCHIVED'))
    .input(bySession)
    .output(sessionSchema),
  /** Tries the failed step of getting ready again. */
  retry: procedure('full').errors(refusals('NOT_FAILED')).input(bySession).output(sessionSchema),
  archive: procedure('full').input(bySession).output(sessionSchema),
  unarchive: procedure('full').input(bySession).output(sessionSchema),
  /** Removes the session and its worktree. What was not committed is kept under a rescue ref; `undoDelete` brings all of it back. */
  delete: procedure('full')
    .errors(refusals('RESCUE_FAILED'))
    .input(bySession.extend({ deleteBranch: z.boolean() }))
    .output(z.object({ rescueRef: z.string().nullable() })),
  undoDelete: procedure('full').errors(refusals('CANNOT_UNDO')).input(bySession).output(sessionSchema),
  markSeen: procedure('view').input(bySession).output(done),
  /** A plain shell in the session's worktree. */
  openShell: procedure('full')
    .errors(refusals('WORKTREE_MISSING'))
    .input(bySession)
    .output(z.object({ terminalId: terminalIdSchema })),
}

export const sessionsTopics = {
  'sessions.changed': sessionSchema,
  'sessions.removed': z.object({ id: sessionIdSchema }),
} as const
