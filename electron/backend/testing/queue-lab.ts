import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckRun } from '../../../shared/contract/checks.ts'
import type { MergeEntry, MergeQueue } from '../../../shared/contract/queue-rows.ts'
import type { NewEntry } from '../../../shared/contract/queue.ts'
import type { CheckId, MergeEntryId } from '../../../shared/lib/ids.ts'
import { ok, refuse } from '../../../shared/lib/result.ts'
import type { GatesWish } from '../features/checks/checks-service.ts'
import { createQueueService, type QueueDeps, type QueueService } from '../features/queue/queue-service.ts'
import { findEntry, findQueue } from '../features/queue/queue-store.ts'
import { valueOf } from '../features/worktrees/testing.ts'
import type { Identity } from '../kernel/identity.ts'
import { startIntentLoop, type IntentLoop } from '../kernel/intents.ts'
import { silentLog } from '../kernel/testing.ts'
import { createMergeLab, type MergeLab } from './merge-lab.ts'

export const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }

/** What a gate says of a folder: a real command in it. */
export interface Gates {
  readonly command: string
  /** Folders and commits it was run on, in order. */
  readonly ran: { readonly folder: string; readonly commit: string }[]
  /** Called before each run; may keep it waiting. */
  beforeRun: (() => Promise<void>) | null
  refusal: 'WRONG_COMMIT' | 'CANCELLED' | null
}

/** A queue in front of a real repository; gates are real commands, the tasks and the mail only noted. */
export interface QueueLab extends AsyncDisposable {
  readonly merges: MergeLab
  readonly gates: Gates
  readonly told: { readonly subject: string; readonly body: string; readonly recipient: object }[]
  readonly made: { readonly title: string; readonly body: string }[]
  readonly queue: QueueService
  /** As after a restart, perhaps over another git; what ran before is dropped as a killed process drops it. */
  readonly restart: (change?: Partial<QueueDeps>) => Promise<QueueService>
  /** Carries out intents until nothing is left to do, or the queue is held. */
  readonly settle: () => Promise<void>
  readonly enqueue: (branch: string, change?: Partial<NewEntry>, by?: Identity) => Promise<MergeEntry>
  /** Carries out intents by this way of writing until `ended`, as a process that is killed then. */
  readonly runUntil: (ended: Promise<void>, runCommand: QueueDeps['runCommand']) => Promise<void>
  /** The same once what waits to be tried again is due. */
  readonly whenDue: () => Promise<void>
  readonly tryEnqueue: (
    branch: string,
    change?: Partial<NewEntry>,
    by?: Identity,
  ) => ReturnType<QueueService['enqueue']>
  readonly entry: (id: MergeEntryId) => Promise<MergeEntry>
  readonly row: () => Promise<MergeQueue>
  readonly key: { readonly projectId: MergeEntry['projectId']; readonly target: string }
  readonly deps: QueueDeps
}

