import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Project } from '../../../shared/contract/projects.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import { startKillableBackend, Refused, type KillableBackend } from './testing/killable-backend.ts'

/** Kills of the app, each at another point of a running workload. The promise is tested with 300 in the long mode. */
const kills = Number(process.env['SWITCHYARD_TEST_KILLS'] ?? 8)

let folder: string
let home: string
let dataDir: string
let project: Project
let backend: KillableBackend

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home },
    encoding: 'utf8',
  })

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-die-')))
  home = join(folder, 'home')
  dataDir = join(folder, 'data')
  const repository = join(home, 'repository')
  execFileSync('mkdir', ['-p', repository])
  git(repository, 'init', '--quiet', '--initial-branch=main')
  writeFileSync(join(repository, 'README.md'), 'a\n')
  git(repository, 'add', '.')
  git(repository, 'commit', '--quiet', '--message=Start')
  backend = await startKillableBackend(dataDir, home)
  project = await backend.call<Project>('projects.open', { path: repository, initialise: false })
})

afterAll(async () => {
  backend.process.stdin?.write(`${JSON.stringify({ id: 1_000_000, path: 'host.quit', input: { stopAll: true } })}\n`)
  await new Promise((resolve) => backend.process.once('exit', resolve))
  expect(processesOfYard()).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})

interface YardProcess {
  readonly pid: number
  readonly parentPid: number
  readonly session: string
}

/** Every process that carries a session of this data folder, by session. */
const processesOfYard = (): YardProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      // A process may end while it is looked at.
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
        const session = environment.find((entry) => entry.startsWith('SWITCHYARD_SESSION='))?.slice(19)
        const isOurs = environment.some((entry) => entry.startsWith('SWITCHYARD_ROOT=') && entry.includes(folder))
        const parentPid = Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[1])
        return session && isOurs ? [{ pid: Number(pid), parentPid, session }] : []
      } catch {
        return []
      }
    })

/** Without what a shell started itself, as each does for a moment while it reads its start-up files. */
const leadersOf = (processes: readonly YardProcess[]) =>
  processes.filter(({ parentPid }) => !processes.some(({ pid }) => pid === parentPid))

interface Acknowledged {
  readonly sessions: Map<string, string>
  readonly settings: Map<string, number>
  readonly stopped: Set<string>
}

const acknowledged: Acknowledged = { sessions: new Map(), settings: new Map(), stopped: new Set() }
let attempts = 0

/** One thing a person does; what it acknowledges is written down, what it only tried is not. */
const act = async (random: () => number): Promise<void> => {
  attempts += 1
  const dice = random()
  const ids = [...acknowledged.sessions.keys()]
  const any = ids[Math.floor(random() * ids.length)]
  if (dice < 0.25 || !any) {
    const title = `session ${attempts}`
    const created = await backend.call<Session>('sessions.create', {
      projectId: project.id,
      title,
      prompt: null,
      agentId: 'shell',
      model: null,
      permissionMode: null,
      worktree: { kind: 'new-branch', baseRef: null, branch: null },
      requestId: `request-${attempts}`,
    })
    acknowledged.sessions.set(created.id, title)
  } else if (dice < 0.55) {
    const key = `draft:k${attempts % 7}`
    const value = attempts
    await backend.call('settings.set', { key, value })
    acknowledged.settings.set(key, Math.max(value, acknowledged.settings.get(key) ?? 0))
  } else if (dice < 0.8) {
    const title = `renamed ${attempts}`
    await backend.call('sessions.rename', { sessionId: any, title })
    acknowledged.sessions.set(any, title)
  } else if (dice < 0.9)
    await backend.call('sessions.stop', { sessionId: any }).then(() => acknowledged.stopped.add(any))
  else await backend.call('sessions.resume', { sessionId: any }).then(() => acknowledged.stopped.delete(any))
}

/** Acts one after the other; ends when `most` were answered, so that the app can be killed in the middle of the next. */
const work = async (most: number, random: () => number): Promise<void> => {
  for (let done = 0; done < most; done += 1) await actOrBeRefused(random)
  // Under way when the kill comes: it is acknowledged, or it is not; nobody waits for it.
  void actOrBeRefused(random)
}

/** A refusal is an answer too: the session is not ready for it. */
const actOrBeRefused = (random: () => number): Promise<void> =>
  act(random).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error
  })

/** The same numbers at each run: a failure can be seen again. */
const createRandom = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

const checkEverything = async () => {
  const { state } = await backend.snapshot()
  const sessions = new Map(state.sessions.map((session) => [session.id as string, session]))
  for (const [id, title] of acknowledged.sessions) expect(sessions.get(id)?.title).toBe(title)
  const settings = new Map(state.settings.map((setting) => [setting.key, setting.value as number]))
  for (const [key, value] of acknowledged.settings) expect(settings.get(key)).toBeGreaterThanOrEqual(value)

  const database = new BetterSqlite(join(dataDir, 'switchyard.db'), { readonly: true })
  expect(database.pragma('quick_check', { simple: true })).toBe('ok')
  const events = database.prepare('SELECT count(*) AS n, max(seq) AS last FROM events').get() as {
    n: number
    last: number
  }
  database.close()
  expect(events.n).toBe(events.last)

  // One folder and one branch for each worktree that was made, and never two for one session.
  const listed = git(project.rootPath, 'worktree', 'list', '--porcelain').match(/^worktree /gm)?.length ?? 0
  expect(listed - 1).toBeLessThanOrEqual(state.worktrees.length)
  const used = state.sessions.map((session) => session.worktreeId).filter((id) => id !== null)
  expect(new Set(used).size).toBe(used.length)
}

/**
 * Once every session is where it wants to be, each running one is one process, the one that is written down, and nothing
 * else of ours runs. A process counts once it runs its program: until then it still shows the environment of the terminal
 * host that started it.
 */
const expectOneProcessEach = async () => {
  const { state } = await backend.snapshot()
  const moving = state.sessions.filter(
    ({ lifecycle, runtime }) =>
      lifecycle === 'planned' || lifecycle === 'preparing' || (lifecycle === 'stopped' && runtime.kind === 'alive'),
  )
  expect(moving).toEqual([])
  const told = state.sessions.flatMap(({ id, runtime }) => (runtime.kind === 'alive' ? [`${id} ${runtime.pid}`] : []))
  const seen = leadersOf(processesOfYard()).map(({ session, pid }) => `${session} ${pid}`)
  expect(seen.sort()).toEqual(told.sort())
}

it(
  `loses nothing that was acknowledged and starts nothing twice over ${kills} kills`,
  async () => {
    for (let round = 0; round < kills; round += 1) {
      const random = createRandom(round + 1)
      await work(1 + Math.floor(random() * 12), random)
      await backend.kill()
      backend = await startKillableBackend(dataDir, home)
      await checkEverything()
    }
    await vi.waitFor(expectOneProcessEach, { timeout: 60_000 })
    expect(acknowledged.sessions.size).toBeGreaterThan(kills / 2)
  },
  30 * 60_000,
)
