import type { Log } from './log.ts'

export interface BackgroundLoop {
  /** Runs it soon instead of at its next time; a run under way is followed by another. */
  wake(): void
  /** Takes no more runs and waits for the one under way. */
  stop(): Promise<void>
}

export interface BackgroundLoopOptions {
  readonly name: string
  /** From the end of one run to the start of the next. */
  readonly everyMs: number
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly log: Log
}

/** A loop that fails waits longer each time, up to this; it never ends by itself. */
const longestWaitMs = 5 * 60_000

/** Runs something again and again; a failure is logged and the loop goes on. */
export const startBackgroundLoop = (options: BackgroundLoopOptions): BackgroundLoop => {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let isWanted = false
  let failures = 0

  const runOnce = async () => {
    running = options.run(stopping.signal).then(
      () => void (failures = 0),
      (error: unknown) => {
        failures += 1
        options.log.error({ err: error, loop: options.name, failures }, 'a background loop failed')
      },
    )
    await running
    running = null
    if (stopping.signal.aborted) return
    const waitMs = isWanted
      ? 0
      : Math.min(Math.max(longestWaitMs, options.everyMs), options.everyMs * 2 ** Math.min(failures, 10))
    isWanted = false
    schedule(waitMs)
  }

  const schedule = (ms: number) => {
    timer = setTimeout(() => void runOnce(), ms)
    // A waiting loop alone must not keep the process alive.
    timer.unref()
  }

  schedule(options.everyMs)
  return {
    wake: () => {
      if (stopping.signal.aborted) return
      if (running) {
        isWanted = true
        return
      }
      clearTimeout(timer)
      schedule(0)
    },
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
