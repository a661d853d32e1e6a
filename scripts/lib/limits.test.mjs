import { expect, test } from 'vitest'
import { judgeLimits } from './limits.mjs'

const lines = (count, line = 'const a = 1') => `${line}\n`.repeat(count)

test('a file of 350 lines passes and one of 351 does not', () => {
  expect(judgeLimits([{ path: 'shared/lib/a.ts', text: lines(350) }]).problems).toEqual([])
  const [problem] = judgeLimits([{ path: 'shared/lib/a.ts', text: lines(351) }]).problems
  expect(problem).toContain('shared/lib/a.ts: 351 lines')
})

test('the limit on length also holds for tests and styles', () => {
  const files = [
    { path: 'shared/a.test.ts', text: lines(400) },
    { path: 'renderer/app/app.css', text: lines(400) },
  ]
  expect(judgeLimits(files).problems).toHaveLength(2)
})

test('unfinished work and silenced tools are refused by line', () => {
  const text = [
    'const a = 1',
    '// TODO later',
    '// @ts-ignore',
    '// oxlint-disable',
    '// oxlint-disable-next-line no-console -- the ready line',
    '// eslint-disable-next-line no-console',
  ].join('\n')
  const problems = judgeLimits([{ path: 'electron/web.ts', text }]).problems
  expect(problems.map((problem) => problem.split(':')[1])).toEqual(['2', '3', '4', '6'])
})

test('too few tests for the source is a finding about the tree', () => {
  const files = [
    { path: 'electron/web.ts', text: lines(100) },
    { path: 'electron/web.test.ts', text: lines(79) },
  ]
  expect(judgeLimits(files).balance).toEqual(['79 lines of tests for 100 lines of source; at least 80 are needed'])
  expect(judgeLimits([...files, { path: 'e2e/a.spec.ts', text: lines(1) }]).balance).toEqual([])
})

test('benchmarks count neither as source nor as tests', () => {
  expect(judgeLimits([{ path: 'bench/echo.ts', text: lines(500 / 2) }])).toMatchObject({ sourceLines: 0, testLines: 0 })
})

test('more than two try statements in a thousand lines are named with their files', () => {
  const files = [
    { path: 'electron/a.ts', text: lines(997) + lines(3, 'try { a() } finally { b() }') },
    { path: 'electron/a.test.ts', text: lines(800) },
  ]
  expect(judgeLimits(files).balance).toEqual(['3 try in 1000 lines; at most 2 per 1000: electron/a.ts (3)'])
})

test('the word try in a comment, a string or a name is no try statement', () => {
  const text = ['// try { this }', ' * try { that }', "const a = 'try {'", 'retry { }', 'a.try {'].join('\n')
  expect(judgeLimits([{ path: 'shared/a.ts', text }]).tries).toBe(0)
})
