import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEditNotes } from '../adapters/edit-notes.ts'
import { readClaudeGuardHook, writeClaudeGuardAnswer } from '../adapters/agents/claude-guard-hooks.ts'
import type { GuardHook } from '../adapters/agents/guard-hook-rules.ts'
import { createAgentHooksService, type HooksDeps } from '../features/agent-hooks/agent-hooks-service.ts'
import type { TestSession } from './test-sessions.ts'
import { openVerbLab } from './verb-lab.ts'

export type HookLab = Awaited<ReturnType<typeof openHookLab>>

/** What Claude Code sends with every hook. */
const common = { session_id: '11111111-2222-4333-8444-555555555555', permission_mode: 'default' }

/** The hooks of Claude Code on real leases, tasks and mail. No agent runs: what one would be woken with is kept. */
export const openHookLab = async () => {
  const lab = await openVerbLab()
  const woken: { readonly who: TestSession; readonly text: string }[] = []
  const toldTeams: GuardHook[] = []
  let canWake = true
  const notesFolder = mkdtempSync(join(tmpdir(), 'switchyard-notes-'))
  const deps: HooksDeps = {
    ...lab.deps,
    onCommit: lab.kernel.onCommit,
    home: '/home/ada',
    ignoresCase: false,
    verbs: lab.verbs,
    editNotes: createEditNotes(notesFolder),
    mail: lab.mail,
    asks: { handleHook: async () => ({}) },
    teams: {
      noteHook: async (_holder, hook) => {
        toldTeams.push(hook)
        return hook.kind === 'subagent-started' && hook.type === 'alice'
      },
    },
    leases: { checkEdit: (id, path) => checkEdit(id, path), noteActivity: lab.leases.noteActivity },
    sessions: {
      ...lab.deps.sessions,
      readGuardHook: async (_holder, body) => readClaudeGuardHook(body),
      writeGuardAnswer: async (_holder, body, answer) => writeClaudeGuardAnswer(body, answer),
      wake: async (who, readText) => {
        const text = canWake ? await readText() : null
        if (text !== null) woken.push({ who, text })
        return text !== null
      },
    },
  }
  let checkEdit = lab.leases.checkEdit
  const hooks = createAgentHooksService(deps)
  const never = new AbortController().signal

  /** Sends a hook; `wasSent` is false where the answer did not reach the agent. */
  const hook = async (who: TestSession, event: string, fields: object = {}, wasSent = true) => {
    const folder = await lab.folderOf(who)
    const body = { ...common, cwd: folder, hook_event_name: event, ...fields }
    const answer = await hooks.handleHook(who, body, never)
    if (wasSent) answer.sent?.()
    await lab.settle()
    const { hookSpecificOutput: said } = answer.body as { hookSpecificOutput?: Record<string, string> }
    return {
      body: answer.body,
      context: said?.['additionalContext'] ?? null,
      refusal: said?.['permissionDecision'] === 'deny' ? (said['permissionDecisionReason'] ?? '') : null,
    }
  }
  const edit = (path: string, toolUseId = 'toolu_1') => ({
    tool_name: 'Edit',
    tool_input: { file_path: path, old_string: 'a', new_string: 'b' },
    tool_use_id: toolUseId,
  })
  return {
    ...lab,
    hooks,
    hook,
    woken,
    /** What was passed on to whoever follows the agents' own teams. */
    toldTeams,
    edit,
    before: (who: TestSession, path: string, id?: string) => hook(who, 'PreToolUse', edit(path, id)),
    after: (who: TestSession, path: string, id?: string) => hook(who, 'PostToolUse', edit(path, id)),
    command: (who: TestSession, command: string) =>
      hook(who, 'PreToolUse', { tool_name: 'Bash', tool_input: { command }, tool_use_id: 'toolu_2' }),
    /** Judges edits in the place of the leases. */
    judgeBy: (check: typeof checkEdit) => (checkEdit = check),
    /** What `note-edit.sh` writes. */
    note: ({ sessionId }: TestSession, path: string, toolUseId: string) => {
      mkdirSync(join(notesFolder, sessionId), { recursive: true })
      appendFileSync(join(notesFolder, sessionId, 'edits-begun'), `${toolUseId} ${path}\n`)
    },
    /** Puts something in the place of what notes are taken to. */
    spoilNotes: ({ sessionId }: TestSession) =>
      mkdirSync(join(notesFolder, sessionId, 'edits-taken', 'full'), { recursive: true }),
    refuseToWake: () => (canWake = false),
    close: async () => {
      hooks.close()
      await lab.close()
      rmSync(notesFolder, { recursive: true, force: true })
    },
  }
}
