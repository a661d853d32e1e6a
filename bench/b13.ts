import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findGit } from '../electron/backend/adapters/git/find-git.ts'
import { createProcessStarter } from '../electron/backend/adapters/git/process-starter.ts'
import { createGit } from '../electron/backend/adapters/git/run-git.ts'
import { watchFolder } from '../electron/backend/adapters/watch-folder.ts'
import { createRadarService } from '../electron/backend/features/radar/radar-service.ts'
import type { Yard } from '../electron/backend/features/worktrees/testing.ts'
import { silentLog } from '../electron/backend/kernel/testing.ts'
import type { Session } from '../shared/contract/sessions.ts'
import type { Worktree } from '../shared/contract/worktrees.ts'
import { alternate, resultOf, samplesOf, type Bench } from './lib/alternate.ts'
import { fileOf, openManyWorktrees } from './lib/many-worktrees.ts'
import { treeCpuMs } from './lib/process-tree-cpu.ts'

const execute = promisify(execFile)
const worktreeCount = Number(process.env['BENCH_WORKTREES'] ?? 30)
const fileCount = Number(process.env['BENCH_FILES'] ?? 50_000)
/** A folder in which the repository, which takes minutes to make, is kept for the next run. */
const keptIn = process.env['BENCH_KEEP'] ?? null
const windowMs = 10_000
const editEveryMs = 1000
const pollEveryMs = 2000

export const bench: Bench = {
  id: 'B13',
  title: `status of ${worktreeCount} worktrees of ${fileCount} files kept fresh, one edit a second`,
  goal: `<= 10% of the CPU of git status each ${pollEveryMs / 1000} s; seen within 500 ms`,
  run: async () => {
    const { yard, worktrees } = await openManyWorktrees({ worktrees: worktreeCount, files: fileCount }, keptIn)
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
  const [begun, cpu] = [performance.now(), await treeCpuMs()]
  for (let n = 0; performance.now() - begun < windowMs; n++) {
    const worktree = worktrees[(n * 7) % worktrees.length]
    if (!worktree) throw new Error('There is no worktree to edit.')
    edit(worktree)
    await Promise.all([delay(editEveryMs), afterEdit(worktree)])
  }
  return { cpu, begun }
}

const perSecond = async ({ cpu, begun }: { cpu: number; begun: number }) =>
  ((await treeCpuMs()) - cpu) / ((performance.now() - begun) / 1000)

/** git as the app has it: what only reads is started by a small process. */
const createGitAsTheApp = async ({ lab }: Yard) => {
  const found = await findGit(lab.env)
  if (found.kind !== 'found') throw new Error(found.message)
  const node = { path: process.execPath, needsRunAsNode: false }
  const script = join(import.meta.dirname, '..', 'resources', 'git-starter', 'git-starter.mjs')
  const { start, close } = createProcessStarter({ node, script })
  return { git: createGit({ ...found.deps, isLfsInstalled: false, start }), closeGit: close }
}

const watchThem = async (yard: Yard, worktrees: readonly Worktree[], seen: number[], starts: number[]) => {
  const { git, closeGit } = await createGitAsTheApp(yard)
  const service = yard.restart(git, watchFolder)
  const sessions = worktrees.map(({ id, projectId }) => {
    return { id: yard.kernel.newId('ses'), worktreeId: id, projectId, lifecycle: 'running' } as Session
  })
  const radar = createRadarService({
    ...yard.kernel,
    git,
    log: silentLog,
    projects: yard.projects,
    worktrees: service,
    sessions: { list: async () => sessions },
    scratchFolder: join(yard.lab.root, 'scratch'),
  })
  const before = await treeCpuMs()
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
  // What the start left behind is the start's.
  await delay(pollEveryMs)
  starts.push((await treeCpuMs()) - before)
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
  // What the last edits lead to is of this round too.
  await radar.whenSettled()
  const used = await perSecond(window)
  await radar.close()
  await service.close()
  closeGit()
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
  const used = await perSecond(window)
  stopping.abort()
  await polling
  return used
}
