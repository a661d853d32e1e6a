import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Project } from '../../shared/contract/projects.ts'
import type { Attempt, Task } from '../../shared/contract/task-rows.ts'
import { startKillableBackend, type KillableBackend } from '../hosts/common/testing/killable-backend.ts'
import { takeOwnerLock } from '../hosts/common/owner-lock.ts'
import { takeTurn } from '../hosts/common/take-turn.ts'
import { askDirectly } from './ask-directly.ts'
import { createWorld } from './testing.ts'

const cli = join(import.meta.dirname, '..', 'cli.ts')
let folder: string
let home: string
let dataDir: string
let repository: string
let project: Project

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-direct-')))
  home = join(folder, 'home')
  dataDir = join(folder, 'data')
  repository = join(home, 'repository')
  mkdirSync(join(repository, 'src'), { recursive: true })
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: repository })
  await withApp(async (backend) => {
    project = await backend.call<Project>('projects.open', { path: repository, initialise: false })
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The app, for as long as this takes. */
const withApp = async <Value>(work: (backend: KillableBackend) => Promise<Value>): Promise<Value> => {
  const backend = await startKillableBackend(dataDir, home)
  const [outcome] = await Promise.allSettled([work(backend)])
  await backend.quit()
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

const createTask = (title: string) =>
  withApp(async (backend) => {
    const plain = { body: 'How to', kind: 'task', priority: 2, labels: [], requiredRole: null, allowedAgents: [] }
    const rest = {
      declaredPaths: [],
      baseRef: null,
      maxAttempts: 9,
      doneWhen: 'completed',
      parentId: null,
      state: 'open',
    }
    const input = { projectId: project.id, title, ...plain, ...rest, requestId: `create-${title}` }
    return (await backend.call<{ task: Task }>('tasks.create', input)).task
  })

const detailOf = ({ id }: Task) =>
  withApp((backend) => backend.call<{ task: Task; attempts: Attempt[] }>('tasks.detail', { taskId: id }))

const run = (args: readonly string[], cwd = repository) =>
  new Promise<{ code: number; out: string; problems: string }>((resolve) => {
    const env = {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PATH: process.env['PATH'],
      HOME: home,
      SWITCHYARD_DATA: dataDir,
    }
    execFile(process.execPath, [cli, 'run', ...args], { cwd, env }, (error, out, problems) =>
      resolve({ code: error ? Number(error.code) : 0, out, problems }),
    )
  })

describe('a worker while the app is closed', () => {
  it('claims a task as this very process, and hands it in', async () => {
    const task = await createTask('first')
    const ended = await run(
      ['--task', task.key, '--', '/bin/sh', '-c', 'echo "$SWITCHYARD_TASK_KEY"'],
      join(repository, 'src'),
    )
    expect(ended).toMatchObject({
      code: 0,
      out: `${task.key}\n`,
      problems: expect.stringContaining('submit, recorded'),
    })
    const { task: after, attempts } = await detailOf(task)
    expect(after.state).toBe('in_review')
    expect(attempts).toMatchObject([
      { state: 'submitted', holder: { kind: 'process' }, outcome: expect.stringContaining('ended with 0') },
    ])
  })

  it('gives up what fails, and is told apart by what it is refused with', async () => {
    const task = await createTask('second')
    expect((await run(['--next', '--project', repository, '--', 'false'], folder)).code).toBe(1)
    expect((await detailOf(task)).attempts).toMatchObject([{ state: 'failed' }])
    expect(await run(['--task', 'NO-9', '--', 'true'])).toMatchObject({
      code: 2,
      problems: expect.stringContaining('NO-9'),
    })
    expect(await run(['--next', '--', 'true'], folder)).toMatchObject({
      code: 2,
      problems: expect.stringContaining('no repository'),
    })
    expect(await run(['--next', '--', 'true'])).toMatchObject({ code: 3 })
  })

  it('changes nothing beside a running app', async () => {
    const lock = takeOwnerLock(dataDir)
    const before = Date.now()
    const refused = await ask('tasks.create', { title: 'Beside' }, 300)
    expect(refused).toBeNull()
    expect(Date.now() - before).toBeGreaterThanOrEqual(300)
    if (lock.kind === 'owned') lock.release()
    expect(readdirSync(join(dataDir, 'turns'))).toEqual([])
  })

  it('leaves the line as soon as an app listens', async () => {
    const lock = takeOwnerLock(dataDir)
    const asked = ask('tasks.create', { title: 'Late' }, 600_000)
    await vi.waitUntil(() => readdirSync(join(dataDir, 'turns')).length === 1)
    writeFileSync(join(dataDir, 'sessions', 'gateway'), 'http://127.0.0.1:9')
    expect(await asked).toBeNull()
    if (lock.kind === 'owned') lock.release()
    expect(readdirSync(join(dataDir, 'turns'))).toEqual([])
  })
})

/** One word of the person in the repository. */
const ask = (name: string, input: Record<string, unknown>, mostMs: number) => {
  const { world } = createWorld({ PATH: process.env['PATH'] }, home)
  const who = { kind: 'person', folder: repository, pid: process.pid } as const
  return askDirectly(world, { who, dataDir }, { name, input, requestId: randomUUID() }, mostMs)
}

describe('a turn', () => {
  it('is had by one at a time, in the order of asking, and leaves nothing behind', async () => {
    const order: number[] = []
    let inside = 0
    const turns = [0, 1, 2, 3, 4].map((n) =>
      takeTurn(join(folder, 'turns'), async () => {
        inside += 1
        expect(inside).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        inside -= 1
        order.push(n)
      }),
    )
    await Promise.all(turns)
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    expect(readdirSync(join(folder, 'turns', 'turns'))).toEqual([])
  })

  it('is had at once behind those who have died in line', async () => {
    const dir = join(folder, 'dead')
    const line = join(dir, 'turns')
    mkdirSync(line, { recursive: true })
    const dead = execFileSync('/bin/sh', ['-c', 'echo $$']).toString().trim()
    // More than would be waited for one by one, and all drawn before ours.
    for (let n = 100; n < 300; n += 1) writeFileSync(join(line, `0000000000${n}-${dead}-abc`), '')
    expect(await takeTurn(dir, async () => 7)).toEqual({ value: 7 })
    expect(readdirSync(line)).toEqual([])
  })

  it('is waited for behind the living, and had when the first has given its place up', async () => {
    const dir = join(folder, 'living')
    const line = join(dir, 'turns')
    mkdirSync(line, { recursive: true })
    const first = join(line, `0000000000001-${process.ppid}-abc`)
    writeFileSync(first, '')
    const order: string[] = []
    const asked = takeTurn(dir, async () => order.push('second'))
    await vi.waitUntil(() => readdirSync(line).length === 2)
    const lock = takeOwnerLock(dir)
    order.push('first')
    rmSync(first)
    if (lock.kind === 'owned') lock.release()
    await asked
    expect(order).toEqual(['first', 'second'])
  })

  it('is not waited for when it is over before', async () => {
    expect(
      await takeTurn(
        join(folder, 'over'),
        async () => 7,
        60_000,
        () => true,
      ),
    ).toBeNull()
    expect(readdirSync(join(folder, 'over', 'turns'))).toEqual([])
  })

  it('goes on after work that threw', async () => {
    const dir = join(folder, 'thrown')
    await expect(takeTurn(dir, async () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug')
    expect(await takeTurn(dir, async () => 7)).toEqual({ value: 7 })
  })
})
