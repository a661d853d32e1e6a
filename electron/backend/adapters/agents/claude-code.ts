import { join } from 'node:path'
import type { AgentAdapter, LaunchPlan, LaunchRequest } from './agent-adapter.ts'
import { answerClaudeAsk } from './claude-asks.ts'
import { claudeMcpConfig, claudeSystemPrompt } from './claude-coordination.ts'
import { hasClaudeStatusLine, inspectClaudeConversation, watchClaudeStatus } from './claude-files.ts'
import { readClaudeGuardHook, writeClaudeGuardAnswer } from './claude-guard-hooks.ts'
import { readClaudeHook } from './claude-hooks.ts'
import { wakeClaude } from './claude-inbox.ts'
import { claudeSettings, compareVersions, firstVersionWithAllHooks } from './claude-settings.ts'
import { watchClaudeTeam } from './claude-teams.ts'
import { promptArgument } from './launch-prompt.ts'

const mode = (id: string, label: string, hint: string, isDangerous = false) => ({ id, label, hint, isDangerous })

export const claudeCodeAdapter: AgentAdapter = {
  id: 'claude-code',
  name: 'Claude Code',
  command: 'claude',
  // Where its installers put it: an app started from the desktop may have a shorter PATH than a terminal.
  places: ['~/.local/bin/claude', '~/.claude/local/claude', '/opt/homebrew/bin/claude', '/usr/local/bin/claude'],
  missingHint: 'Install it with `npm install -g @anthropic-ai/claude-code`, then look again.',
  testedFrom: firstVersionWithAllHooks,
  permissionModes: [
    mode('default', 'default', 'Asks before it edits or runs anything that changes something.'),
    mode('acceptEdits', 'acceptEdits', 'Edits files without asking; asks before commands.'),
    mode('plan', 'plan', 'Reads and plans; changes nothing until you accept the plan.'),
    mode('auto', 'auto', 'Decides by itself which calls are safe and asks about the rest.'),
    mode('dontAsk', 'dontAsk', 'Never asks: what is not allowed already is refused.'),
    mode('bypassPermissions', 'bypassPermissions', 'Does everything without asking. Only for a sandbox.', true),
  ],
  // The agent's own: without a flag it takes what the person set.
  defaultPermissionMode: null,
  models: [
    { id: 'opus', label: 'Opus' },
    { id: 'sonnet', label: 'Sonnet' },
    { id: 'haiku', label: 'Haiku' },
  ],
  takesPrompt: true,
  canResume: true,
  statusSource: 'hooks',
  // By name: the rest of CLAUDE_CODE_* tells a child which session it belongs to, and must not reach another one.
  environmentPatterns: [
    'ANTHROPIC_*',
    'AWS_*',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_CLOUD_*',
    'CLOUD_ML_REGION',
    'VERTEX_REGION_*',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_USE_*',
    'CLAUDE_CODE_SKIP_*',
    'CLAUDE_CODE_DISABLE_*',
    'CLAUDE_CODE_ENABLE_*',
    'CLAUDE_CODE_MAX_*',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CODE_API_KEY_HELPER_TTL_MS',
    'CLAUDE_CODE_CLIENT_*',
    'CLAUDE_CODE_EXPERIMENTAL_*',
    'CLAUDE_CODE_EFFORT_LEVEL',
    'CLAUDE_CODE_SHELL',
    'DISABLE_*',
    'ENABLE_TOOL_SEARCH',
    'MAX_THINKING_TOKENS',
    'MAX_MCP_OUTPUT_TOKENS',
    'MCP_TIMEOUT',
    'MCP_TOOL_TIMEOUT',
    'API_TIMEOUT_MS',
    'BASH_*_TIMEOUT_MS',
    'BASH_MAX_OUTPUT_LENGTH',
    'USE_BUILTIN_RIPGREP',
    'IS_SANDBOX',
  ],
  launch: launchClaude,
  inspectConversation: inspectClaudeConversation,
  hasOwnStatusLine: hasClaudeStatusLine,
  watchStatus: watchClaudeStatus,
  readHook: readClaudeHook,
  answerHook: answerClaudeAsk,
  readGuardHook: readClaudeGuardHook,
  writeGuardAnswer: writeClaudeGuardAnswer,
  wake: wakeClaude,
  teams: { watch: watchClaudeTeam },
}

// Current models are not given the tools for its list of tasks otherwise, and a team without tasks has nothing to share.
const teamEnvironment = { CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS: '1', CLAUDE_CODE_ENABLE_TODO_TOOLS: '1' }

function launchClaude(request: LaunchRequest): LaunchPlan {
  const fileOf = (name: string) => join(request.sessionFolder, name)
  const json = (name: string, value: object) => ({ path: fileOf(name), text: JSON.stringify(value, null, 2) })
  const settings = json('claude-settings.json', claudeSettings(request))
  const mcp = json('claude-mcp.json', claudeMcpConfig(request.gatewayUrl))
  const system = { path: fileOf('claude-system-prompt.md'), text: claudeSystemPrompt }
  const isKnown = compareVersions(request.version, firstVersionWithAllHooks) >= 0
  const prompt = request.prompt === null ? null : promptArgument(request.prompt, request.sessionFolder)
  return {
    // What is passed here is not kept with the conversation, so a resumed one is given it again.
    argv: [
      request.executable,
      // It takes as many files as follow, so that an option has to.
      ...(isKnown ? ['--mcp-config', mcp.path, '--append-system-prompt-file', system.path] : []),
      '--settings',
      settings.path,
      request.conversation.kind === 'resume' ? '--resume' : '--session-id',
      request.conversation.id,
      ...(request.permissionMode === null ? [] : ['--permission-mode', request.permissionMode]),
      ...(request.model === null ? [] : ['--model', request.model]),
      ...(prompt === null ? [] : [prompt.text]),
    ],
    environment: request.usesTeams ? teamEnvironment : {},
    files: [settings, ...(isKnown ? [mcp, system] : []), ...(prompt?.files ?? [])],
  }
}
