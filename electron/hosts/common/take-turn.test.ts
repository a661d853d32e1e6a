import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Project } from '../../../shared/contract/projects.ts'
import { startKillableBackend } from './testing/killable-backend.ts'

/** The promise is tested with 2,000 in the long mode. */
const tasks = Number(process.env['SWITCHYARD_TEST_TASKS'] ?? 16)
const workers = Number(process.env['SWITCHYARD_TEST_WORKERS'] ?? 6)

let folder: string
let home: string
let dataDir: string
let project: Project

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-turns-')))
  home = join(folder, 'home')
  dataDir = join(folder, 'data')
  const repository = join(home, 'repository')
  mkdirSync(repository, { recursive: true })
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: repository })
  const backend = await startKillableBackend(dataDir, home)
  project = await backend.call<Project>('projects.open', { path: repository, initialise: false })
  const plain = {
    body: '',
    kind: 'task',
    priority: 2,
    labels: [],
    requiredRole: null,
    allowedAgents: [],
    declaredPaths: [],
  }
  const rest = { baseRef: null, maxAttempts: 9, doneWhen: 'completed', parentId: null, state: 'open' }
  for (let n = 1; n <= tasks; n += 1)
    await backend.call('tasks.create', {
      projectId: project.id,
      title: `Task ${n}`,
      ...plain,
      ...rest,
      requestId: `request-${n}`,
    })
  await backend.quit()
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Worked {
  readonly done: { readonly key: string; readonly epoch: number }[]
  readonly waits: number[]
}

const work = () =>
  new Promise<Worked>((resolve) => {
    const script = join(import.meta.dirname, 'testing', 'direct-worker.ts')
    const child = spawn(process.execPath, [script, dataDir, home, project.id], { stdio: ['ignore', 'pipe', 'inherit'] })
    const done: Worked['done'] = []
    const waits: number[] = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { key: string; epoch: number; waits?: number[] }
      if (said.waits) waits.push(...said.waits)
      else done.push(said)
    })
    child.once('close', () => resolve({ done, waits }))
  })

it(`gives each of ${tasks} tasks to exactly one of ${workers} processes that work without the app`, async () => {
  const begun = performance.now()
  const worked = await Promise.all(Array.from({ length: workers }, work))
  const all = worked.flatMap(({ done }) => done)
  expect(all).toHaveLength(tasks)
  expect(new Set(all.map(({ key }) => key)).size).toBe(tasks)
  const database = new BetterSqlite(join(dataDir, 'switchyard.db'), { readonly: true })
  const rows = database.prepare('SELECT task_id, count(*) AS n FROM attempts GROUP BY task_id').all() as { n: number }[]
  database.close()
  expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: tasks }, () => 1))
  const waits = worked.flatMap((one) => one.waits).sort((a, b) => a - b)
  const at = (share: number) => Math.round(waits[Math.floor(share * (waits.length - 1))] ?? 0)
  process.stdout.write(
    `${tasks} tasks, ${workers} processes: ${Math.round(performance.now() - begun)} ms; a turn was waited for ${at(0.5)} ms (median), ${at(0.99)} ms (99%), ${at(1)} ms (longest)\n`,
  )
}, 1_800_000)
