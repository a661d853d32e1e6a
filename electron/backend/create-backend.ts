import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { commandTokenName } from '../../shared/agent-verbs/command-door.ts'
import { createPortKeeper } from './adapters/pty/port-keeper.ts'
import { createPtyClient } from './adapters/pty/pty-client.ts'
import { createFeatures, type FeatureOptions, type Features } from './create-features.ts'
import type { HostCapabilities } from './features/host/host-service.ts'
import { createRouter } from './create-router.ts'
import { startBackgroundLoop, type BackgroundLoopOptions } from './kernel/background-loop.ts'
import { createChangesFeed } from './kernel/changes-feed.ts'
import { systemIdentity } from './kernel/identity.ts'
import { startIntentLoop, type IntentLoop } from './kernel/intents.ts'
import { openKernel, type Kernel } from './kernel/open-kernel.ts'
import { startRetention } from './kernel/retention.ts'
import { readSnapshot } from './read-snapshot.ts'

export type { HostCapabilities } from './features/host/host-service.ts'
export type { Identity } from './kernel/identity.ts'
export type { Log } from './kernel/log.ts'
export type { ConnectionContext } from './kernel/procedures.ts'

export interface BackendOptions {
  /** Where everything of ours is kept; made private when it is not there. */
  readonly dataDir: string
  readonly version: string
  /** The environment the app itself was started with. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** The scripts of the PTY host and of the `switchyard` command, and the folder of what is shipped beside the code. */
  readonly entries: { readonly ptyHost: string; readonly cli: string; readonly resources: string }
  readonly capabilities: HostCapabilities
  /** Told to the person: what keeps the sessions from being found again, each time it was tried in vain. */
  readonly onProblem?: (message: string) => void
  /** How many agents may boot at a time, and how long one waits for the next; a slow machine may want fewer. */
  readonly starts?: { readonly most: number; readonly gapMs: number }
}

export type Backend = Awaited<ReturnType<typeof createBackend>>

/** How often projects are looked at, and worktrees that are not watched. */
const lookAroundMs = 60_000
/** How often what must not lapse unnoticed is looked after. */
const lookAfterMs = 15_000
/** A hook that is asked this long after its edit was noted was not asked at all. */
const editOnItsWayMs = 30_000
/** A lease that has expired is somebody's wait: they should not notice that it ended a little late. */
const leaseSweepMs = 5000

/**
 * Makes the whole backend. It answers at once with what is stored; what runs is found again behind `ready`, and only then
 * are intents carried out. `close` ends it and leaves the sessions running.
 */
export const createBackend = async (options: BackendOptions) => {
  const kernel = await openKernel(options.dataDir)
  const node = { path: process.execPath, needsRunAsNode: process.versions['electron'] !== undefined }
  const pty = createPty(options, kernel, node)
  const features = await createFeatures({ ...options, kernel, pty, node })
  const { agents, worktrees, terminals, sessions, asks, leases, radar, review, tasks, mail, typer, teams, suspend } =
    features

  const feed = createChangesFeed({
    database: kernel.database,
    readSnapshot: (tx) => readSnapshot(features, tx),
  })
  let intents: IntentLoop | null = null
  kernel.onCommit((changes) => {
    feed.publish(changes)
    intents?.wake()
  })

  /** Finds again what ran before: terminals, then the sessions in them, then what was cut short. */
  const findAgain = async () => {
    await terminals.reconcile()
    await sessions.reconcile()
    await teams.reconcile()
    await leases.sweep()
    await mail.sweep()
    await terminals.retellTitles()
    await worktrees.resumeUnfinished()
    await tasks.reconcile()
    await review.reconcile()
    await features.staging.reconcile()
    await features.merge.reconcile()
    await features.checks.reconcile()
    await features.hooks.countUnjudged(0)
    intents ??= startIntentLoop({ ...kernel, handlers: features.handlers })
    // What is installed is no reason to wait, and none to fail.
    agents
      .detect(systemIdentity)
      .catch((error: unknown) => kernel.log.error({ err: error }, 'agents were not looked for'))
  }
  const closing = new AbortController()
  const ready = tryUntilDone(findAgain, closing.signal, (error) => {
    kernel.log.error({ err: error }, 'what ran before could not be found again; it is tried again')
    options.onProblem?.(error instanceof Error ? error.message : String(error))
  })

  const { loops, retention, freshness } = startLoops({ dataDir: options.dataDir, kernel, features, ready })
  void ready.then(() => {
    if (closing.signal.aborted) return
    kernel.backUpSoon()
    retention.wake()
    // Worktrees of before are watched from the start, and not from the first round on.
    freshness.wake()
    typer.start()
  })

  return {
    router: createRouter(features, feed, kernel),
    log: kernel.log,
    notice: kernel.notice,
    ready,
    /** For the agent gateway: who speaks, what is said, and where it listens. */
    agents: {
      authenticate: sessions.authenticate,
      handleHook: features.hooks.handleHook,
      runVerb: features.verbs.runVerb,
      runPersonVerb: features.verbs.runPersonVerb,
      setGatewayUrl: sessions.setGatewayUrl,
      portKeeper: createPortKeeper(options.dataDir, pty),
      /** In the data folder: the port of last time is kept here. */
      portFile: join(options.dataDir, 'gateway-port'),
      /** In the data folder too: what commands outside of any session say to be the person's. */
      commandTokenFile: join(options.dataDir, commandTokenName),
    },
    close: async () => {
      // First, because a loop may be waiting for what ran before to be found.
      closing.abort()
      await Promise.all(loops.map((loop) => loop.stop()))
      await ready
      await intents?.stop()
      await suspend.stop()
      features.hooks.close()
      teams.close()
      await typer.close()
      mail.close()
      await leases.close()
      asks.close()
      sessions.close()
      terminals.dispose()
      await features.checks.close()
      await radar.close()
      await review.close()
      await worktrees.close()
      features.closeGit()
      await pty.close()
      await kernel.close()
    },
  }
}

