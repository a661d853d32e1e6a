/** More than this many names would push the rest of the summary out of sight. */
const mostNamed = 50

/**
 * The end of a test run. Each result is { name, ok, ms } and, for tests, passed, failed, skipped, the names of the
 * failures and of those that passed only at a further try.
 * The closing line stands alone and counts tests; a step that failed without a failed test counts as one failure, so that
 * the line never reads as a success when there was none.
 */
export function summarise(results, formatMs) {
  const lines = results.map((result) => {
    const counts =
      result.passed === undefined ? '' : `  ${result.passed} passed, ${result.failed} failed${skipped(result)}`
    return `${result.ok ? '✓' : '✗'} ${result.name.padEnd(28)} ${formatMs(result.ms).padStart(8)}${counts}`
  })
  const passed = results.reduce((sum, result) => sum + (result.passed ?? 0), 0)
  const failed = results.reduce((sum, result) => sum + (result.failed || (result.ok ? 0 : 1)), 0)
  const failures = results.flatMap((result) => (result.ok ? [] : namesOfFailures(result)))
  const flaky = results.flatMap((result) => result.flaky ?? [])
  return {
    lines,
    failures: cut(failures.map((name) => `✗ ${name}`)),
    flaky: cut(flaky.map((name) => `~ ${name}  failed at its first try`)),
    closing: `${passed} passed, ${failed} failed`,
    ok: failed === 0,
  }
}

function namesOfFailures({ name, failures = [] }) {
  if (failures.length > 0) return failures
  return [`${name} › failed without a failed test; its output above says why`]
}

const cut = (names) =>
  names.length <= mostNamed ? names : [...names.slice(0, mostNamed), `  and ${names.length - mostNamed} more`]

const skipped = (result) => (result.skipped > 0 ? `, ${result.skipped} skipped` : '')
