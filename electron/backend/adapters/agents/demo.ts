import { join } from 'node:path'
import type { AgentAdapter } from './agent-adapter.ts'
import { stat } from 'node:fs/promises'
import { answerClaudeAsk } from './claude-asks.ts'
import { readClaudeHook } from './claude-hooks.ts'
import { isDemoPromptEmpty } from './prompt-rules.ts'

const stateFile = (sessionFolder: string) => join(sessionFolder, 'demo-conversation.json')

/** The scripted agent that comes with the app. It speaks the hooks of Claude Code. */
export const demoAdapter: AgentAdapter = {
  id: 'demo',
  name: 'Demo agent',
  command: null,
  places: [],
  missingHint: 'The demo agent is missing from the app. Install Switchyard again.',
  testedFrom: null,
  permissionModes: [
    { id: 'default', label: 'default', hint: 'Asks before it edits a file.', isDangerous: false },
    { id: 'acceptEdits', label: 'acceptEdits', hint: 'Edits without asking.', isDangerous: false },
  ],
  defaultPermissionMode: null,
  models: [],
  takesPrompt: true,
  canResume: true,
  statusSource: 'hooks',
  environmentPatterns: ['SWITCHYARD_DEMO_*'],
  launch: (request) => ({
    argv: [
      request.resources.node.path,
      join(request.resources.folder, 'demo-agent', 'demo-agent.mjs'),
      '--conversation',
      request.conversation.id,
      '--state',
      stateFile(request.sessionFolder),
      ...(request.conversation.kind === 'resume' ? ['--resume'] : []),
      ...(request.permissionMode === null ? [] : ['--permission-mode', request.permissionMode]),
      ...(request.prompt === null ? [] : ['--prompt', request.prompt.slice(0, 4000)]),
    ],
    environment: request.resources.node.needsRunAsNode ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    files: [],
  }),
  inspectConversation: async ({ sessionFolder }) => ({
    record: await stat(stateFile(sessionFolder)).then(
      () => 'exists' as const,
      () => 'missing' as const,
    ),
    // Its state file belongs to one session, whose processes are told apart by the session itself.
    openIn: null,
  }),
  readHook: readClaudeHook,
  answerHook: answerClaudeAsk,
  isPromptEmpty: isDemoPromptEmpty,
}
