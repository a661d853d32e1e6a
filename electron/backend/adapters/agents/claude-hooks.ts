import { z } from 'zod'
import type { HookFact, HookReading, ToolCall, UsageFact } from './observation-rules.ts'
import { mainWorker, printOf } from './observation-rules.ts'
import { readPermissionRequest } from './claude-asks.ts'

// Only what is read is named; everything else passes. Payloads come from a guest: nothing in them is trusted.
const text = z.string().max(100_000).catch('')
const hookSchema = z.object({
  hook_event_name: z.string().max(60),
  session_id: z.string().max(100).nullable().catch(null),
  transcript_path: z.string().max(4096).nullable().catch(null),
  agent_id: z.string().max(200).nullable().catch(null),
  tool_name: text,
  tool_input: z.unknown().optional(),
  permission_suggestions: z.unknown().optional(),
  tool_use_id: z.string().max(200).nullable().catch(null),
  source: text,
  trigger: text,
  reason: text,
  error: text,
  mcp_server_name: text,
  message: text,
  background_tasks: z
    .array(z.object({ type: z.string().catch('') }))
    .max(1000)
    .catch([]),
})
type Hook = z.infer<typeof hookSchema>

const statusLineSchema = z.object({
  session_id: z.string().max(100).nullable().catch(null),
  transcript_path: z.string().max(4096).nullable().catch(null),
  model: z
    .object({ display_name: z.string().max(100).nullable().catch(null) })
    .nullable()
    .catch(null),
  cost: z
    .object({ total_cost_usd: z.number().nonnegative().nullable().catch(null) })
    .nullable()
    .catch(null),
  context_window: z.object({ used_percentage: z.number().min(0).max(100).nullable().catch(null) }),
})

/** Reads one hook of Claude Code, or the input of its status line. Anything else says nothing. */
export const readClaudeHook = (body: unknown): HookReading => {
  const hook = hookSchema.safeParse(body)
  if (hook.success) return readHook(hook.data)
  const line = statusLineSchema.safeParse(body)
  if (!line.success)
    return { fact: { kind: 'other' }, evidence: 'a hook without a name', conversation: null, usage: null }
  const usage: UsageFact = {
    contextPercent: line.data.context_window.used_percentage,
    costUsd: line.data.cost?.total_cost_usd ?? null,
    model: line.data.model?.display_name ?? null,
  }
  return { fact: { kind: 'other' }, evidence: 'status line', conversation: conversationOf(line.data), usage }
}

const readHook = (hook: Hook): HookReading => ({
  fact: factOf(hook),
  evidence: evidenceOf(hook),
  // The end of a session names the conversation that is left, not the one that comes.
  conversation: hook.hook_event_name === 'SessionEnd' ? null : conversationOf(hook),
  usage: null,
})

const conversationOf = (from: { session_id: string | null; transcript_path: string | null }) =>
  from.session_id ? { id: from.session_id, recordPath: from.transcript_path } : null

const evidenceOf = (hook: Hook): string => {
  const about = hook.tool_name || hook.error || hook.reason || hook.source || hook.mcp_server_name || hook.trigger
  const tasks = hook.hook_event_name === 'Stop' ? hook.background_tasks.length : 0
  if (tasks > 0) return `Stop: ${tasks} background ${tasks === 1 ? 'task runs' : 'tasks run'}`
  return (about ? `${hook.hook_event_name}: ${about}` : hook.hook_event_name).slice(0, 200)
}

const factOf = (hook: Hook): HookFact => {
  switch (hook.hook_event_name) {
    case 'SessionStart':
      return { kind: 'session-started', how: startOf(hook.source) }
    case 'UserPromptSubmit':
      return { kind: 'turn-began' }
    case 'PreToolUse':
      return { kind: 'tool-began', call: callOf(hook) }
    case 'PostToolUse':
    case 'PostToolUseFailure':
    case 'PermissionDenied':
      return { kind: 'tool-ended', call: callOf(hook) }
    case 'PostToolBatch':
    case 'SubagentStop':
      return { kind: 'step-ended', worker: hook.agent_id ?? mainWorker }
    case 'PermissionRequest':
      return { kind: 'asked', call: callOf(hook), detail: readPermissionRequest(hook), canAnswerHere: true }
    case 'Elicitation':
      return { kind: 'asked', call: callOf(hook), detail: elicitationOf(hook), canAnswerHere: false }
    case 'ElicitationResult':
      return { kind: 'ask-answered' }
    case 'PreCompact':
      return { kind: 'busy' }
    case 'PostCompact':
      // Compacting by hand is a turn of its own; compacting by itself happens inside one that goes on.
      return hook.trigger === 'manual' ? { kind: 'turn-ended', othersWork: false } : { kind: 'busy' }
    case 'Stop':
    case 'StopFailure':
      // A shell in the background may be a server that runs for ever; anything else reports back.
      return { kind: 'turn-ended', othersWork: hook.background_tasks.some(({ type }) => type !== 'shell') }
    case 'SessionEnd':
      // After /clear the same process goes on with a new conversation.
      return hook.reason === 'clear' ? { kind: 'other' } : { kind: 'session-ended' }
    default:
      return { kind: 'other' }
  }
}

const startOf = (source: string) => {
  switch (source) {
    case 'resume':
    case 'fork':
      return 'resumed'
    case 'clear':
      return 'cleared'
    case 'compact':
      return 'compacted'
    default:
      return 'started'
  }
}

const callOf = (hook: Hook): ToolCall => ({
  worker: hook.agent_id ?? mainWorker,
  toolUseId: hook.tool_use_id,
  toolName: hook.tool_name,
  print: printOf(hook.tool_input),
})

const elicitationOf = (hook: Hook) =>
  ({ kind: 'terminal', what: `${hook.mcp_server_name || 'A server'} asks: ${hook.message}`.slice(0, 2000) }) as const
