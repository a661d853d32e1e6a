import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { watchFolder } from '../electron/backend/adapters/watch-folder.ts'
import { createRadarService } from '../electron/backend/features/radar/radar-service.ts'
import { createYard, newBranch, type Yard } from '../electron/backend/features/worktrees/testing.ts'
import { silentLog } from '../electron/backend/kernel/testing.ts'
import type { Session } from '../shared/contract/sessions.ts'
import type { Worktree } from '../shared/contract/worktrees.ts'
import { alternate, resultOf, samplesOf, type Bench } from './lib/alternate.ts'

const execute = promisify(execFile)
const worktreeCount = Number(process.env['BENCH_WORKTREES'] ?? 30)
const fileCount = Number(process.env['BENCH_FILES'] ?? 50_000)
const filesAFolder = 50
const windowMs = 10_000
const editEveryMs = 1000
const pollEveryMs = 2000

export const bench: Bench = {
  id: 'B13',
  title: `status of ${worktreeCount} worktrees of ${fileCount} files kept fresh, one edit a second`,
  goal: `<= 10% of the CPU of git status each ${pollEveryMs / 1000} s; seen within 500 ms`,
  run: async () => {
    const yard = await createYard()
    const worktrees = await setUp(yard)
    const seen: number[] = []
    const starts: number[] = []
    const samples = await alternate({
      ours: () => watchThem(yard, worktrees, seen, starts),
      polling: () => pollThem(yard, worktrees),
    })
    await yard[Symbol.asyncDispose]()
    const { ours, polling } = samples
    const ratio = ours.median / polling.median
    const visible = samplesOf(seen)
    const note = `starting to watch took ${samplesOf(starts).median.toFixed(0)} ms of CPU once; the radar compares too`
    return [
      resultOf({ ours, polling }, { ratio, ok: ratio <= 0.1, unit: 'ms CPU/s', note }),
      resultOf(
        { visible },
        { ratio: visible.max / 500, ok: visible.max <= 500, unit: 'ms', note: 'the slowest counts' },
      ),
    ]
  },
}

/** One repository and worktrees of it that share its objects, each with all its files checked out. */
const setUp = async (yard: Yard): Promise<readonly Worktree[]> => {
  for (let n = 0; n < fileCount; n++) {
    const folder = join(yard.repo, fileOf(n).split('/').slice(0, -1).join('/'))
    if (n % filesAFolder === 0) mkdirSync(folder, { recursive: true })
    writeFileSync(join(yard.repo, fileOf(n)), `export const value = ${n}\n`.repeat(20))
  }
  await yard.lab.commitAll(yard.repo, 'many files')
  const worktrees: Worktree[] = []
  for (let n = 0; n < worktreeCount; n++) worktrees.push(await yard.make(newBranch, `session ${n}`))
  return worktrees
}

const fileOf = (n: number): string => {
  const folder = Math.floor(n / filesAFolder)
  return `packages/p${folder % 40}/src/f${folder}/module-${n}.ts`
}

/** CPU time so far of this process and of all its children that ended, in ms. */
const cpuMs = (): number => {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0)
  return ticks * 10
}

let edits = 0
/** The same edits for both: now here, now there, two worktrees in one file now and then. */
const edit = ({ path }: Worktree): void => {
  edits += 1
  writeFileSync(
    join(path, fileOf((Math.floor(edits / 2) * 37) % fileCount)),
    `export const value = ${edits} // edited\n`,
  )
}

const measure = async (worktrees: readonly Worktree[], afterEdit: (worktree: Worktree) => Promise<unknown>) => {
  const [begun, cpu] = [performance.now(), cpuMs()]
  for (let n = 0; performance.now() - begun < windowMs; n++) {
    const worktree = worktrees[(n * 7) % worktrees.length]
    if (!worktree) throw new Error('There is no worktree to edit.')
    edit(worktree)
    await Promise.all([delay(editEveryMs), afterEdit(worktree)])
  }
  return { cpu, begun }
}

const perSecond = ({ cpu, begun }: { cpu: number; begun: number }) =>
  (cpuMs() - cpu) / ((performance.now() - begun) / 1000)

const watchThem = async (yard: Yard, worktrees: readonly Worktree[], seen: number[], starts: number[]) => {
  const service = yard.restart(yard.lab.git, watchFolder)
  const sessions = worktrees.map(({ id, projectId }) => {
    return { id: yard.kernel.newId('ses'), worktreeId: id, projectId, lifecycle: 'running' } as Session
  })
  const radar = createRadarService({
    ...yard.kernel,
    git: yard.lab.git,
    log: silentLog,
    projects: yard.projects,
    worktrees: service,
    sessions: { list: async () => sessions },
    scratchFolder: join(yard.lab.root, 'scratch'),
  })
  const before = cpuMs()
  // Looked at once by the round and once more as soon as the watch stands.
  const counts = new Map<string, number>()
  const standing = Promise.withResolvers<void>()
  const stop = service.onLook(({ worktree }) => {
    counts.set(worktree.id, (counts.get(worktree.id) ?? 0) + 1)
    if (worktrees.every(({ id }) => (counts.get(id) ?? 0) >= 2)) standing.resolve()
  })
  await service.refreshAll(new AbortController().signal)
  await standing.promise
  stop()
  await radar.whenSettled()
  starts.push(cpuMs() - before)
  const window = await measure(worktrees, async ({ id }) => {
    const edited = performance.now()
    await new Promise<void>((resolve) => {
      const end = yard.kernel.onCommit((changes) => {
        if (!changes.some((change) => change.topic === 'worktrees.changed' && change.payload.id === id)) return
        end()
        resolve()
      })
    })
    seen.push(performance.now() - edited)
  })
  const used = perSecond(window)
  await radar.close()
  await service.close()
  return used
}

/** What a plain app does: git status of every worktree, one after the other, round after round. */
const pollThem = async (yard: Yard, worktrees: readonly Worktree[]) => {
  const stopping = new AbortController()
  const env = { ...yard.lab.env, GIT_OPTIONAL_LOCKS: '0' }
  const polling = (async () => {
    while (!stopping.signal.aborted) {
      const begun = performance.now()
      for (const { path } of worktrees) {
        if (stopping.signal.aborted) return
        await execute('git', ['status', '--porcelain=v2', '--branch', '-z'], { cwd: path, env, maxBuffer: 1e9 })
      }
      await delay(Math.max(0, pollEveryMs - (performance.now() - begun)))
    }
  })()
  const window = await measure(worktrees, async () => undefined)
  const used = perSecond(window)
  stopping.abort()
  await polling
  return used
}
