import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import BetterSqlite from 'better-sqlite3'
import { expect, vi } from 'vitest'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import { startKillableBackend, Refused, type KillableBackend } from './killable-backend.ts'

const scripts = {
  gateway: join(import.meta.dirname, '..', '..', '..', 'cli', 'testing', 'gateway-worker.ts'),
  direct: join(import.meta.dirname, 'direct-worker.ts'),
}

export interface Told {
  readonly key: string
  readonly epoch: number
}

export type WorkYard = Awaited<ReturnType<typeof openWorkYard>>

/** A repository with tasks and the app beside it, whose workers and which itself may be killed at any time. */
export const openWorkYard = async (tasks: number) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-work-')))
  const home = join(folder, 'home')
  const dataDir = join(folder, 'data')
  const repository = join(home, 'repository')
  mkdirSync(repository, { recursive: true })
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: repository })
  git('init', '--quiet', '--initial-branch=main')
  git('commit', '--quiet', '--allow-empty', '--message=Start')
  let backend: KillableBackend | null = null
  const start = async () => (backend = await startKillableBackend(dataDir, home))
  const app = await start()
  const project = await app.call<Project>('projects.open', { path: repository, initialise: false })
  for (let n = 1; n <= tasks; n += 1) await app.call('tasks.create', newTask(project, n))

  const query = (sql: string): readonly unknown[] => {
    const database = new BetterSqlite(join(dataDir, 'switchyard.db'), { readonly: true })
    const rows = database.prepare(sql).all()
    database.close()
    return rows
  }
  const children = new Set<ChildProcess>()
  const told: Told[] = []
  const times: number[] = []
  const work = (kind: keyof typeof scripts, environment: NodeJS.ProcessEnv): ChildProcess => {
    const args = kind === 'direct' ? [dataDir, home, project.id] : []
    const env = {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PATH: process.env['PATH'],
      HOME: home,
      ...environment,
    }
    const child = spawn(process.execPath, [scripts[kind], ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    children.add(child)
    child.once('close', () => children.delete(child))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Partial<Told> & { times?: number[]; waits?: number[] }
      if (said.key !== undefined && said.epoch !== undefined) told.push({ key: said.key, epoch: said.epoch })
      else times.push(...(said.times ?? []))
    })
    return child
  }
  return {
    dataDir,
    home,
    repository,
    told,
    times,
    query,
    work,
    /** The processes of workers that run now. */
    children,
    start,
    app: () => {
      if (!backend) throw new Error('The app does not run.')
      return backend
    },
    kill: async () => {
      await backend?.kill()
      backend = null
    },
    isUp: () => backend !== null,
    countLeft: () => query(`SELECT id FROM tasks WHERE state <> 'in_review'`).length,
    openSession: (n: number) => openSession(app, project, n),
    close: async () => {
      await (backend ?? (await start())).quit()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a session gives its agent: read where the agent has it. */
const openSession = async (app: KillableBackend, project: Project, n: number): Promise<NodeJS.ProcessEnv> => {
  const created = await app.call<Session>('sessions.create', {
    projectId: project.id,
    title: `Worker ${n}`,
    prompt: null,
    agentId: 'shell',
    model: null,
    permissionMode: null,
    worktree: { kind: 'in-place' },
    requestId: `session-${n}`,
  })
  const { runtime } = await app.whenSession(created.id, (session) => session.runtime.kind === 'alive')
  if (runtime.kind !== 'alive') throw new Error('It does not run.')
  // Until it runs its program it still shows the environment of the terminal host that started it.
  return vi.waitFor(() => {
    const entries = readFileSync(`/proc/${runtime.pid}/environ`, 'utf8').split('\0')
    const own = entries.filter((entry) => entry.startsWith('SWITCHYARD_')).map((entry) => entry.split('='))
    expect(own.map(([name]) => name)).toContain('SWITCHYARD_TOKEN')
    return Object.fromEntries(own.map(([name = '', ...value]) => [name, value.join('=')]))
  }, 30_000)
}

const newTask = ({ id: projectId }: Project, n: number) => ({
  projectId,
  title: `Task ${n}`,
  body: '',
  kind: 'task',
  priority: 2,
  labels: [],
  requiredRole: null,
  allowedAgents: [],
  declaredPaths: [],
  baseRef: null,
  maxAttempts: 9,
  doneWhen: 'completed',
  parentId: null,
  state: 'open',
  requestId: `request-${n}`,
})

/** The person after a start: whatever stopped over deaths goes on at once. */
export const takeUpAgain = async ({ app, query }: WorkYard): Promise<void> => {
  const waiting = query(
    `SELECT id FROM tasks WHERE state = 'blocked' OR (state = 'open' AND failed_attempts > 0)`,
  ) as readonly { id: string }[]
  const mayBeRefused = (error: unknown) => {
    if (!(error instanceof Refused)) throw error
  }
  for (const { id } of waiting) await app().call('tasks.retry', { taskId: id }).catch(mayBeRefused)
  await app().call('tasks.resumeDispatch', {})
}
