import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClaudeGuardHook, writeClaudeGuardAnswer } from './claude-guard-hooks.ts'

// As the CLI sends them, without the text of the person and the model.
const common = {
  session_id: '11111111-2222-4333-8444-555555555555',
  transcript_path: '/home/user/.claude/projects/-repo/11111111-2222-4333-8444-555555555555.jsonl',
  cwd: '/repo',
  prompt_id: '4ccd0f43-110f-4506-9ff7-057541906ef3',
  permission_mode: 'default',
  effort: { level: 'medium' },
}
const write = {
  tool_name: 'Write',
  tool_input: { file_path: '/repo/hello.txt', content: 'hi there\n' },
  tool_use_id: 'toolu_fake449f74becc233ab93361',
}
const written = {
  ...write,
  tool_response: { type: 'create', filePath: '/repo/hello.txt', content: 'hi there\n', userModified: false },
  duration_ms: 104,
}
const inSubagent = { agent_id: 'a17b3597987238a82', agent_type: 'general-purpose' }
const teammate = { teammate_name: 'alice', team_name: 'session-11111111' }
const inTeammate = { agent_id: 'aalice-9f2c', agent_type: 'alice' }
const task = { task_id: '1', task_subject: 'Alice task', task_description: 'd' }
const body = (hook_event_name: string, fields: object = {}) => ({ ...common, hook_event_name, ...fields })
const read = (event: string, fields: object = {}) => readClaudeGuardHook(body(event, fields))
const call = { worker: 'main', toolUseId: write.tool_use_id, cwd: '/repo' }

