import type { AgentId } from '../../../../shared/contract/agents.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import { aiderAdapter } from './aider.ts'
import { claudeCodeAdapter } from './claude-code.ts'
import { codexAdapter } from './codex.ts'
import { demoAdapter } from './demo.ts'
import { geminiAdapter } from './gemini.ts'
import { opencodeAdapter } from './opencode.ts'
import { plainShellAdapter } from './plain-shell.ts'
import { qwenAdapter } from './qwen.ts'

/** Every agent Switchyard knows, in the order they are offered. */
export const agentAdapters: Readonly<Record<AgentId, AgentAdapter>> = {
  'claude-code': claudeCodeAdapter,
  codex: codexAdapter,
  gemini: geminiAdapter,
  opencode: opencodeAdapter,
  qwen: qwenAdapter,
  aider: aiderAdapter,
  demo: demoAdapter,
  shell: plainShellAdapter,
}
