import { expect, it } from 'vitest'
import { readCodexTitle, readGeminiTitle, readQwenTitle } from './title-rules.ts'

it.each([
  [readCodexTitle, '⠋ repo', 'working'],
  [readCodexTitle, '[ ! ] Action Required | repo', 'waiting'],
  [readCodexTitle, '[ . ] Action Required | repo', 'waiting'],
  [readCodexTitle, 'repo', 'idle'],
  [readCodexTitle, '', undefined],
  [readGeminiTitle, '◇  Ready (repo)           ', 'idle'],
  [readGeminiTitle, '✦  Working… (repo)', 'working'],
  [readGeminiTitle, '✋  Action Required (repo)', 'waiting'],
  [readGeminiTitle, 'repo', undefined],
  [readQwenTitle, '◐︎ Qwen - repo', 'working'],
  [readQwenTitle, '✳︎ Qwen - repo', undefined],
  [readQwenTitle, 'Qwen - repo', undefined],
])('%o reads “%s” as %s', (read, title, kind) => {
  expect(read(title)?.kind).toBe(kind)
})
