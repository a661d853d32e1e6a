import { join } from 'node:path'
import { usualTimeLimitMs, type Check, type CheckFields, type CheckRun } from '../../../shared/contract/checks.ts'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { CheckRunId } from '../../../shared/lib/ids.ts'
import type { PtyClient } from '../adapters/pty/pty-client.ts'
import { createChecksService, type ChecksDeps, type ChecksService } from '../features/checks/checks-service.ts'
import { createTerminalsService, type TerminalsService } from '../features/terminals/terminals-service.ts'
import { valueOf, type Yard } from '../features/worktrees/testing.ts'
import { startIntentLoop } from '../kernel/intents.ts'
import { silentLog } from '../kernel/testing.ts'
import { createLocalPty } from './local-pty.ts'
import { createReviewLab, type ReviewLab } from './review-lab.ts'

/** As a window of the person. */
export const person = { kind: 'person', id: 'test', right: 'full' } as const

export interface CheckApp {
  readonly checks: ChecksService
  readonly terminals: TerminalsService
  /** Leaves what runs running, as the end of the app does. */
  close(): Promise<void>
}

export interface CheckLabOptions {
  readonly change?: Partial<ChecksDeps>
  readonly now?: () => number
  readonly prepare?: (yard: Yard) => Promise<void>
  /** What keeps the terminals; real ones in this process unless said. */
  readonly connect?: () => PtyClient
}

export type CheckLab = Awaited<ReturnType<typeof openCheckLab>>

/** Checks on a real repository with a worktree, a real database and real terminals. */
export const openCheckLab = async ({ change = {}, now, prepare, connect }: CheckLabOptions = {}) => {
  const review: ReviewLab = await createReviewLab(prepare, now)
  const { yard, worktree } = review
  const { kernel } = yard
  const pty = createLocalPty()
  const sessions: Session[] = []
  const open = async (other: Partial<ChecksDeps> = {}, reach = connect ?? pty.connect): Promise<CheckApp> => {
    const client = reach()
    const terminals = createTerminalsService({ ...kernel, log: silentLog, pty: client })
    const checks = createChecksService({
      ...kernel,
      git: yard.lab.git,
      log: silentLog,
      agents: { environmentForTools: async (added) => ({ ...yard.lab.env, ...added }) },
      projects: yard.projects,
      worktrees: yard.worktrees,
      terminals,
      sessions: { list: async () => sessions },
      review: review.review,
      lookForSuspend: async () => undefined,
      mostAtOnce: 2,
      stopGraceMs: 2000,
      ...change,
      ...other,
    })
    await terminals.reconcile()
    await checks.reconcile()
    const loop = startIntentLoop({ ...kernel, log: silentLog, handlers: checks.handlers })
    const unlisten = kernel.onCommit(() => loop.wake())
    return {
      checks,
      terminals,
      close: async () => {
        unlisten()
        await loop.stop()
        await checks.close()
        terminals.dispose()
        await client.close()
      },
    }
  }
  let app = await open()
  const worktreeId = worktree.id

  const until = <Value>(find: () => Promise<Value | undefined | false>): Promise<Value> =>
    new Promise((resolve, reject) => {
      let unlisten: () => void = () => undefined
      const look = () =>
        void find().then((value) => {
          if (value === undefined || value === false) return
          unlisten()
          resolve(value)
        }, reject)
      unlisten = kernel.onCommit(look)
      look()
    })
  const runOf = (id: CheckRunId) => kernel.database.read((tx) => app.checks.findRun(tx, id))
  const whenRun = (id: CheckRunId, holds: (run: CheckRun) => boolean) =>
    until(async () => {
      const run = await runOf(id)
      return run && holds(run) && run
    })
  return {
    yard,
    kernel,
    review,
    worktree,
    worktreeId,
    pty,
    sessions,
    projectId: yard.project.id,
    app: () => app,
    /** With a `reach` of its own after the end of what kept the terminals. */
    restart: async (other: Partial<ChecksDeps> = {}, reach?: () => PtyClient) => {
      await app.close()
      app = await open(other, reach)
    },
    add: async (name: string, command: string, fields: Partial<CheckFields> = {}): Promise<Check> =>
      valueOf(await app.checks.add(yard.project.id, { ...fieldsOf(name, command), ...fields }, person)),
    run: async (which: 'all' | 'failed' | readonly Check[] = 'all'): Promise<readonly CheckRun[]> => {
      const named = typeof which === 'string' ? which : which.map(({ id }) => id)
      return valueOf(await app.checks.run({ worktreeId, which: named }, person)).runs
    },
    runOf,
    whenRun,
    isRunning: (id: CheckRunId) => whenRun(id, ({ state }) => state.kind === 'running'),
    ended: (id: CheckRunId) => whenRun(id, ({ state }) => state.kind !== 'queued' && state.kind !== 'running'),
    textOf: async (id: CheckRunId) => valueOf(await app.checks.output(id)).text,
    until,
    write: review.write,
    commit: review.commit,
    pathOf: (name: string) => join(worktree.path, name),
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await pty.die()
      await review[Symbol.asyncDispose]()
    },
  }
}

export const fieldsOf = (name: string, command: string): CheckFields => ({
  name,
  command,
  timeLimitMs: usualTimeLimitMs,
  isGate: false,
})

/** Waits in the shell for a file to be there. */
export const awaitFile = (path: string): string => `until [ -e '${path}' ]; do sleep 0.02; done`
