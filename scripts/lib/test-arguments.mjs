/**
 * Sorts the arguments of `npm test`: which steps run, and with which arguments of their tool (undefined: not at all).
 * A path below e2e or to a .spec.ts file is an end-to-end test, any other a unit or integration test.
 */
export function parseTestArguments(args) {
  const paths = []
  let name
  for (let index = 0; index < args.length; index++) {
    if (args[index] === '-t') {
      name = args[++index]
      if (!name) return { ok: false, message: '-t needs a part of a test name.' }
    } else if (args[index].startsWith('-')) {
      return { ok: false, message: `Unknown flag ${args[index]}. Use: npm test -- [PATH…] [-t NAME]` }
    } else {
      paths.push(args[index].replace(/^\.\//, ''))
    }
  }
  const isEndToEnd = (path) => /^e2e(\/|$)/.test(path) && !path.endsWith('.test.ts')
  const unit = paths.filter((path) => !isEndToEnd(path))
  const e2e = paths.filter(isEndToEnd)
  const all = paths.length === 0
  return {
    ok: true,
    check: all && name === undefined,
    unit: all || unit.length > 0 ? [...unit, ...(name ? ['-t', name, '--passWithNoTests'] : [])] : undefined,
    e2e: all || e2e.length > 0 ? [...e2e, ...(name ? ['--grep', name, '--pass-with-no-tests'] : [])] : undefined,
  }
}
