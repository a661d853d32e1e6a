// Builds what is stale and runs the end-to-end tests.   node scripts/e2e.mjs [Playwright's arguments]
import { build } from './build.mjs'
import { findChromium } from './lib/chromium.mjs'
import { runPlaywright } from './lib/playwright.mjs'

const chromium = await findChromium()
if (!chromium.ok) {
  console.error(chromium.message)
  process.exit(1)
}
if (!(await build())) process.exit(1)
const { ok, passed, failed, skipped } = await runPlaywright({ chromium: chromium.path, args: process.argv.slice(2) })
console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(ok ? 0 : 1)
