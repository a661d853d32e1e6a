import { existsSync, readFileSync, rmSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { inRoot, toolEntry, toolNode } from './paths.mjs'
import { run } from './run.mjs'
import { makeTestEnvironment } from './test-environment.mjs'

const report = inRoot('.cache', 'reports', 'playwright.json')

/** Runs the end-to-end tests with `args` and returns { ok, passed, failed, skipped, failures, flaky }: the last two are names. */
export async function runPlaywright({ chromium, args }) {
  rmSync(report, { force: true })
  const { env, dispose } = makeTestEnvironment({ SWITCHYARD_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  const entry = toolEntry('@playwright/test', 'playwright')
  const { code } = await run(toolNode(), [entry, 'test', '--config', 'e2e/playwright.config.ts', ...args], {
    env,
    inherit: true,
  })
  dispose()
  if (!existsSync(report)) return { ok: false, passed: 0, failed: 1, skipped: 0 }
  return readPlaywrightReport(JSON.parse(readFileSync(report, 'utf8')), code)
}

/** What failed outside every test (a file that cannot be loaded, a global set-up) counts as a failure too. */
export function readPlaywrightReport({ stats, errors, suites }, code) {
  const failed = stats.unexpected + errors.length
  const named = (status) => suites.flatMap((suite) => namesOf(suite, status, []))
  return {
    ok: code === 0 && failed === 0,
    passed: stats.expected + stats.flaky,
    failed,
    skipped: stats.skipped,
    failures: [...named('unexpected'), ...errors.map((error) => `e2e › ${firstLine(error.message ?? 'an error')}`)],
    flaky: named('flaky'),
  }
}

/** The outermost suite is the file, which the place of each test names already. */
function namesOf({ suites = [], specs = [] }, status, titles) {
  const own = specs.flatMap(({ title, file, line, tests }) =>
    tests
      .filter((one) => one.status === status)
      .map(({ projectName }) => `${[`e2e/${file}:${line}`, ...titles, title].join(' › ')} [${projectName}]`),
  )
  return [...own, ...suites.flatMap((inner) => namesOf(inner, status, [...titles, inner.title]))]
}

const firstLine = (text) => stripVTControlCharacters(text).split('\n')[0]