describe('a hook of Claude Code, for the guard', () => {
  it.each([
    ['SessionStart', { source: 'startup', model: 'claude-opus-5-5' }, { kind: 'session-started', how: 'started' }],
    ['SessionStart', { source: 'resume' }, { kind: 'session-started', how: 'resumed' }],
    ['SessionStart', { source: 'fork' }, { kind: 'session-started', how: 'resumed' }],
    ['SessionStart', { source: 'clear' }, { kind: 'session-started', how: 'cleared' }],
    ['SessionStart', { source: 'compact' }, { kind: 'session-started', how: 'compacted' }],
    ['UserPromptSubmit', { prompt: 'Please', session_title: 'proof-one' }, { kind: 'prompt-submitted' }],
    ['PreToolUse', write, { kind: 'edit-begins', paths: ['/repo/hello.txt'], ...call }],
    ['PostToolUse', written, { kind: 'edit-ended', paths: ['/repo/hello.txt'], ...call }],
    ['PostToolUse', { ...written, tool_name: 'Read' }, { kind: 'call-ended', ...call }],
    ['PreToolUse', { ...write, tool_name: 'Read' }, { kind: 'call-begins', ...call }],
    ['PostToolUseFailure', { ...write, error: 'x' }, { kind: 'other' }],
    ['PreCompact', { trigger: 'manual', custom_instructions: 'focus on tests' }, { kind: 'compacts', isAsked: true }],
    ['PreCompact', { trigger: 'auto' }, { kind: 'compacts', isAsked: false }],
    ['TeammateIdle', { ...teammate, ...inTeammate }, { kind: 'teammate-idle', worker: 'aalice-9f2c', name: 'alice' }],
    ['TeammateIdle', { teammate_name: 7, ...inTeammate }, { kind: 'team-changed', worker: 'aalice-9f2c' }],
    ['TaskCreated', { ...teammate, ...task }, { kind: 'team-changed', worker: 'main' }],
    // Also told of a task that is still in progress.
    ['TaskCompleted', { ...task, ...inTeammate }, { kind: 'team-changed', worker: 'aalice-9f2c' }],
    ['Stop', { stop_hook_active: false, background_tasks: [] }, { kind: 'turn-ended', isContinued: false }],
    ['Stop', { stop_hook_active: true }, { kind: 'turn-ended', isContinued: true }],
    ['SessionEnd', { reason: 'prompt_input_exit' }, { kind: 'session-ended' }],
    ['SessionEnd', { reason: 'clear' }, { kind: 'other' }],
    ['SomethingOfNextYear', {}, { kind: 'other' }],
  ])('%s %j is read', (event, fields, expected) => {
    expect(read(event, fields)).toEqual(expected)
  })

  it.each([
    ['Edit', { file_path: '/a', old_string: 'x', new_string: 'y' }, ['/a']],
    ['MultiEdit', { file_path: '/a', edits: [] }, ['/a']],
    ['NotebookEdit', { notebook_path: '/a.ipynb', new_source: 'x' }, ['/a.ipynb']],
  ])('%s names the file it changes', (tool_name, tool_input, paths) => {
    expect(read('PreToolUse', { tool_name, tool_input })).toMatchObject({ kind: 'edit-begins', paths })
  })

  it.each([[{}], [{ file_path: 7 }], [{ file_path: '' }], [{ file_path: 'x'.repeat(5000) }], ['odd'], [null]])(
    'an edit of %j names none',
    (tool_input) => {
      expect(read('PreToolUse', { ...write, tool_input })).toEqual({ kind: 'call-begins', ...call })
    },
  )

  it('tells a command with its folder, and by which subagent', () => {
    const bash = { tool_name: 'Bash', tool_input: { command: 'pwd; git branch --show-current', description: 'x' } }
    const cwd = '/repo/.claude/worktrees/agent-a17b3597987238a82'
    expect(read('PreToolUse', { ...bash, ...inSubagent, cwd, tool_use_id: 't' })).toEqual({
      kind: 'command-begins',
      command: 'pwd; git branch --show-current',
      worker: 'a17b3597987238a82',
      toolUseId: 't',
      cwd,
    })
    expect(read('PreToolUse', { ...bash, tool_input: {} })).toMatchObject({ kind: 'call-begins' })
  })

  it('tells subagents, and not the one that compacting ends', () => {
    expect(read('SubagentStart', inSubagent)).toEqual({
      kind: 'subagent-started',
      worker: 'a17b3597987238a82',
      type: 'general-purpose',
    })
    expect(read('SubagentStop', { ...inSubagent, last_assistant_message: 'finished' })).toEqual({
      kind: 'subagent-ended',
      worker: 'a17b3597987238a82',
      result: 'finished',
    })
    expect(read('SubagentStop', { agent_id: 'acompact-1', agent_type: '' })).toEqual({ kind: 'other' })
    expect(read('SubagentStart', {})).toEqual({ kind: 'other' })
  })

  it.each([
    ['<analysis>thoughts</analysis>\n<summary>\nDone: a.\n</summary>', 'Done: a.'],
    ['No marks at all ', 'No marks at all'],
    ['<summary>cut', '<summary>cut'],
  ])('takes the summary out of %j', (compact_summary, summary) => {
    expect(read('PostCompact', { trigger: 'manual', compact_summary })).toEqual({ kind: 'compacted', summary })
  })

  it('is nothing when it is no hook, whatever it is', () => {
    for (const odd of [null, 'text', 7, [], {}]) expect(readClaudeGuardHook(odd)).toEqual({ kind: 'other' })
    fc.assert(
      fc.property(fc.object({ maxDepth: 2 }), fc.constantFrom('PreToolUse', 'Stop', 'SessionStart'), (odd, event) => {
        expect(readClaudeGuardHook({ ...odd, hook_event_name: event }).kind).toBeTruthy()
      }),
    )
  })
})

describe('an answer to a hook of Claude Code', () => {
  const answer = (event: string, kind: 'context' | 'refusal') =>
    writeClaudeGuardAnswer(body(event), { kind, text: 'Say' })

  it.each(['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop'])('gives context to %s', (event) => {
    const hookSpecificOutput = { hookEventName: event, additionalContext: 'Say' }
    expect(answer(event, 'context')).toEqual({ hookSpecificOutput })
  })

  it('refuses a call before it happens', () => {
    expect(answer('PreToolUse', 'refusal')).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'Say',
      },
    })
  })

  it('is empty where nothing is to be said, or nothing is taken', () => {
    expect(writeClaudeGuardAnswer(body('Stop'), { kind: 'nothing' })).toEqual({})
    expect([answer('SessionEnd', 'context'), answer('PostToolUse', 'refusal'), answer('Stop', 'refusal')]).toEqual([
      {},
      {},
      {},
    ])
    expect(writeClaudeGuardAnswer('no hook', { kind: 'context', text: 'Say' })).toEqual({})
  })
})
