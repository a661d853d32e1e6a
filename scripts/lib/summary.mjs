/**
 * The end of a test run. Each result is { name, ok, ms } and, for tests, passed, failed and skipped.
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
  return { lines, closing: `${passed} passed, ${failed} failed`, ok: failed === 0 }
}

const skipped = (result) => (result.skipped > 0 ? `, ${result.skipped} skipped` : '')