const createPty = (options: BackendOptions, { log }: Kernel, node: FeatureOptions['node']) =>
  createPtyClient({
    dataDir: options.dataDir,
    entry: options.entries.ptyHost,
    execPath: node.path,
    execArgv: [],
    environment: node.needsRunAsNode ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    log,
  })

interface LoopParts {
  readonly dataDir: string
  readonly kernel: Kernel
  readonly features: Features
  /** Settles when what ran before was found again. */
  readonly ready: Promise<void>
}

/** What is done again and again while the app runs. */
const startLoops = ({ dataDir, kernel, features, ready }: LoopParts) => {
  const { worktrees, projects, leases, asks, review, merge, tasks, mail, typer, hooks, teams, suspend } = features
  const archivePath = join(dataDir, 'events-archive.jsonl')
  const retention = startRetention({
    ...kernel,
    archivePath,
    dropOld: [asks.dropOld, hooks.dropOld, teams.dropOld, features.comments.dropOld],
  })
  const start = (name: string, everyMs: number, run: BackgroundLoopOptions['run']) =>
    startBackgroundLoop({ name, everyMs, log: kernel.log, run })
  const freshness = start('worktrees', lookAroundMs, (signal) => worktrees.refreshAll(signal))
  const loops = [
    retention,
    freshness,
    start('projects', lookAroundMs, () => projects.checkAll()),
    start('reviews', lookAfterMs, review.lookAfter),
    start('merges', lookAfterMs, async (signal) => {
      await ready
      await merge.lookAfter(signal)
    }),
    start('leases', leaseSweepMs, leases.sweep),
    start('mail', lookAfterMs, mail.sweep),
    start('idle agents', 2 * lookAfterMs, async () => {
      await ready
      await hooks.wakeIdle()
      await typer.lookAll()
      await hooks.countUnjudged(editOnItsWayMs)
    }),
    start('attempts', lookAfterMs, async (signal) => {
      await ready
      // First of all, so that nobody is asked after for the time in which the computer slept.
      await suspend.look()
      await tasks.lookAfterAttempts(signal)
    }),
  ]
  return { loops, retention, freshness }
}

/** A start that fails (a slow disk, a PTY host that hangs) is tried again, at first soon and later every half minute. */
const tryUntilDone = async (work: () => Promise<void>, signal: AbortSignal, tell: (error: unknown) => void) => {
  for (let waitMs = 1000; !signal.aborted; waitMs = Math.min(2 * waitMs, 30_000)) {
    const failure = await work().then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (!failure) return
    tell(failure.error)
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
  }
}
