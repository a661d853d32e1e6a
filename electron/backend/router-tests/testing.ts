import { createRouterClient, ORPCError } from '@orpc/server'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Right } from '../../../shared/contract/base.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { createFeatures } from '../create-features.ts'
import { createRouter } from '../create-router.ts'
import type { HostCapabilities } from '../features/host/host-service.ts'
import { createChangesFeed } from '../kernel/changes-feed.ts'
import { startIntentLoop } from '../kernel/intents.ts'
import { openKernel } from '../kernel/open-kernel.ts'
import { readSnapshot } from '../read-snapshot.ts'
import { listenForHooks } from '../testing/hook-listener.ts'
import { createLocalPty } from '../testing/local-pty.ts'

const resources = resolve(import.meta.dirname, '../../../resources')
const execute = promisify(execFile)
const noId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
/** Ids of the right form that nothing has. */
export const unknown = {
  project: `prj_${noId}`,
  session: `ses_${noId}`,
  worktree: `wt_${noId}`,
  terminal: `trm_${noId}`,
  ask: `ask_${noId}`,
  lease: `lse_${noId}`,
  waiter: `wtr_${noId}`,
  message: `msg_${noId}`,
  task: `tsk_${noId}`,
  merge: `mrg_${noId}`,
  entry: `mqe_${noId}`,
  commentThread: `cth_${noId}`,
  comment: `lcm_${noId}`,
  check: `chx_${noId}`,
  run: `run_${noId}`,
} as const

export type RouterLab = Awaited<ReturnType<typeof openRouterLab>>

/** The whole backend behind its router, on a real database, real git and real terminals, without the PTY host's process. */
export const openRouterLab = async (
  capabilities: Partial<HostCapabilities> = {},
  variables: Readonly<Record<string, string>> = {},
) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-router-')))
  const home = join(folder, 'home')
  mkdirSync(home)
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Test Person\n\temail = person@example.com\n')
  const environment = {
    PATH: process.env['PATH'],
    HOME: home,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    SWITCHYARD_DEMO_STEP_MS: '10',
    ...variables,
  }
  const pty = createLocalPty()
  const client = pty.connect()
  const kernel = await openKernel(join(folder, 'data'))
  const features = await createFeatures({
    kernel,
    pty: client,
    node: { path: process.execPath, needsRunAsNode: false },
    dataDir: join(folder, 'data'),
    version: '1.2.3',
    environment,
    home,
    entries: { cli: resolve(import.meta.dirname, '../../cli.ts'), resources },
    starts: { most: 4, gapMs: 0 },
    capabilities: {
      kind: 'web',
      pickFolder: null,
      openInEditor: async () => false,
      quit: () => undefined,
      ...capabilities,
    },
  })
  const { sessions, terminals, asks, leases, mail, radar, review, checks, worktrees, suspend } = features
  const feed = createChangesFeed({
    database: kernel.database,
    readSnapshot: (tx) => readSnapshot(features, tx),
  })
  const looks = new Set<() => void>()
  await sessions.reconcile()
  const loop = startIntentLoop({ ...kernel, handlers: features.handlers })
  kernel.onCommit((changes) => {
    feed.publish(changes)
    loop.wake()
    for (const look of looks) look()
  })
  const gateway = await listenForHooks(async (token, body, signal) => {
    const holder = await sessions.authenticate(token)
    if (!holder) return null
    const answer = await features.hooks.handleHook(holder, body, signal)
    answer.sent?.()
    return answer.body
  })
  await sessions.setGatewayUrl(gateway.url)
  const router = createRouter(features, feed, kernel)
  const as = (right: Right) =>
    createRouterClient(router, { context: { identity: { kind: 'person', id: `test-${right}`, right } } })

  const until = <Value>(check: () => Promise<Value | undefined>): Promise<Value> =>
    new Promise((answer, reject) => {
      const look = () =>
        void check().then((value) => {
          if (value === undefined) return
          looks.delete(look)
          answer(value)
        }, reject)
      looks.add(look)
      look()
    })
  return {
    folder,
    home,
    pty,
    kernel,
    features,
    as,
    full: as('full'),
    /** The session once it is as wanted. */
    when: (id: string, holds: (session: Session) => boolean) =>
      until(async () => (await kernel.database.read(sessions.list)).find((one) => one.id === id && holds(one))),
    /** Waits until a check answers something; it is made again after each commit. */
    until,
    whenAsked: () => until(async () => (await kernel.database.read(asks.list))[0]),
    repository: (name: string) => makeRepository(join(folder, name), environment),
    git: (cwd: string, ...args: string[]) => runGit(cwd, environment, args),
    close: async () => {
      await loop.stop()
      await gateway.close()
      await suspend.stop()
      features.hooks.close()
      mail.close()
      await leases.close()
      asks.close()
      sessions.close()
      terminals.dispose()
      await checks.close()
      await radar.close()
      await review.close()
      await worktrees.close()
      await client.close()
      await pty.die()
      await kernel.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type Environment = Readonly<Record<string, string | undefined>>
const runGit = async (cwd: string, env: Environment, args: readonly string[]) =>
  (await execute('git', [...args], { cwd, env: { ...env, LC_ALL: 'C' } })).stdout.trim()

const makeRepository = async (path: string, env: Environment) => {
  mkdirSync(path, { recursive: true })
  await runGit(path, env, ['init', '--quiet', '--initial-branch=main'])
  writeFileSync(join(path, 'readme.md'), 'hello\n')
  await runGit(path, env, ['add', '--all'])
  await runGit(path, env, ['commit', '--quiet', '-m', 'first'])
  return path
}

/** The error a call ends with; null when it did not fail. */
export const refusalOf = (call: Promise<unknown>): Promise<ORPCError<string, unknown> | null> =>
  call.then(
    () => null,
    (error: unknown) => {
      if (error instanceof ORPCError) return error
      throw error
    },
  )
