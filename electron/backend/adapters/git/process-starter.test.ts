import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readProcessStart } from '../processes.ts'
import { createProcessStarter, type ProcessStarter } from './process-starter.ts'
import { createGit } from './run-git.ts'
import { startHere, type ProcessRequest, type StartProcess } from './start-process.ts'
import { findGit } from './find-git.ts'

const script = join(import.meta.dirname, '..', '..', '..', '..', 'resources', 'git-starter', 'git-starter.mjs')
const node = { path: process.execPath, needsRunAsNode: false }
const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }

let folder: string
let starter: ProcessStarter
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-starter-'))
  starter = createProcessStarter({ node, script, startAfter: 0 })
})
afterEach(() => {
  starter.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly out: Buffer
  readonly problems: string
  readonly failure: string | null
  readonly timesAnew: number
}

/** Runs a process to its end; `onOutput` hears what it printed so far. */
const run = (request: Partial<ProcessRequest>, start: StartProcess = starter.start, onOutput?: () => void) => {
  let [out, problems, timesAnew]: [Buffer[], Buffer[], number] = [[], [], 0]
  const { promise, resolve } = Promise.withResolvers<Ended>()
  const end = (code: number | null, failure: string | null) =>
    resolve({ code, failure, timesAnew, out: Buffer.concat(out), problems: Buffer.concat(problems).toString() })
  const started = start(
    { file: '/bin/sh', args: [], cwd: folder, env, ...request },
    {
      stdout: (bytes) => {
        out.push(bytes)
        onOutput?.()
      },
      stderr: (bytes) => problems.push(bytes),
      startedAnew: () => {
        timesAnew += 1
        ;[out, problems] = [[], []]
      },
      failed: (message) => end(null, message),
      closed: (code) => end(code, null),
    },
  )
  return { ended: promise, kill: started.kill }
}
const shell = (line: string, more: Partial<ProcessRequest> = {}, onOutput?: () => void) =>
  run({ args: ['-c', line], ...more }, starter.start, onOutput)
const parentOf = async () => Number((await shell('echo $PPID').ended).out.toString())
/** Once the small process is there: its number. */
const whenReady = () =>
  vi.waitFor(
    async () => {
      const parent = await parentOf()
      expect(parent).not.toBe(process.pid)
      return parent
    },
    { timeout: 20_000, interval: 20 },
  )

describe('a process', () => {
  it('is started here until the small process is there, and by that one from then on', async () => {
    expect(await parentOf()).toBe(process.pid)
    const helper = await whenReady()
    expect(await parentOf()).toBe(helper)
    starter.close()
    await vi.waitFor(async () => expect(await readProcessStart(helper)).toBeNull(), { timeout: 10_000 })
    expect(await parentOf()).toBe(process.pid)
  })

  it('is the same by whomever it was started: what it is given, what it says, how it ends', async () => {
    await whenReady()
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256))
    const requests: Partial<ProcessRequest>[] = [
      { file: 'cat', stdin: bytes },
      { args: ['-c', 'cat; echo "$A $PWD" >&2; exit 3'], stdin: 'ü', env: { ...env, A: 'a "b"' } },
      { args: ['-c', 'echo $#', 'x', '', 'a\nb'] },
      { file: 'true', stdin: 'not read' },
      { file: join(folder, 'none') },
      { file: 'true', cwd: join(folder, 'none') },
      { file: 'true', args: ['a\0b'] },
    ]
    for (const request of requests.slice(0, -1))
      expect(await run(request).ended).toEqual(await run(request, startHere).ended)
    // What cannot even be asked for is told as well.
    expect((await run(requests.at(-1) ?? {}).ended).failure).toContain('null bytes')
  })

  it('is ended with all that it started', async () => {
    await whenReady()
    const { promise: said, resolve } = Promise.withResolvers<void>()
    const mark = join(folder, 'inner')
    const { ended, kill } = shell(`sh -c 'echo $$ > "${mark}"; echo begun; sleep 60' & wait`, {}, resolve)
    await said
    kill('SIGTERM')
    expect((await ended).code).toBeNull()
    const inner = Number(readFileSync(mark, 'utf8'))
    await vi.waitFor(async () => expect(await readProcessStart(inner)).toBeNull())
    // Once more is none too many.
    kill('SIGKILL')
    expect((await shell('echo on').ended).out.toString()).toBe('on\n')
  })

  it('is run anew, here, when the small process dies; the next ones get a new one', async () => {
    const helper = await whenReady()
    const { promise: said, resolve } = Promise.withResolvers<void>()
    const wait = 'while [ ! -e go ]; do sleep 0.02; done'
    const { ended } = shell(`echo begun; ${wait}; echo $PPID`, {}, resolve)
    await said
    process.kill(helper, 'SIGKILL')
    await vi.waitFor(async () => expect(await readProcessStart(helper)).toBeNull())
    writeFileSync(join(folder, 'go'), '')
    expect(await ended).toMatchObject({ code: 0, timesAnew: 1, out: Buffer.from(`begun\n${process.pid}\n`) })
    expect(await whenReady()).not.toBe(helper)
  })

  it('is ended with all that it started, and not run anew, when the starter is closed', async () => {
    await whenReady()
    const { promise: said, resolve } = Promise.withResolvers<void>()
    const marks = join(folder, 'marks')
    // Two processes, each with its number in the file: run a second time there would be more.
    const line = `echo $$ >> "${marks}"; sh -c 'echo $$ >> "${marks}"; echo begun; sleep 60' & wait`
    const { ended } = shell(line, {}, resolve)
    await said
    starter.close()
    // Asked for before the small process is gone, and not lost with it.
    expect(await parentOf()).toBe(process.pid)
    expect(await ended).toMatchObject({ code: null, failure: null, timesAnew: 0 })
    const numbers = readFileSync(marks, 'utf8').trim().split('\n').map(Number)
    expect(numbers).toHaveLength(2)
    await vi.waitFor(async () => expect(await Promise.all(numbers.map(readProcessStart))).toEqual([null, null]), {
      timeout: 10_000,
    })
  })

  it.each(['the app', 'the small process'])(
    'that is deaf to SIGTERM is ended by SIGKILL, started by %s',
    async (who) => {
      if (who === 'the small process') await whenReady()
      const { promise: said, resolve } = Promise.withResolvers<void>()
      const mark = join(folder, 'inner')
      const { ended, kill } = shell(
        `(trap '' TERM; sh -c 'echo $$ > "${mark}"; echo begun; sleep 60') & wait`,
        {},
        resolve,
      )
      await said
      const inner = Number(readFileSync(mark, 'utf8'))
      // The shell goes, and what it started stays.
      kill('SIGTERM')
      kill('SIGKILL')
      expect((await ended).code).toBeNull()
      await vi.waitFor(async () => expect(await readProcessStart(inner)).toBeNull())
    },
  )

  it('that is deaf to SIGTERM is ended all the same when the starter is closed', async () => {
    await whenReady()
    const { promise: said, resolve } = Promise.withResolvers<void>()
    const { ended } = shell(`trap '' TERM; echo $$; while :; do sleep 0.1; done`, {}, resolve)
    await said
    starter.close()
    const deaf = Number((await ended).out.toString())
    expect(deaf).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await readProcessStart(deaf)).toBeNull(), { timeout: 10_000 })
  })

  it('is started here for good where the small process cannot be', async () => {
    const [launcher, marks] = [join(folder, 'launcher'), join(folder, 'launches')]
    writeFileSync(launcher, `#!/bin/sh\necho x >> '${marks}'\nexit 1\n`, { mode: 0o755 })
    starter = createProcessStarter({ node: { ...node, path: launcher }, script, startAfter: 0 })
    const launches = () => (existsSync(marks) ? readFileSync(marks, 'utf8').trim().split('\n').length : 0)
    await vi.waitFor(async () => {
      expect(await parentOf()).toBe(process.pid)
      expect(launches()).toBe(3)
    })
    for (let n = 0; n < 4; n += 1) expect(await parentOf()).toBe(process.pid)
    expect(launches()).toBe(3)
  })

  it('that writes into an open file is started here', async () => {
    await whenReady()
    const file = openSync(join(folder, 'out'), 'w')
    await shell('echo $PPID', { stdoutFd: file }).ended
    closeSync(file)
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(`${process.pid}\n`)
  })
})

