import { join } from 'node:path'
import type { AgentResources } from './agent-adapter.ts'
import { mcpServerName } from './claude-coordination.ts'

// A name the CLI does not know blocks its start with a dialog, so the list is the one of the oldest version with all
// of them (2.1.197); for an older or unreadable version only the names that every release with hooks has.
const events = [
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'PermissionRequest',
  'PermissionDenied',
  'Elicitation',
  'ElicitationResult',
  'SubagentStart',
  'SubagentStop',
  'PreCompact',
  'PostCompact',
  'Stop',
  'StopFailure',
  'SessionEnd',
] as const
const oldestEvents = [
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'SubagentStop',
  'PreCompact',
  'Stop',
  'SessionEnd',
] as const
/** What only a session with teams has to tell. */
const teamEvents = ['TeammateIdle', 'TaskCreated', 'TaskCompleted'] as const
export const firstVersionWithAllHooks = '2.1.197'

/** A permission may be answered a day later; then the dialog in the terminal is still there. */
const heldSeconds = 24 * 60 * 60
/** A hook of ours answers within milliseconds; a hanging one must not hold the agent up for long. */
const promptSeconds = 5

export interface ClaudeSettingsRequest {
  readonly version: string | null
  readonly gatewayUrl: string
  readonly resources: AgentResources
  readonly hasOwnStatusLine: boolean
  readonly usesTeams: boolean
}

/** The settings passed by `--settings`: our hooks, beside whatever hooks the person has. Holds no secret. */
export const claudeSettings = (request: ClaudeSettingsRequest) => {
  const isKnown = compareVersions(request.version, firstVersionWithAllHooks) >= 0
  const script = scriptHook(request.resources, 'post-hook.mjs')
  const known = request.usesTeams ? [...events, ...teamEvents] : events
  const ofEvent = (event: string) => [{ hooks: [isKnown ? httpHook(request.gatewayUrl, event) : script] }]
  return {
    hooks: {
      // HTTP hooks are not run for this event.
      SessionStart: [{ hooks: [script] }],
      ...Object.fromEntries((isKnown ? known : oldestEvents).map((event) => [event, ofEvent(event)])),
      PreToolUse: [...ofEvent('PreToolUse'), ...noteOfEdits(request.resources)],
    },
    // Our own tools act inside of Switchyard alone; asking the person for each call would stop every agent at its first.
    permissions: { allow: [`mcp__${mcpServerName}`] },
    // A status line of ours would replace the person's own.
    ...(request.hasOwnStatusLine || !isKnown ? {} : { statusLine: statusLine(request.resources) }),
  }
}

const httpHook = (gatewayUrl: string, event: string) => ({
  type: 'http',
  url: `${gatewayUrl}/hook`,
  timeout: event === 'PermissionRequest' ? heldSeconds : promptSeconds,
  headers: { Authorization: 'Bearer $SWITCHYARD_TOKEN' },
  allowedEnvVars: ['SWITCHYARD_TOKEN'],
})

const scriptHook = (resources: AgentResources, name: string) => {
  const { command, args } = scriptCommand(resources, name)
  return { type: 'command', command, ...(args ? { args } : {}), timeout: promptSeconds }
}

/** Each edit is noted beside, so that those of a time without the app are counted. There is no plain sh on Windows. */
const noteOfEdits = ({ folder }: AgentResources) =>
  process.platform === 'win32'
    ? []
    : [
        {
          matcher: 'Edit|MultiEdit|Write|NotebookEdit',
          hooks: [
            {
              type: 'command',
              command: '/bin/sh',
              args: [join(folder, 'hooks', 'note-edit.sh')],
              timeout: promptSeconds,
            },
          ],
        },
      ]

const statusLine = (resources: AgentResources) => {
  const { command, args } = scriptCommand(resources, 'post-hook.mjs')
  // The status line knows no list of arguments, only a shell's line.
  return {
    type: 'command',
    command: args ? [command, ...args, '--silent'].map(quote).join(' ') : `${command} --silent`,
  }
}

/** Our node with a script of ours: as a program with arguments, or as a shell's line where a variable has to be set. */
const scriptCommand = ({ folder, node }: AgentResources, name: string): { command: string; args?: string[] } => {
  const script = join(folder, 'hooks', name)
  if (!node.needsRunAsNode) return { command: node.path, args: [script] }
  return process.platform === 'win32'
    ? { command: `set ELECTRON_RUN_AS_NODE=1&& ${quote(node.path)} ${quote(script)}` }
    : { command: `ELECTRON_RUN_AS_NODE=1 ${quote(node.path)} ${quote(script)}` }
}

const quote = (value: string) => (process.platform === 'win32' ? `"${value}"` : `'${value.replaceAll("'", `'\\''`)}'`)

/** Below, at or above 0, as numbers go, part by part. What is no version comes before all versions. */
export const compareVersions = (a: string | null, b: string): number => {
  const parts = (version: string) => version.split('.').map(Number)
  if (a === null || !/^\d+(\.\d+)*/.test(a)) return -1
  const [left, right] = [parts(a), parts(b)]
  const at = [0, 1, 2].find((index) => (left[index] ?? 0) !== (right[index] ?? 0))
  return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}
