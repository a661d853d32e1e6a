// Everything a change must pass: check, unit and integration tests, build, end-to-end tests.
//   npm test                    all of it
//   npm test -- PATH… [-t NAME] only the tests in these files or folders, or with this in their name, without the check
import { spawn } from 'node:child_process'
import { build } from './build.mjs'
import { ensureTerminalPrograms } from './lib/apt.mjs'
import { findChromium } from './lib/chromium.mjs'
import { inRoot, isPinnedNode, pinnedNode, toolNode } from './lib/paths.mjs'
import { runPlaywright } from './lib/playwright.mjs'
import { run, seconds } from './lib/run.mjs'
import { summarise } from './lib/summary.mjs'
import { parseTestArguments } from './lib/test-arguments.mjs'
import { runVitest } from './lib/vitest.mjs'
import { setUp } from './set-up.mjs'

await main(process.argv.slice(2))

async function main(args) {
  const wanted = parseTestArguments(args)
  if (!wanted.ok) return end(2, wanted.message)
  const ready = await setUp()
  if (!ready.ok) return end(1, ready.message)
  if (!isPinnedNode()) return become(args)

  const results = []
  const step = async (name, work) => {
    console.log(`\n── ${name} ──`)
    const begun = Date.now()
    results.push({ name, ...(await work()), ms: Date.now() - begun })
  }
  if (wanted.check) await step('check', check)
  // First, since tests of both kinds show the built page.
  let isBuilt = false
  if (wanted.e2e) {
    await step('build', async () => ({ ok: await build() }))
    isBuilt = results.at(-1).ok
  }
  if (wanted.unit) {
    await ensureTerminalPrograms()
    const page = isBuilt ? inRoot('dist', 'renderer') : undefined
    await step('unit and integration tests', () => runVitest({ args: wanted.unit, page }))
  }
  if (wanted.e2e) await step('end-to-end tests', () => endToEnd(wanted.e2e, isBuilt))
  report(results)
}

async function check() {
  const { code } = await run(toolNode(), [inRoot('scripts', 'check.mjs')], { inherit: true })
  return { ok: code === 0 }
}

async function endToEnd(args, isBuilt) {
  if (!isBuilt) {
    console.log('Not run, because the build failed.')
    return { ok: false }
  }
  const chromium = await findChromium()
  if (chromium.ok) return runPlaywright({ chromium: chromium.path, args })
  console.log(chromium.message)
  return { ok: false }
}

function report(results) {
  const { lines, failures, flaky, closing, ok } = summarise(results, seconds)
  // The names come last, before the counts: a log is often read from its end.
  console.log(['', ...lines, ...flaky, ...failures, closing].join('\n'))
  process.exitCode = ok ? 0 : 1
}

/** Starts over under the pinned Node, which the set-up has just installed. */
function become(args) {
  const child = spawn(pinnedNode(), [inRoot('scripts', 'test.mjs'), ...args], { stdio: 'inherit' })
  child.on('exit', (code) => process.exit(code ?? 1))
}

function end(code, message) {
  console.error(message)
  process.exitCode = code
}
