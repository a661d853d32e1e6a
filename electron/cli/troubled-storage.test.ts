import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exitCodes } from '../../shared/agent-verbs/exit-codes.ts'
import { openKernel } from '../backend/kernel/open-kernel.ts'
import { startProblem } from '../hosts/common/start-problem.ts'
import { askDirectly } from './ask-directly.ts'
import { createWorld } from './testing.ts'

// A disk or a database that does not do its work is told in words, by the exit code of an app that is away, and never as a
// bug; and nothing is changed by the attempt.

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-troubled-'))
  dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  await (await openKernel(dataDir)).close()
})
afterEach(() => {
  chmodSync(dataDir, 0o700)
  rmSync(folder, { recursive: true, force: true })
})

const ask = () => {
  const { world } = createWorld({ PATH: process.env['PATH'] }, folder)
  const who = { kind: 'person', folder, pid: process.pid } as const
  return askDirectly(world, { who, dataDir }, { name: 'tasks.list', input: {}, requestId: randomUUID() }, 10_000)
}

/** As a user who is not the folder's; where the tests are not run by root, that is known by the folder's mode alone. */
const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const runCommand = (args: readonly string[], limit = '') =>
  new Promise<{ readonly code: number; readonly problems: string }>((resolve) => {
    const command = [process.execPath, join(import.meta.dirname, '..', 'cli.ts'), ...args]
    const env = { PATH: process.env['PATH'], HOME: folder, SWITCHYARD_DATA: dataDir }
    execFile(
      '/bin/sh',
      ['-c', `${limit} exec "$@"`, 'sh', ...command],
      { cwd: folder, env, ...(limit === '' ? other : {}) },
      (error, _out, problems) => resolve({ code: error ? Number(error.code) : 0, problems }),
    )
  })

it('a damaged database', async () => {
  const path = join(dataDir, 'switchyard.db')
  truncateSync(path, statSync(path).size - 8192)
  const damaged = readFileSync(path)
  expect(await ask()).toMatchObject({
    ok: false,
    refusal: { code: 'UNAVAILABLE', message: expect.stringContaining('newest good backup') },
  })
  expect(readFileSync(path).equals(damaged)).toBe(true)
  expect(readdirSync(dataDir).filter((name) => name.startsWith('damaged-'))).toEqual([])
  expect(readdirSync(join(dataDir, 'turns'))).toEqual([])
})

it('a bug stays a bug', async () => {
  const { world } = createWorld({}, folder)
  const broken = {
    ...world,
    get entries(): never {
      throw new Error('a bug')
    },
  }
  const who = { kind: 'person', folder, pid: process.pid } as const
  const call = { name: 'tasks.list', input: {}, requestId: randomUUID() }
  await expect(askDirectly(broken, { who, dataDir }, call, 10_000)).rejects.toThrow('a bug')
})

it('a data folder that may not be written, to the command', async () => {
  chmodSync(folder, 0o755)
  chmodSync(dataDir, 0o555)
  const before = readdirSync(dataDir)
  const { code, problems } = await runCommand(['tasks', 'list'])
  expect(problems).toContain('UNAVAILABLE: The data folder may not be written')
  expect(code).toBe(exitCodes.unavailable)
  expect(readdirSync(dataDir)).toEqual(before)
})

it('too few descriptors, to the command; with enough of them it works', async () => {
  const starved = await Promise.all(
    Array.from({ length: 5 }, (_, n) => runCommand(['tasks', 'list'], `ulimit -n ${24 + 2 * n};`)),
  )
  // Node itself needs some two dozen; where it has got them, the command says in words what is missing.
  const told = starved.filter(({ problems }) => problems.includes('UNAVAILABLE: '))
  expect(told.length).toBeGreaterThan(0)
  for (const { code, problems } of told) {
    expect(code).toBe(exitCodes.unavailable)
    expect(problems).toMatch(/Too many files are open|not too many files are open/)
  }
  const enough = await runCommand(['tasks', 'list'], 'ulimit -n 256;')
  expect(enough).toMatchObject({ code: exitCodes.refused, problems: expect.stringContaining('NOT_FOUND') })
})

it('is told at the start of the app together with what the system said', () => {
  const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/data'"), { code: 'EACCES' })
  expect(startProblem(denied)).toMatch(
    /^EACCES: permission denied, mkdir '\/data'\. The data folder may not be written/,
  )
  expect(startProblem(new Error('Port 1 is in use.'))).toBe('Port 1 is in use.')
  expect(startProblem('gone')).toBe('gone')
})
