import { createRouterClient } from '@orpc/server'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startGateway } from '../../agent-gateway/start-gateway.ts'
import { createBackend } from '../../backend/create-backend.ts'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { Snapshot } from '../../../shared/contract/changes.ts'
import type { Session } from '../../../shared/contract/sessions.ts'

const root = join(import.meta.dirname, '..', '..', '..')
let folder: string
let app: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-held-')))
  mkdirSync(join(folder, 'home'))
  app = await open()
})
afterEach(async () => {
  await app.client.host.quit({ stopAll: true })
  await app.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** The backend and the real gateway, put together as the hosts do, with an ear on who knocks. */
const open = async () => {
  const home = join(folder, 'home')
  const backend = await createBackend({
    dataDir: join(folder, 'data'),
    home,
    version: '0.0.0',
    environment: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/sh', SWITCHYARD_DEMO_STEP_MS: '10' },
    entries: {
      ptyHost: join(root, 'electron', 'pty-host.ts'),
      cli: join(root, 'electron', 'cli.ts'),
      resources: join(root, 'resources'),
    },
    capabilities: { kind: 'web', pickFolder: null, openInEditor: async () => false, quit: () => undefined },
  })
  const { promise: knocked, resolve: knock } = Promise.withResolvers<void>()
  const gateway = await startGateway({
    authenticate: (token) => {
      knock()
      return backend.agents.authenticate(token)
    },
    handleHook: backend.agents.handleHook,
    runVerb: backend.agents.runVerb,
    version: '0.0.0',
    log: backend.log,
    knownPorts: [],
    freshPorts: [],
    keeper: null,
    moved: (place) => backend.agents.setGatewayUrl(place?.url ?? null),
  })
  const client: ApiClient = createRouterClient(backend.router, {
    context: { identity: { kind: 'person', id: 'test', right: 'full' } },
  })
  return {
    client,
    ready: backend.ready,
    knocked,
    /** Waits until the state holds; looked at again after each change. */
    when: <Found>(find: (state: Snapshot) => Found | undefined | false) => whenState(client, find),
    close: async () => {
      await gateway.close()
      await backend.close()
    },
  }
}

const whenState = async <Found>(client: ApiClient, find: (state: Snapshot) => Found | undefined | false) => {
  const stop = new AbortController()
  for await (const _change of await client.changes.subscribe({ after: null }, { signal: stop.signal })) {
    for await (const item of await client.changes.subscribe({ after: null })) {
      const found = item.kind === 'snapshot' && find(item.state)
      if (found) {
        stop.abort()
        return found
      }
      break
    }
  }
  throw new Error('The changes ended.')
}

const makeRepository = () => {
  const path = join(folder, 'home', 'repository')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: path, env: { PATH: process.env['PATH'] } })
  mkdirSync(path)
  git('init', '--quiet', '--initial-branch=main')
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--allow-empty', '-m', 'Start')
  return path
}

it('a permission that is asked for before the sessions were found again is held, and answered in the app', async () => {
  const project = await app.client.projects.open({ path: makeRepository(), initialise: false })
  const created: Session = await app.client.sessions.create({
    projectId: project.id,
    title: 'Asks',
    prompt: 'Write it',
    agentId: 'demo',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: 'request-1',
  })
  const first = await app.when(({ asks }) => asks.find((ask) => ask.sessionId === created.id && ask.canAnswerHere))
  await app.close()

  // The sessions are not found again before the process that keeps the terminals answers.
  const { pid } = JSON.parse(readFileSync(join(folder, 'data', 'pty-host.json'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGSTOP')
  app = await open()
  let isReady = false
  void app.ready.then(() => (isReady = true))
  await app.knocked
  expect(isReady).toBe(false)
  process.kill(pid, 'SIGCONT')
  await app.ready

  const again = await app.when(({ asks }) => asks.find((ask) => ask.id !== first.id && ask.canAnswerHere))
  expect(again.sessionId).toBe(created.id)
  await app.client.asks.answer({ askId: again.id, answer: { kind: 'allow', widerId: '0' } })
  const idle = await app.when(({ sessions }) => sessions.find(({ activity }) => activity.kind === 'idle'))
  const worktree = await app.when(({ worktrees }) => worktrees.find(({ id }) => id === idle.worktreeId))
  expect(existsSync(join(worktree.path, 'switchyard-demo', 'PLAN.md'))).toBe(true)
})