export const createQueueLab = async (command = 'test ! -e red'): Promise<QueueLab> => {
  const merges = await createMergeLab()
  const { yard } = merges
  const { lab, kernel, project } = yard
  const gates: Gates = { command, ran: [], beforeRun: null, refusal: null }
  const told: QueueLab['told'] = []
  const made: QueueLab['made'] = []
  const folder = join(lab.root, 'queue')
  await mkdir(folder)
  const deps: QueueDeps = {
    ...kernel,
    git: lab.git,
    log: silentLog,
    projects: yard.projects,
    worktrees: yard.worktrees,
    sessions: { find: async () => undefined, list: async () => [] },
    tasks: notedTasks(made),
    mail: { notify: async (_context, { subject, body, recipient }) => void told.push({ subject, body, recipient }) },
    merge: merges.merge,
    checks: commandChecks(gates),
    folder,
    lookAgainMs: 50,
  }
  let queue = createQueueService(deps)
  let intents: IntentLoop | null = null
  let requests = 0
  const key = { projectId: project.id, target: 'main' }
  const stop = kernel.onCommit(() => intents?.wake())

  const run = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    intents = startIntentLoop({ ...kernel, log: silentLog, handlers: queue.handlers })
    const value = await work()
    await intents.stop()
    intents = null
    return value
  }
  const isSettled = () =>
    kernel.database.read(async (tx) => {
      const open = await tx.all<{ problem: string | null }>(`SELECT problem FROM intents WHERE state = 'pending'`)
      return open.every(({ problem }) => problem !== null)
    })
  const isDone = () =>
    kernel.database.read(async (tx) => (await tx.all(`SELECT id FROM intents WHERE state = 'pending'`)).length === 0)
  /** Looks after each commit. */
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => void isSo().then((is) => (is ? resolve() : undefined))
    const unlisten = kernel.onCommit(look)
    look()
    await promise
    unlisten()
  }
  const tryEnqueue: QueueLab['tryEnqueue'] = async (branch, change = {}, by = person) =>
    queue.enqueue(
      {
        source: { kind: 'branch', projectId: project.id, branch },
        head: await merges.head(branch),
        target: null,
        strategy: 'squash',
        message: null,
        requestId: `request-${(requests += 1)}`,
        ...change,
      },
      by,
    )
  return {
    merges,
    gates,
    told,
    made,
    deps,
    key,
    get queue() {
      return queue
    },
    restart: async (change = {}) => {
      await intents?.stop()
      intents = null
      return (queue = createQueueService({ ...deps, ...change }))
    },
    runUntil: async (ended, runCommand) => {
      intents = startIntentLoop({ ...kernel, runCommand, log: silentLog, handlers: queue.handlers })
      // It may come to its end before that.
      await Promise.race([ended, until(isDone)])
      await intents.stop()
      intents = null
    },
    settle: () => run(() => until(isSettled)),
    whenDue: () => run(() => until(isDone)),
    tryEnqueue,
    enqueue: async (...input) => valueOf(await tryEnqueue(...input)).entry,
    entry: (id) =>
      kernel.database.read(async (tx) => {
        const entry = await findEntry(tx, id)
        if (!entry) throw new Error(`There is no ${id}.`)
        return entry
      }),
    row: () =>
      kernel.database.read(async (tx) => {
        const row = await findQueue(tx, key)
        if (!row) throw new Error('There is no queue.')
        return row
      }),
    [Symbol.asyncDispose]: async () => {
      await intents?.stop()
      stop()
      await merges[Symbol.asyncDispose]()
    },
  }
}

/** One gate, which is a command of the system in the folder. What passed is known by its tree, as the checks know it. */
const commandChecks = (gates: Gates): QueueDeps['checks'] => {
  const passed = new Set<string>()
  return {
    cancelGates: async () => undefined,
    output: async () => ok({ text: 'It is red.', isCut: false }),
    runGates: async (wish) => {
      if (gates.refusal) return refuse(gates.refusal, 'It cannot be run.')
      wish.onProgress?.({ done: 0, of: 1 })
      const isReused = passed.has(wish.tree)
      if (!isReused) {
        await gates.beforeRun?.()
        if (wish.signal.aborted) return refuse('CANCELLED', 'Nobody waits.')
        gates.ran.push({ folder: wish.folder, commit: wish.commit })
      }
      const isPassed = isReused || (await runCommand(gates.command, wish))
      if (isPassed) passed.add(wish.tree)
      const run = {
        id: `run_${'1'.repeat(26)}`,
        state: { kind: isPassed ? 'passed' : 'failed' },
      } as unknown as CheckRun
      return ok([{ checkId: `chk_${'1'.repeat(26)}` as CheckId, name: 'unit', isPassed, isReused, run }])
    },
  }
}

const runCommand = (command: string, { folder }: GatesWish): Promise<boolean> =>
  new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd: folder }, (error) => resolve(error === null))
  })

const notedTasks = (made: QueueLab['made']): QueueDeps['tasks'] =>
  ({
    find: async () => undefined,
    listOfSession: async () => [],
    create: async ({ title, body }: { title: string; body: string }) => {
      made.push({ title, body })
      return ok({ task: { id: `tsk_${'1'.repeat(26)}` }, seq: 1 })
    },
  }) as unknown as QueueDeps['tasks']
