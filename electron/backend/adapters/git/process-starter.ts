import { spawn, type ChildProcess } from 'node:child_process'
import {
  startHere,
  type ProcessEvents,
  type ProcessRequest,
  type StartedProcess,
  type StartProcess,
} from './start-process.ts'

export interface ProcessStarter {
  /** For what may be run a second time: should the small process end meanwhile, it is started anew here. */
  readonly start: StartProcess
  /** Ends what runs by the small process, and that one. */
  close(): void
}

export interface ProcessStarterDeps {
  readonly node: { readonly path: string; readonly needsRunAsNode: boolean }
  /** `resources/git-starter/git-starter.mjs`. */
  readonly script: string
  /** So many are started here before it is worth a process of its own. */
  readonly startAfter?: number
}

type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stdout' | 'stderr'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'closed'; readonly id: number; readonly code: number | null }

interface Run {
  readonly request: ProcessRequest
  readonly events: ProcessEvents
  /** Once it was started anew here. */
  own: StartedProcess | null
}

const usualStartAfter = 16
/** A small process that ends so often ends for a reason: all are started here then. */
const mostLaunches = 3

/**
 * Starts processes by a small one. To start a process copies the page tables of the one that does: in an app of 250 MB it
 * can do nothing else for six milliseconds, at every one of many calls of git. Until the small one is ready, and without it,
 * processes are started here.
 */
export const createProcessStarter = ({ node, script, startAfter = usualStartAfter }: ProcessStarterDeps) => {
  const runs = new Map<number, Run>()
  let helper: ChildProcess | null = null
  let isReady = false
  let starts = 0
  let launches = 0
  let isClosed = false

  const settle = (id: number): Run | undefined => {
    const run = runs.get(id)
    runs.delete(id)
    // Only what somebody waits for keeps the app from ending.
    if (runs.size === 0) helper?.channel?.unref()
    return run
  }
  const hear = (told: Told): void => {
    if (told.kind === 'ready') isReady = true
    else if (told.kind === 'failed') settle(told.id)?.events.failed(told.message)
    else if (told.kind === 'closed') settle(told.id)?.events.closed(told.code)
    else runs.get(told.id)?.events[told.kind](Buffer.from(told.bytes))
  }
  const lose = (lost: ChildProcess): void => {
    if (helper !== lost) return
    helper = null
    isReady = false
    for (const [id, run] of runs) {
      runs.delete(id)
      // The small one ends what it ran as it goes, and nobody is to wait for a second run of it.
      if (isClosed) {
        run.events.closed(null)
        continue
      }
      run.own = startHere(run.request, run.events)
      run.events.startedAnew()
    }
  }
  const launch = (): void => {
    launches += 1
    const launched = spawn(node.path, [script], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      env: {
        ...(node.needsRunAsNode ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
        // Windows finds its own libraries by it.
        ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
      },
      windowsHide: true,
      // No signal of a terminal that is meant for the app may reach it first.
      detached: process.platform !== 'win32',
    })
    helper = launched
    launched.unref()
    launched.channel?.unref()
    launched.on('message', (told) => hear(told as Told))
    for (const end of ['error', 'exit', 'disconnect'] as const) launched.on(end, () => lose(launched))
  }

  const start: StartProcess = (request, events) => {
    starts += 1
    if (!helper && !isClosed && starts > startAfter && launches < mostLaunches) launch()
    // Once it is closed, what is asked for never reaches it, also while it still ends.
    if (!helper || !isReady || isClosed || request.stdoutFd !== undefined) return startHere(request, events)
    const [id, by] = [starts, helper]
    const run: Run = { request, events, own: null }
    runs.set(id, run)
    by.channel?.ref()
    const { file, args, cwd, env, stdin = '' } = request
    by.send({ kind: 'run', id, file, args, cwd, env, stdin }, (error) => error && lose(by))
    return {
      kill: (signal) => {
        if (run.own) run.own.kill(signal)
        else if (by.connected) by.send({ kind: 'kill', id, signal }, () => undefined)
      },
    }
  }

  return {
    start,
    close: () => {
      isClosed = true
      if (helper?.connected) helper.disconnect()
    },
  } satisfies ProcessStarter
}
