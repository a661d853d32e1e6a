import { existsSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { inRoot, root, toolEntry, toolNode } from './paths.mjs'
import { run } from './run.mjs'
import { makeTestEnvironment } from './test-environment.mjs'

const report = inRoot('.cache', 'reports', 'vitest.json')

/**
 * Runs the unit and integration tests with `args`, those of the page with the one that was built in the folder `page` if that
 * is given. Returns { ok, passed, failed, skipped, failures, flaky }: the last two are names, of those that failed and of
 * those that passed only at a further try.
 */
export async function runVitest({ args, page }) {
  rmSync(report, { force: true })
  const { env, dispose } = makeTestEnvironment(page ? { SWITCHYARD_TEST_PAGE: page } : {})
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await run(toolNode(), [toolEntry('vitest'), 'run', ...reporters, ...args], { env, inherit: true })
  dispose()
  if (!existsSync(report)) return { ok: false, passed: 0, failed: 1, skipped: 0 }
  return readVitestReport(JSON.parse(readFileSync(report, 'utf8')), code)
}

/** A file that cannot even be loaded has no failed test, and counts as one. */
export function readVitestReport(json, code) {
  const failures = json.testResults.flatMap(namesOfFailures)
  return {
    ok: code === 0 && failures.length === 0,
    passed: json.numPassedTests,
    failed: failures.length,
    skipped: json.numPendingTests + json.numTodoTests,
    failures,
    flaky: json.testResults.flatMap(namesOfFlaky),
  }
}

/** What earlier tries said stays in the report of a test that passed. */
function namesOfFlaky({ name, assertionResults }) {
  return assertionResults
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages?.length > 0)
    .map((one) => nameOf(name, one))
}

function namesOfFailures({ name, status, assertionResults }) {
  const failed = assertionResults.filter((one) => one.status === 'failed')
  if (failed.length === 0) return status === 'failed' ? [`${relative(root, name)} › could not be loaded`] : []
  return failed.map((one) => nameOf(name, one))
}

const nameOf = (file, { ancestorTitles, title }) => [relative(root, file), ...ancestorTitles, title].join(' › ')
