import { createRouterClient } from '@orpc/server'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApiClient } from '../../../../shared/contract/api.ts'
import type { Snapshot } from '../../../../shared/contract/changes.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { openApp, type App } from '../open-app.ts'

/** A session whose agent lives, and what that agent knows of itself. */
export interface Member {
  readonly id: Session['id']
  readonly environment: Record<string, string>
}

const root = join(import.meta.dirname, '..', '..', '..', '..')
export const entries = {
  ptyHost: join(root, 'electron', 'pty-host.ts'),
  cli: join(root, 'electron', 'cli.ts'),
  resources: join(root, 'resources'),
}

export type CommandYard = Awaited<ReturnType<typeof openCommandYard>>

/** The whole app on a repository of one commit, without a page: it may be started and closed again while agents live on. */
export const openCommandYard = async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-commands-')))
  const dataDir = join(folder, 'data')
  const home = join(folder, 'home')
  const repository = join(home, 'repository')
  mkdirSync(join(repository, 'src'), { recursive: true })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, env: { PATH: process.env['PATH'] } })
  git('init', '--quiet', '--initial-branch=main')
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--allow-empty', '-m', 'Start')

  let running: { readonly app: App; readonly client: ApiClient } | null = null
  const start = async (): Promise<ApiClient> => {
    if (running) return running.client
    const app = await openApp({
      dataDir,
      home,
      version: '0.0.0',
      environment: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/sh', SWITCHYARD_DEMO_STEP_MS: '10' },
      entries,
      capabilities: { kind: 'web', pickFolder: null, openInEditor: async () => false, quit: () => undefined },
      starts: { most: 4, gapMs: 0 },
    })
    const context = { identity: { kind: 'person', id: 'test', right: 'full' } as const }
    running = { app, client: createRouterClient(app.router, { context }) }
    await app.ready
    return running.client
  }
  const stop = async () => {
    const stopping = running
    running = null
    await stopping?.app.close()
  }
  const client = await start()
  const project: Project = await client.projects.open({ path: repository, initialise: false })
  return {
    folder,
    dataDir,
    home,
    repository,
    project,
    start,
    stop,
    readState: async () => readState(await start()),
    /** A session whose agent waits at a question, so that it lives as long as it is wanted. */
    addSession: async (title: string, at = project) => addSession(await start(), at, title),
    close: async () => {
      await (await start()).host.quit({ stopAll: true })
      await stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const readState = async (client: ApiClient): Promise<Snapshot> => {
  for await (const item of await client.changes.subscribe({ after: null }))
    if (item.kind === 'snapshot') return item.state
  throw new Error('There is no snapshot.')
}

const addSession = async (client: ApiClient, project: Project, title: string): Promise<Member> => {
  const { id } = await client.sessions.create({
    projectId: project.id,
    title,
    prompt: 'Write it',
    agentId: 'demo',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: `request-${title}`,
  })
  for await (const _change of await client.changes.subscribe({ after: null })) {
    const { asks, sessions } = await readState(client)
    const runtime = sessions.find((session) => session.id === id)?.runtime
    if (runtime?.kind === 'alive' && asks.some((ask) => ask.sessionId === id))
      return { id, environment: environmentOf(runtime.pid) }
  }
  throw new Error(`${title} did not start.`)
}

/** As its agent has it; only there is its token to be found. */
const environmentOf = (pid: number): Record<string, string> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
