import { existsSync, readFileSync, rmSync } from 'node:fs'
import { inRoot, toolEntry, toolNode } from './paths.mjs'
import { run } from './run.mjs'
import { makeTestEnvironment } from './test-environment.mjs'

const report = inRoot('.cache', 'reports', 'vitest.json')

/** Runs the unit and integration tests with `args` and returns { ok, passed, failed, skipped }. */
export async function runVitest({ args }) {
  rmSync(report, { force: true })
  const { env, dispose } = makeTestEnvironment()
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await run(toolNode(), [toolEntry('vitest'), 'run', ...reporters, ...args], { env, inherit: true })
  dispose()
  if (!existsSync(report)) return { ok: false, passed: 0, failed: 1, skipped: 0 }
  return readVitestReport(JSON.parse(readFileSync(report, 'utf8')), code)
}

/** A file that cannot even be loaded has no failed test, and counts as one. */
export function readVitestReport(json, code) {
  const unloaded = json.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  )
  const failed = json.numFailedTests + unloaded.length
  return {
    ok: code === 0 && failed === 0,
    passed: json.numPassedTests,
    failed,
    skipped: json.numPendingTests + json.numTodoTests,
  }
}
