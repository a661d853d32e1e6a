import { describe, expect, it } from 'vitest'
import type { AskDetail } from '../../../../shared/contract/asks.ts'
import { answerClaudeAsk, readPermissionRequest } from './claude-asks.ts'

const question = {
  question: 'Which color?',
  header: 'Color',
  multiSelect: false,
  options: [{ label: 'Red', description: 'warm' }],
}
const suggestions = [
  {
    type: 'addRules',
    rules: [{ toolName: 'Bash', ruleContent: 'touch *' }],
    behavior: 'allow',
    destination: 'localSettings',
  },
  { type: 'addDirectories', directories: ['/repo-wt'], destination: 'session' },
  { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
]
const write = {
  tool_name: 'Write',
  tool_input: { file_path: '/repo/a.txt', content: 'new\n' },
  permission_suggestions: suggestions,
}
const decisionOf = (body: object, detail: AskDetail, answer: Parameters<typeof answerClaudeAsk>[2]) => {
  const result = answerClaudeAsk(body, detail, answer)
  if (!result.ok) return result.refusal.message
  return (result.value as { hookSpecificOutput: { decision: unknown } }).hookSpecificOutput.decision
}

describe('what Claude Code asks', () => {
  it.each([
    ['Bash', { command: 'ls', description: 'List' }, 'ls', null],
    ['Write', { file_path: '/a', content: 'x' }, '/a', { path: '/a', before: '', after: 'x' }],
    ['Edit', { file_path: '/a', old_string: 'x', new_string: 'y' }, '/a', { path: '/a', before: 'x', after: 'y' }],
    ['WebFetch', { url: 'https://example.invalid', prompt: 'Read' }, 'https://example.invalid', null],
    ['mcp__proj__echo', { text: 'yo' }, '{"text":"yo"}', null],
    ['Odd', {}, '', null],
  ])('by %s shows what it is about', (tool_name, tool_input, subject, edit) => {
    expect(readPermissionRequest({ tool_name, tool_input })).toMatchObject({
      kind: 'permission',
      toolName: tool_name,
      subject,
      edit,
    })
  })

  it('offers the wider permissions in words', () => {
    const detail = readPermissionRequest(write)
    expect(detail.kind === 'permission' && detail.wider.map(({ label }) => label)).toEqual([
      'Always allow Bash(touch *) for this project, only for you',
      'Allow in /repo-wt for this session',
      'Allow all edits for this session',
    ])
  })

  it('is a question or a plan where the tool says so', () => {
    expect(readPermissionRequest({ tool_name: 'AskUserQuestion', tool_input: { questions: [question] } })).toEqual({
      kind: 'question',
      questions: [question],
    })
    expect(readPermissionRequest({ tool_name: 'ExitPlanMode', tool_input: { plan: '# Plan' } })).toEqual({
      kind: 'plan',
      plan: '# Plan',
    })
  })

  it('is a plain permission where the tool is named so but is something else', () => {
    expect(readPermissionRequest({ tool_name: 'AskUserQuestion', tool_input: 'odd' }).kind).toBe('permission')
  })
})

describe('an answer to Claude Code', () => {
  const permission = readPermissionRequest(write)
  const asked = readPermissionRequest({ tool_name: 'AskUserQuestion', tool_input: { questions: [question] } })

  it('allows once, allows more with the suggestion as it was given, or denies with a note', () => {
    expect(decisionOf(write, permission, { kind: 'allow', widerId: null })).toEqual({ behavior: 'allow' })
    expect(decisionOf(write, permission, { kind: 'allow', widerId: '1' })).toEqual({
      behavior: 'allow',
      updatedPermissions: [suggestions[1]],
    })
    expect(decisionOf(write, permission, { kind: 'deny', note: 'Use b.txt' })).toEqual({
      behavior: 'deny',
      message: 'Use b.txt',
    })
    expect(decisionOf(write, permission, { kind: 'deny', note: null })).toMatchObject({ behavior: 'deny' })
  })

  it('chooses by adding the answers to the input', () => {
    const body = { tool_name: 'AskUserQuestion', tool_input: { questions: [question] } }
    const answers = { 'Which color?': 'Red' }
    expect(decisionOf(body, asked, { kind: 'choose', answers })).toEqual({
      behavior: 'allow',
      updatedInput: { questions: [question], answers },
    })
  })

  it.each([
    ['a wider permission that is not offered', permission, { kind: 'allow', widerId: '9' }, 'no longer offers'],
    ['a wider permission without an id', permission, { kind: 'allow', widerId: '' }, 'no longer offers'],
    ['a wider permission by another spelling', permission, { kind: 'allow', widerId: '1.0' }, 'no longer offers'],
    ['a choice where nothing was asked', permission, { kind: 'choose', answers: {} }, 'no question'],
    ['a plain yes to a question', asked, { kind: 'allow', widerId: null }, 'Choose an answer'],
    ['a question left out', asked, { kind: 'choose', answers: {} }, 'Which color?'],
  ] as const)('refuses %s and says why', (_name, detail, answer, message) => {
    expect(decisionOf(write, detail, answer)).toContain(message)
  })
})
