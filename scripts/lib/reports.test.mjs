import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { benchRow, benchTable } from './bench-table.mjs'
import { inRoot } from './paths.mjs'
import { run, runAll, seconds } from './run.mjs'
import { hashInputs, readStamp, writeStamp } from './stale.mjs'
import { summarise } from './summary.mjs'
import { readPlaywrightReport } from './playwright.mjs'
import { makeTestEnvironment } from './test-environment.mjs'
import { readVitestReport } from './vitest.mjs'

const root = mkdtempSync(join(tmpdir(), 'switchyard-scripts-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const unit = { name: 'unit', ok: true, ms: 1234, passed: 10, failed: 0, skipped: 2 }

describe('the end of a test run', () => {
  test('sums the tests of all steps in one plain line', () => {
    const e2e = { name: 'e2e', ok: false, ms: 1000, passed: 3, failed: 2, skipped: 0 }
    const { lines, closing, ok } = summarise([{ name: 'check', ok: true, ms: 100 }, unit, e2e], seconds)
    expect(closing).toBe('13 passed, 2 failed')
    expect(ok).toBe(false)
    expect(lines[1]).toContain('2 skipped')
  })

  test('a failed check never ends in "0 failed"', () => {
    const { closing, ok } = summarise([{ name: 'check', ok: false, ms: 1 }, unit], seconds)
    expect(closing).toBe('10 passed, 1 failed')
    expect(ok).toBe(false)
  })

  test('a test file that could not be loaded counts as a failure', () => {
    const broken = { name: inRoot('electron', 'broken.test.ts'), status: 'failed', assertionResults: [] }
    const fine = { name: inRoot('fine.test.ts'), status: 'passed', assertionResults: [{ status: 'passed' }] }
    const json = {
      numPassedTests: 1,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [broken, fine],
    }
    expect(readVitestReport(json, 1)).toEqual({
      ok: false,
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: ['electron/broken.test.ts › could not be loaded'],
      flaky: [],
    })
  })

  test('a test that passed only at a further try is named', () => {
    const one = { status: 'passed', ancestorTitles: ['a room'], title: 'opens', failureMessages: ['it was locked'] }
    const other = { ...one, title: 'closes', failureMessages: [] }
    const json = {
      numPassedTests: 2,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [{ name: inRoot('a.test.ts'), status: 'passed', assertionResults: [one, other] }],
    }
    const read = readVitestReport(json, 0)
    expect(read).toMatchObject({ ok: true, failures: [], flaky: ['a.test.ts › a room › opens'] })
    const { flaky, closing } = summarise([{ ...unit, ...read }], seconds)
    expect(flaky).toEqual(['~ a.test.ts › a room › opens  failed at its first try'])
    expect(closing).toBe('2 passed, 0 failed')
  })

  test('a runner that ends badly is no success even when every test passed', () => {
    const json = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
    const read = readVitestReport(json, 1)
    expect(read.ok).toBe(false)
    const { failures, closing } = summarise([{ ...unit, ...read, failed: 0 }], seconds)
    expect(failures).toEqual(['✗ unit › failed without a failed test; its output above says why'])
    expect(closing).toBe('1 passed, 1 failed')
  })
})

describe('what failed in a test run', () => {
  test('names each failed test with its file, of every step, so that the end of a long log is enough', () => {
    const json = {
      numPassedTests: 1,
      numFailedTests: 2,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [
        {
          name: inRoot('electron', 'a.test.ts'),
          status: 'failed',
          assertionResults: [
            { status: 'failed', ancestorTitles: ['a thing', 'when new'], title: 'is blue' },
            { status: 'passed', ancestorTitles: [], title: 'is round' },
            { status: 'failed', ancestorTitles: [], title: 'is big' },
          ],
        },
      ],
    }
    const report = {
      stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [],
      suites: [
        {
          title: 'screens/x.spec.ts',
          suites: [
            {
              title: 'a screen',
              specs: [
                {
                  title: 'opens',
                  file: 'screens/x.spec.ts',
                  line: 7,
                  tests: [
                    { projectName: 'web', status: 'unexpected' },
                    { projectName: 'desktop', status: 'skipped' },
                  ],
                },
              ],
            },
          ],
          specs: [
            {
              title: 'closes',
              file: 'screens/x.spec.ts',
              line: 9,
              tests: [{ projectName: 'web', status: 'flaky' }],
            },
          ],
        },
      ],
    }
    const steps = [
      { name: 'unit', ms: 1, ...readVitestReport(json, 1) },
      { name: 'e2e', ms: 1, ...readPlaywrightReport(report, 1) },
    ]
    const { failures, flaky, closing } = summarise(steps, seconds)
    expect(failures).toEqual([
      '✗ electron/a.test.ts › a thing › when new › is blue',
      '✗ electron/a.test.ts › is big',
      '✗ e2e/screens/x.spec.ts:7 › a screen › opens [web]',
    ])
    expect(flaky).toEqual(['~ e2e/screens/x.spec.ts:9 › closes [web]  failed at its first try'])
    expect(closing).toBe('3 passed, 3 failed')
  })

  test('an error outside every end-to-end test is a failure with its first line', () => {
    const stats = { expected: 4, unexpected: 0, flaky: 0, skipped: 1 }
    const errors = [
      { message: '\u001b[31mError: no such fixture\u001b[0m\n  at x.ts', location: { file: 'x.ts', line: 3 } },
    ]
    expect(readPlaywrightReport({ stats, errors, suites: [] }, 1)).toEqual({
      ok: false,
      passed: 4,
      failed: 1,
      skipped: 1,
      failures: ['e2e › Error: no such fixture'],
      flaky: [],
    })
  })
})

describe('what is stale', () => {
  test('follows contents and names, not times, and leaves tests out', () => {
    mkdirSync(join(root, 'src', 'deep'), { recursive: true })
    writeFileSync(join(root, 'src', 'a.ts'), 'a')
    writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'b')
    const first = hashInputs(['src', 'absent'], root)
    utimesSync(join(root, 'src', 'a.ts'), 1, 1)
    writeFileSync(join(root, 'src', 'a.test.ts'), 'a test')
    expect(hashInputs(['src', 'absent'], root)).toBe(first)
    writeFileSync(join(root, 'src', 'deep', 'b.ts'), 'c')
    const second = hashInputs(['src'], root)
    expect(second).not.toBe(first)
    writeFileSync(join(root, 'src', 'c.ts'), '')
    expect(hashInputs(['src'], root)).not.toBe(second)
  })

  test('is remembered under a name', () => {
    expect(readStamp('host', root)).toBeUndefined()
    writeStamp('host', 'abc', root)
    expect(readStamp('host', root)).toBe('abc')
  })
})

describe('running commands', () => {
  test('a command that does not exist is an outcome, not a crash', async () => {
    const result = await run('no-such-command-anywhere', [])
    expect(result.code).toBe(127)
    expect(result.output).toContain('no-such-command-anywhere')
  })

  test('a command that hangs is ended at its time limit', async () => {
    const result = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 })
    expect(result.code).not.toBe(0)
    expect(result.output).toContain('SIGKILL')
  })

  test('at most the given number of jobs run at once, and results keep their order', async () => {
    let running = 0
    let most = 0
    const job = (value) => async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
      return value
    }
    expect(await runAll([1, 2, 3, 4, 5].map(job), 2)).toEqual([1, 2, 3, 4, 5])
    expect(most).toBe(2)
  })

  test('tests see a home of their own and none of the surrounding settings', async () => {
    process.env.ANTHROPIC_API_KEY = 'surrounding'
    const { env, dispose } = makeTestEnvironment()
    const { output } = await run(process.execPath, ['-p', 'JSON.stringify(process.env)'], { env })
    dispose()
    delete process.env.ANTHROPIC_API_KEY
    const seen = JSON.parse(output)
    expect(seen.ANTHROPIC_API_KEY).toBeUndefined()
    expect(seen.HOME).toContain('switchyard-test-home-')
  })
})

test('generated tests draw the same inputs at each run', () => {
  expect(fc.sample(fc.nat(), 20)).toEqual(fc.sample(fc.nat(), 20))
})

test('a benchmark row carries its goal, its verdict and its raw figures', () => {
  const bench = { id: 'B3', title: 'key echo', goal: 'p50 <= 1.25 x unbatched' }
  const result = { ratio: 1.1, ok: true, unit: 'ms', medians: { ours: 1.1, peer: 1 }, spreads: {}, raw: {} }
  const row = benchRow(bench, result)
  expect(JSON.parse(JSON.stringify(row))).toMatchObject({ id: 'B3', ratio: 1.1, ok: true, goal: bench.goal })
  expect(
    benchTable([row, { ...row, id: 'B4', ok: false }])
      .split('\n')
      .at(-1),
  ).toMatch(/^B4 .*1\.10.*MISSED$/)
})
