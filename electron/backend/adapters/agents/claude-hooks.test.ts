import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClaudeHook } from './claude-hooks.ts'

const common = {
  session_id: '11111111-2222-4333-8444-555555555555',
  transcript_path: '/home/user/.claude/projects/-repo/1.jsonl',
  cwd: '/repo',
}
const bash = { tool_name: 'Bash', tool_input: { command: 'touch a', description: 'Make a' } }
const read = (hook_event_name: string, fields: object = {}) => readClaudeHook({ ...common, hook_event_name, ...fields })

describe('a hook of Claude Code', () => {
  it.each([
    ['SessionStart', { source: 'startup' }, { kind: 'session-started', how: 'started' }, 'SessionStart: startup'],
    ['SessionStart', { source: 'resume' }, { kind: 'session-started', how: 'resumed' }, 'SessionStart: resume'],
    ['SessionStart', { source: 'clear' }, { kind: 'session-started', how: 'cleared' }, 'SessionStart: clear'],
    ['SessionStart', { source: 'compact' }, { kind: 'session-started', how: 'compacted' }, 'SessionStart: compact'],
    ['UserPromptSubmit', { prompt: 'hi' }, { kind: 'turn-began' }, 'UserPromptSubmit'],
    ['Stop', { background_tasks: [] }, { kind: 'turn-ended', othersWork: false }, 'Stop'],
    [
      'Stop',
      { background_tasks: [{ id: 'b', type: 'shell', status: 'running' }] },
      { kind: 'turn-ended', othersWork: false },
      'Stop: 1 background task runs',
    ],
    [
      'Stop',
      { background_tasks: [{ type: 'shell' }, { type: 'teammate' }] },
      { kind: 'turn-ended', othersWork: true },
      'Stop: 2 background tasks run',
    ],
    ['StopFailure', { error: 'rate_limit' }, { kind: 'turn-ended', othersWork: false }, 'StopFailure: rate_limit'],
    ['PostToolBatch', { agent_id: 'a1' }, { kind: 'step-ended', worker: 'a1' }, 'PostToolBatch'],
    ['SubagentStop', { agent_id: 'a1' }, { kind: 'step-ended', worker: 'a1' }, 'SubagentStop'],
    ['PreCompact', { trigger: 'auto' }, { kind: 'busy' }, 'PreCompact: auto'],
    ['PostCompact', { trigger: 'manual' }, { kind: 'turn-ended', othersWork: false }, 'PostCompact: manual'],
    ['ElicitationResult', { mcp_server_name: 'echo' }, { kind: 'ask-answered' }, 'ElicitationResult: echo'],
    ['SessionEnd', { reason: 'other' }, { kind: 'session-ended' }, 'SessionEnd: other'],
    ['SessionEnd', { reason: 'clear' }, { kind: 'other' }, 'SessionEnd: clear'],
    ['SomethingOfNextYear', {}, { kind: 'other' }, 'SomethingOfNextYear'],
  ])('%s %j is read', (event, fields, fact, evidence) => {
    expect(read(event, fields)).toMatchObject({ fact, evidence })
  })

  it('names a tool call by worker, id, name and input, whatever the order of keys', () => {
    const first = read('PreToolUse', { ...bash, tool_use_id: 't1' }).fact
    const second = read('PreToolUse', {
      tool_use_id: 't1',
      tool_name: 'Bash',
      tool_input: { description: 'Make a', command: 'touch a' },
    }).fact
    expect(first).toEqual(second)
    expect(first).toMatchObject({ kind: 'tool-began', call: { worker: 'main', toolUseId: 't1', toolName: 'Bash' } })
    const other = read('PreToolUse', { ...bash, tool_input: { command: 'touch b' } }).fact
    expect(other.kind === 'tool-began' && first.kind === 'tool-began' && other.call.print === first.call.print).toBe(
      false,
    )
  })

  it('names the conversation and its record, but not at the end of one', () => {
    expect(read('Stop').conversation).toEqual({ id: common.session_id, recordPath: common.transcript_path })
    expect(read('SessionEnd', { reason: 'clear' }).conversation).toBeNull()
  })

  it('carries what is asked', () => {
    const { fact } = read('PermissionRequest', {
      ...bash,
      permission_suggestions: [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }],
    })
    expect(fact).toMatchObject({
      kind: 'asked',
      canAnswerHere: true,
      detail: {
        kind: 'permission',
        subject: 'touch a',
        description: 'Make a',
        wider: [{ id: '0', label: 'Allow all edits for this session' }],
      },
    })
    const elicitation = read('Elicitation', { mcp_server_name: 'echo', message: 'Your name?' }).fact
    expect(elicitation).toMatchObject({
      canAnswerHere: false,
      detail: { kind: 'terminal', what: 'echo asks: Your name?' },
    })
  })

  it('gives cost, context and model from the input of the status line', () => {
    const { usage, fact, conversation } = readClaudeHook({
      ...common,
      model: { id: 'claude-opus-5-5', display_name: 'Opus 5.5' },
      cost: { total_cost_usd: 0.541236 },
      context_window: { used_percentage: 12 },
    })
    expect({ usage, fact }).toEqual({
      usage: { contextPercent: 12, costUsd: 0.541236, model: 'Opus 5.5' },
      fact: { kind: 'other' },
    })
    expect(conversation?.id).toBe(common.session_id)
  })

  it('never throws, whatever is sent: 20,000 bodies', () => {
    const names = fc.constantFrom(
      'PermissionRequest',
      'Stop',
      'PreToolUse',
      'PostToolUse',
      'SessionStart',
      'Elicitation',
    )
    const fields = [
      'tool_name',
      'tool_input',
      'permission_suggestions',
      'background_tasks',
      'agent_id',
      'source',
      'context_window',
    ]
    const body = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(names, fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 3 })))
        .map(([hook_event_name, rest]) => ({ hook_event_name, ...rest })),
      fc
        .tuple(fc.constantFrom('AskUserQuestion', 'ExitPlanMode', 'Write'), fc.jsonValue({ maxDepth: 4 }))
        .map(([tool_name, tool_input]) => ({ hook_event_name: 'PermissionRequest', tool_name, tool_input })),
    )
    fc.assert(
      fc.property(body, (value) => {
        expect(readClaudeHook(value).fact.kind).toBeTypeOf('string')
      }),
      { numRuns: 20_000 },
    )
  })
})