it('git reads by the small process and writes by this one, and is ended by it as well', async () => {
  const found = await findGit({ ...env, HOME: folder })
  if (found.kind !== 'found') throw new Error(found.message)
  const asked: string[] = []
  const start: StartProcess = (request, events) => {
    asked.push(request.args[0] ?? '')
    return starter.start(request, events)
  }
  const git = createGit({ ...found.deps, start })
  await git.run({ cwd: folder, args: ['init', '--quiet'], access: 'write' })
  await whenReady()
  writeFileSync(join(folder, 'a.txt'), 'x'.repeat(1000))
  const status = await git.run({ cwd: folder, args: ['status', '--porcelain'], access: 'read' })
  expect(status.stdout.toString()).toBe('?? a.txt\n')
  const store = { cwd: folder, args: ['hash-object', '-w', 'a.txt'], access: 'write' } as const
  const id = (await git.run(store)).stdout.toString().trim()
  expect(asked).toContain('status')
  expect(asked).not.toContain('hash-object')
  const show = { cwd: folder, args: ['cat-file', 'blob', id], access: 'read' } as const
  await expect(git.run({ ...show, maxOutputBytes: 10 })).rejects.toMatchObject({ kind: 'output-too-large' })
  await expect(git.run({ ...show, args: ['cat-file', 'blob', 'none'] })).rejects.toMatchObject({ kind: 'exit' })
  const stop = new AbortController()
  const left = git.run({ cwd: folder, args: ['cat-file', '--batch'], access: 'read', signal: stop.signal })
  stop.abort()
  await expect(left).rejects.toMatchObject({ kind: 'aborted' })
})
