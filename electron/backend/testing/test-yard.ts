import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalPty, type LocalPty } from './local-pty.ts'
import { createStandInWorktrees, type StandInWorktrees } from './stand-in-worktrees.ts'
import { openApp, type AppOptions, type TestApp } from './test-app.ts'

/** What outlives an app: folders and terminals. */
export interface Yard {
  readonly folder: string
  readonly pty: LocalPty
  readonly worktrees: StandInWorktrees
  /** The environment of the person. */
  readonly person: Record<string, string>
  open(options?: AppOptions): Promise<TestApp>
  dispose(): Promise<void>
}

export const createYard = (environment: Record<string, string> = {}): Yard => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-yard-'))
  const home = join(folder, 'home')
  mkdirSync(home)
  const pty = createLocalPty()
  const person = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    SWITCHYARD_DEMO_STEP_MS: '30',
    ...environment,
  }
  const worktrees = createStandInWorktrees(folder)
  const apps = new Set<TestApp>()
  return {
    folder,
    pty,
    worktrees,
    person,
    open: async (options = {}) => {
      const app = await openApp({ folder, pty, worktrees, person }, options)
      apps.add(app)
      return app
    },
    dispose: async () => {
      for (const app of apps) await app.close()
      await pty.die()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
