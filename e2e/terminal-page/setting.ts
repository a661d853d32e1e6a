import { chromium, type Browser, type Page } from '@playwright/test'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { build } from 'vite'
import type { Snapshot } from '../../shared/contract/changes.ts'
import { defaultAppearance, type Appearance, type Setting } from '../../shared/contract/settings.ts'
import { chromiumFlags } from '../chromium-flags.ts'
import { startPageBackend, type PageBackend } from './backend.ts'
import { activityRow, projectRow, sessionRow, terminalIdAt, terminalRow, worktreeRow } from './rows.ts'
import type { Launch } from './terminals.ts'

/** The built page in a folder of its own, a browser, and what ends both. */
export interface PageSetting {
  readonly rendererDir: string
  readonly browser: Browser
  readonly workDir: string
  readonly dispose: () => Promise<void>
}

const root = join(import.meta.dirname, '..', '..')

/** Without graphics contexts terminals are drawn with elements, whose text a test can read. */
export const openPageSetting = async (hasGraphics = false): Promise<PageSetting> => {
  const workDir = mkdtempSync(join(tmpdir(), 'switchyard-page-'))
  const rendererDir = process.env['SWITCHYARD_TEST_PAGE'] ?? (await buildPage(join(workDir, 'renderer')))
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', ...chromiumFlags, ...(hasGraphics ? [] : ['--disable-3d-apis'])],
  })
  return {
    rendererDir,
    browser,
    workDir,
    dispose: async () => {
      await browser.close()
      rmSync(workDir, { recursive: true, force: true })
    },
  }
}

/** A run of all tests has built the page before; tests that run by themselves build what is there now. */
const buildPage = async (outDir: string): Promise<string> => {
  await build({
    configFile: join(root, 'vite.renderer.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, sourcemap: false },
  })
  return outDir
}

export const chromiumPath = (): string => {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = [
    process.env['SWITCHYARD_CHROMIUM'] ?? '',
    ...folders.flatMap((one) => names.map((name) => join(one, name))),
  ]
  return candidates.find((path) => path !== '' && existsSync(path)) ?? chromium.executablePath()
}

/** A bash without anybody's configuration. */
export const bashIn = (cwd: string): Launch => ({
  argv: ['/bin/bash', '--noprofile', '--norc', '-i'],
  cwd,
  env: {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: cwd,
    TERM: 'xterm-256color',
    PS1: '$ ',
    LANG: 'C.UTF-8',
    HISTFILE: '',
  },
})

/** A terminal that shows a text and then echoes what is typed. */
export const showing = (cwd: string, text: string): Launch => ({
  argv: ['/bin/sh', '-c', `printf %s "$SCREEN"; exec cat`],
  cwd,
  env: { PATH: '/usr/bin:/bin', TERM: 'xterm-256color', SCREEN: text },
})

const sessions = [
  ['Idempotency keys on transfers', 'idempotency-keys', 148, 22],
  ['Retry webhooks with backoff', 'retry-webhooks', 212, 38],
  ['Split settlement worker', 'settlement-worker', 604, 371],
  ['Flaky ledger balance test', 'flaky-balance', 18, 6],
  ['Currency table to minor units', 'currency-minor', 3, 0],
  ['Audit log export as CSV', 'audit-csv', 331, 54],
  ['Virtualise the invoices table with sticky totals', 'invoices-table', 96, 140],
  ['Dark theme for email previews', 'email-dark', 73, 11],
  ['Remove moment from date utils', 'remove-moment', 41, 87],
] as const

/** A project with so many sessions that all run. */
export const snapshotWith = (count: number, workDir: string): Snapshot => ({
  settings: [],
  projects: [projectRow(workDir)],
  agents: [],
  worktrees: sessions
    .slice(0, count)
    .map(([, branch, added, removed], at) => worktreeRow(at + 1, workDir, branch, added, removed)),
  terminals: sessions.slice(0, count).map((_, at) => terminalRow(at + 1, workDir)),
  sessions: sessions.slice(0, count).map(([title], at) => sessionRow(at + 1, title, looks[at % looks.length])),
  asks: [],
  leases: [],
  waiters: [],
  overlaps: [],
  threads: [],
  messages: [],
  deliveries: [],
  reports: [],
  outages: [],
  subagents: [],
  teammates: [],
  teamTasks: [],
  merges: [],
  pullRequests: [],
  checks: [],
  checkRuns: [],
  mergeQueues: [],
  mergeEntries: [],
  tasks: [],
  dependencies: [],
  attempts: [],
  dispatch: { paused: null, rev: 0 },
})

const minute = 60_000
const looks = [
  {},
  {
    activity: activityRow('needs-you', 'PermissionRequest: Bash', 2 * minute),
    usage: { contextPercent: 58, costUsd: 2.31, model: 'opus', at: 1 },
  },
  {
    activity: activityRow('working', 'PostToolUse: Bash', 11_000),
    usage: { contextPercent: 83, costUsd: 5.07, model: 'opus', at: 1 },
  },
  {
    activity: activityRow('idle', 'Stop', 6 * minute),
    usage: { contextPercent: 22, costUsd: 0.64, model: 'sonnet', at: 1 },
  },
]

/** The `appearance` setting with what differs from the default. */
export const appearanceSetting = (change: Partial<Appearance>): Setting => ({
  key: 'appearance',
  value: { ...defaultAppearance, ...change },
})

export interface OpenPage {
  readonly page: Page
  readonly backend: PageBackend
  /** Errors of the page and refusals of its policy. */
  readonly problems: string[]
  readonly close: () => Promise<void>
}

interface OpenOptions {
  readonly launches: readonly Launch[]
  readonly settings?: Snapshot['settings']
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly change?: (state: Snapshot) => void
}

/** The real page against real terminals, one session each. */
export const openPage = async (setting: PageSetting, options: OpenOptions): Promise<OpenPage> => {
  const state = snapshotWith(options.launches.length, setting.workDir)
  state.settings.push(...(options.settings ?? [appearanceSetting({ theme: 'dark' })]))
  options.change?.(state)
  const backend = await startPageBackend({
    rendererDir: setting.rendererDir,
    state,
    shell: () => bashIn(setting.workDir),
  })
  for (const [at, launch] of options.launches.entries()) backend.launch(terminalIdAt(at + 1), launch)
  const context = await setting.browser.newContext({
    viewport: options.viewport ?? { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(backend.origin)
  let isClosed = false
  return {
    page,
    backend,
    problems,
    close: async () => {
      if (isClosed) return
      isClosed = true
      await context.close()
      await backend.close()
    },
  }
}
