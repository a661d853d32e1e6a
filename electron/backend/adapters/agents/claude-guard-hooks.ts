import { z } from 'zod'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { GuardAnswer, GuardHook } from './guard-hook-rules.ts'
import { mainWorker } from './observation-rules.ts'

const text = z.string().max(100_000).catch('')
const hookSchema = z.object({
  hook_event_name: z.string().max(60),
  cwd: z.string().max(4096).catch(''),
  agent_id: z.string().max(200).nullable().catch(null),
  agent_type: z.string().max(200).catch(''),
  tool_name: text,
  tool_input: z.record(z.string(), z.unknown()).catch({}),
  tool_use_id: z.string().max(200).nullable().catch(null),
  source: text,
  reason: text,
  trigger: text,
  teammate_name: z.string().max(200).catch(''),
  stop_hook_active: z.boolean().catch(false),
  compact_summary: text,
  last_assistant_message: text,
})
type Hook = z.infer<typeof hookSchema>

/** What a hook of Claude Code means for the work beside others. */
export const readClaudeGuardHook = (body: unknown): GuardHook => {
  const parsed = hookSchema.safeParse(body)
  if (!parsed.success) return { kind: 'other' }
  const hook = parsed.data
  switch (hook.hook_event_name) {
    case 'SessionStart':
      return { kind: 'session-started', how: startOf(hook.source) }
    case 'UserPromptSubmit':
      return { kind: 'prompt-submitted' }
    case 'PreToolUse':
      return beginOf(hook)
    case 'PostToolUse':
      return endOf(hook)
    case 'PreCompact':
      return { kind: 'compacts', isAsked: hook.trigger === 'manual' }
    case 'PostCompact':
      return { kind: 'compacted', summary: summaryOf(hook.compact_summary) }
    case 'Stop':
      return { kind: 'turn-ended', isContinued: hook.stop_hook_active }
    case 'SubagentStart':
      return hook.agent_id === null
        ? { kind: 'other' }
        : { kind: 'subagent-started', worker: hook.agent_id, type: hook.agent_type }
    case 'SubagentStop':
      // Compacting tells the end of a worker that never began and has no type.
      return hook.agent_id === null || hook.agent_type === ''
        ? { kind: 'other' }
        : { kind: 'subagent-ended', worker: hook.agent_id, result: hook.last_assistant_message }
    case 'TeammateIdle':
      return hook.teammate_name === ''
        ? { kind: 'team-changed', worker: workerOf(hook) }
        : { kind: 'teammate-idle', worker: workerOf(hook), name: hook.teammate_name }
    case 'TaskCreated':
    case 'TaskCompleted':
      // The latter also comes when a turn ends with its task still in progress, so neither is believed.
      return { kind: 'team-changed', worker: workerOf(hook) }
    case 'SessionEnd':
      // After /clear the same process goes on.
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

const workerOf = (hook: Hook) => hook.agent_id ?? mainWorker
const callOf = (hook: Hook) => ({ worker: workerOf(hook), toolUseId: hook.tool_use_id, cwd: hook.cwd })

const beginOf = (hook: Hook): GuardHook => {
  const paths = editedPaths(hook)
  if (paths.length > 0) return { kind: 'edit-begins', paths, ...callOf(hook) }
  const { command } = hook.tool_input
  return hook.tool_name === 'Bash' && typeof command === 'string'
    ? { kind: 'command-begins', command, ...callOf(hook) }
    : { kind: 'call-begins', ...callOf(hook) }
}

const endOf = (hook: Hook): GuardHook => {
  const paths = editedPaths(hook)
  return paths.length > 0 ? { kind: 'edit-ended', paths, ...callOf(hook) } : { kind: 'call-ended', ...callOf(hook) }
}

const editingTools = ['Edit', 'Write', 'MultiEdit', 'NotebookEdit']

const editedPaths = ({ tool_name, tool_input }: Hook): string[] => {
  if (!editingTools.includes(tool_name)) return []
  const path = tool_input['file_path'] ?? tool_input['notebook_path']
  return typeof path === 'string' && path !== '' && path.length <= 4096 ? [path] : []
}

/** Its thoughts on the way to the summary are no part of it. */
const summaryOf = (whole: string) => (/<summary>([\s\S]*?)<\/summary>/.exec(whole)?.[1] ?? whole).trim()

/** The same words for every hook: an answer that its event does not take is left out. */
export const writeClaudeGuardAnswer = (body: unknown, answer: GuardAnswer): object => {
  const event = hookSchema.safeParse(body).data?.hook_event_name ?? ''
  switch (answer.kind) {
    case 'nothing':
      return {}
    case 'context':
      return takingContext.includes(event)
        ? { hookSpecificOutput: { hookEventName: event, additionalContext: answer.text } }
        : {}
    case 'refusal':
      return event === 'PreToolUse'
        ? {
            hookSpecificOutput: {
              hookEventName: event,
              permissionDecision: 'deny',
              permissionDecisionReason: answer.text,
            },
          }
        : {}
    default:
      return unreachable(answer)
  }
}

// At the end of a turn it makes the agent go on, as feedback and not as an error.
const takingContext = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop']
