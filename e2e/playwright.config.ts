import { defineConfig } from '@playwright/test'
import { chromiumFlags } from './chromium-flags.ts'

// A system Chromium shows what Playwright's own does. As root its sandbox cannot start; nothing but our page is loaded.
const executablePath = process.env['SWITCHYARD_CHROMIUM']
const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // A test mostly waits: for an agent, a picture, a process. Two at a time keep two cores busy.
  workers: 2,
  fullyParallel: false,
  // A loaded machine may hold a real agent up beyond every time-out. What fails twice fails; what passed only at the
  // second try is named as flaky in the report.
  retries: 1,
  forbidOnly: true,
  // They only end what hangs.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 30_000,
    viewport: { width: 1280, height: 800 },
    // Recording costs a quarter of a test's time, so only a test that failed is recorded, at its second try.
    trace: 'on-first-retry',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      chromiumSandbox: !isRoot,
      // Without a graphics card the terminals draw with elements, whose text a test can read.
      args: [...chromiumFlags, '--disable-3d-apis', '--host-resolver-rules=MAP rebind.example 127.0.0.1'],
    },
  },
  projects: [
    { name: 'web', testIgnore: '**/desktop-*.spec.ts' },
    // The same page objects drive the desktop window where Electron's binary is there; fixtures skip them where not.
    // Only of this folder: files below it may have the same names, and drive a browser.
    { name: 'desktop', testMatch: /[\\/]e2e[\\/](agents|first-run|desktop-[^\\/]+)\.spec\.ts$/ },
  ],
})
