import { z } from 'zod'
import { noInput, procedure, timeSchema } from './base.ts'

export const agentIdSchema = z.enum(['claude-code', 'codex', 'gemini', 'opencode', 'qwen', 'aider', 'demo', 'shell'])
export type AgentId = z.infer<typeof agentIdSchema>

export const permissionModeSchema = z.object({
  id: z.string(),
  /** The agent's own name for it. */
  label: z.string(),
  hint: z.string(),
  /** It lets the agent act without asking; always shown, never a default. */
  isDangerous: z.boolean(),
})

export const agentSchema = z.object({
  id: agentIdSchema,
  name: z.string(),
  availability: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('found'), path: z.string(), version: z.string().nullable() }),
    z.object({ kind: z.literal('missing'), hint: z.string() }),
    z.object({ kind: z.literal('broken'), path: z.string(), problem: z.string() }),
  ]),
  /** Set when the version is outside the range this adapter was tested with; says what is reduced. */
  versionNote: z.string().nullable(),
  permissionModes: z.array(permissionModeSchema),
  defaultPermissionMode: z.string().nullable(),
  models: z.array(z.object({ id: z.string(), label: z.string() })),
  takesPrompt: z.boolean(),
  canResume: z.boolean(),
  /** It can run a team of its own, where a session switches that on. */
  canUseTeams: z.boolean(),
  /** How its state is learnt: hooks, its terminal title, or only whether it runs. */
  statusSource: z.enum(['hooks', 'title', 'process']),
  /** Mail makes it begin a turn when it is idle. What an earlier version found out of an agent does not say it. */
  wakesForMail: z.boolean().default(false),
  /** It is told of mail by a line typed at its empty prompt; nothing else reaches it. */
  takesTypedMail: z.boolean().default(false),
  checkedAt: timeSchema,
})
export type Agent = z.infer<typeof agentSchema>

export const agentsContract = {
  /** Looks for every agent again; the answer also arrives as `agents.changed`. */
  detect: procedure('full').input(noInput).output(z.array(agentSchema)),
}

export const agentsTopics = { 'agents.changed': agentSchema } as const
