import { describe, expect, it } from 'vitest'
import type { InputPlace } from '../../../../shared/pty-protocol/terminals.ts'
import { agentAdapters } from './all-agents.ts'
import { isCodexPromptEmpty, isDemoPromptEmpty, isGeminiPromptEmpty } from './prompt-rules.ts'

/** The screen of a program with its cursor at the bar. */
const place = (...lines: readonly string[]): InputPlace => {
  const cursorRow = lines.findIndex((line) => line.includes('|'))
  const [before = '', after = ''] = (lines[cursorRow] ?? '').split('|')
  return {
    rows: lines.map((line) => line.replace('|', '').trimEnd()),
    cursorRow,
    before,
    after,
    takesPaste: true,
    inputs: 0,
    lastInputAt: null,
    lastOutputAt: null,
    outputUnits: 0,
  }
}
const bar = (sign: string) => sign.repeat(20)

describe('the prompt of the demo agent', () => {
  it.each([
    ['empty', true, ['• Demo agent', '', '› |', '', '']],
    ['half typed', false, ['› fix|', '']],
    ['half typed, with the cursor gone back', false, ['› |fix', '']],
    ['with a space typed', false, ['›  |', '']],
    ['not the last line', false, ['› |', 'y allow   n deny']],
    ['a question', false, ['› Do it', '• May I write PLAN.md?', '  y allow   n or Esc deny|']],
    ['nothing at all', false, ['|']],
  ])('%s: %s', (_name, expected, lines) => {
    expect(isDemoPromptEmpty(place(...lines))).toBe(expected)
  })
})

describe('the prompt of Codex', () => {
  const footer = ['', '  fake default · /work']
  it.each([
    ['empty; its faint hint is no text', true, ['› |', ...footer]],
    ['typed into', false, ['› hello there|', ...footer]],
    ['a dialog', false, ['Allow this command?', '› |1. Yes, proceed', '  2. No', ...footer]],
    ['a second line of what is typed', false, ['› hello', '  |', ...footer]],
    ['the empty first line of what is typed', false, ['› |', '  hello', ...footer]],
    ['at work, with the cursor elsewhere', false, ['• Working (3s)|', '', '› ', ...footer]],
  ])('%s: %s', (_name, expected, lines) => {
    expect(isCodexPromptEmpty(place(...lines))).toBe(expected)
  })
})

describe('the prompt of Gemini CLI', () => {
  it.each([
    ['empty', true, [bar('▄'), ' > |', bar('▀')]],
    ['empty with its hint', true, [bar('▄'), ' > |Type your message or @path/to/file  ', bar('▀')]],
    ['typed into', false, [bar('▄'), ' > hello|', bar('▀')]],
    ['typed before the cursor', false, [bar('▄'), ' > |hello', bar('▀')]],
    ['something quoted in its answer', false, ['It says:', ' > |', 'and goes on']],
    ['of several lines', false, [bar('▄'), ' > |', '   more', bar('▀')]],
  ])('%s: %s', (_name, expected, lines) => {
    expect(isGeminiPromptEmpty(place(...lines))).toBe(expected)
  })
})

it('is known of agents that tell their state, and never of a shell, whose prompt carries out what is typed', () => {
  const known = Object.values(agentAdapters).filter(({ isPromptEmpty }) => isPromptEmpty !== undefined)
  expect(known.map(({ id }) => id)).toEqual(['codex', 'gemini', 'demo'])
  expect(known.every(({ statusSource }) => statusSource !== 'process')).toBe(true)
  // Those that are told by a hook's answer need no typing.
  expect(known.every(({ writeGuardAnswer, wake }) => writeGuardAnswer === undefined && wake === undefined)).toBe(true)
})
