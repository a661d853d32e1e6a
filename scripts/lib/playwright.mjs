import { existsSync, readFileSync, rmSync } from 'node:fs'
import { inRoot, toolEntry, toolNode } from './paths.mjs'
import { run } from './run.mjs'
import { makeTestEnvironment } from './test-environment.mjs'

const report = inRoot('.cache', 'reports', 'playwright.json')

/** Runs the end-to-end tests with `args` and returns { ok, passed, failed, skipped }. */
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
  const { stats, errors } = JSON.parse(readFileSync(report, 'utf8'))
  const failed = stats.unexpected + errors.length
  return { ok: code === 0 && failed === 0, passed: stats.expected + stats.flaky, failed, skipped: stats.skipped }
}
