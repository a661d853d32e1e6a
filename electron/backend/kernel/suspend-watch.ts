import { ok } from '../../../shared/lib/result.ts'
import type { Clock } from './clock.ts'
import { systemIdentity } from './identity.ts'
import type { Log } from './log.ts'
import type { CommandContext, RunCommand } from './run-command.ts'

/** Moves every live deadline of one feature later by the gap, in the transaction it is given. */
export type SuspendListener = (context: CommandContext, gapMs: number) => Promise<void>

export interface SuspendWatch {
  /**
   * Compares the clocks now, and credits what is missing. Whoever is about to call a deadline passed asks this first: after
   * a sleep its own timer may run before the watch's.
   */
  look(): Promise<void>
  stop(): Promise<void>
}

export interface SuspendWatchDeps {
  readonly clock: Clock
  readonly runCommand: RunCommand
  readonly log: Log
  /** Told of each gap, all in one transaction: either every deadline is moved or none. */
  readonly listeners: readonly SuspendListener[]
}

/** Often enough that a gap is measured well, seldom enough to cost nothing. */
export const lookEveryMs = 5_000
/** A look that comes later than this was not held up by load: nothing could run, or the clock was set. */
export const smallestGapMs = 15_000

/**
 * Sees time in which nobody could work: the computer slept, this process was frozen, or the clock was set forward. Timers
 * run by the monotonic clock and deadlines by the backend's, so a look at which the backend's clock moved by more than a
 * timer's interval shows a gap, whether or not the monotonic clock goes on in a sleep (on Linux it stands). A clock that is
 * set back needs no credit: the backend's clock stands until it is caught up with.
 */
export const startSuspendWatch = (deps: SuspendWatchDeps): SuspendWatch => {
  const { clock, log } = deps
  let lookedAt = clock.now()
  let crediting: Promise<void> = Promise.resolve()

  const look = (): Promise<void> => {
    const now = clock.now()
    const gapMs = now - lookedAt - lookEveryMs
    lookedAt = now
    if (gapMs < smallestGapMs) return crediting
    crediting = crediting
      .then(() => credit(deps, gapMs))
      .catch((error: unknown) => {
        // The disk was full, say. Counted back, so that the next look finds this gap again.
        lookedAt -= gapMs
        log.error({ err: error, gapMs }, 'a gap in time was not credited; it is tried again')
      })
    return crediting
  }

  const timer = setInterval(() => void look(), lookEveryMs)
  timer.unref()
  return {
    look,
    stop: async () => {
      clearInterval(timer)
      await crediting
    },
  }
}

const credit = async ({ runCommand, listeners, log }: SuspendWatchDeps, gapMs: number) => {
  log.info({ gapMs }, 'time passed in which nothing could run; deadlines are moved by it')
  await runCommand({ name: 'credit-suspend', by: systemIdentity }, async (context) => {
    for (const listener of listeners) await listener(context, gapMs)
    return ok(undefined)
  })
}
