export interface StartSlotsOptions {
  /** So many agents may be booting at once: a start takes a core for seconds. */
  readonly most: number
  /** From one start to the next. */
  readonly gapMs: number
}

export interface StartSlots {
  /** True when a start would have to wait now. */
  isBusy(): boolean
  /** Waits for a turn, first come first served; answers how to give it back. Null when the signal aborts before that. */
  take(signal: AbortSignal): Promise<(() => void) | null>
}

/** Lets agents start a few at a time, so that ten new sessions do not make each other and the machine crawl. */
export const createStartSlots = ({ most, gapMs }: StartSlotsOptions): StartSlots => {
  const waiting: { start: (giveBack: (() => void) | null) => void }[] = []
  let taken = 0
  let isPausing = false

  const serve = () => {
    if (isPausing || taken >= most) return
    const next = waiting.shift()
    if (!next) return
    taken += 1
    if (gapMs > 0) {
      isPausing = true
      setTimeout(() => {
        isPausing = false
        serve()
      }, gapMs).unref()
    }
    let isGivenBack = false
    next.start(() => {
      if (isGivenBack) return
      isGivenBack = true
      taken -= 1
      serve()
    })
    serve()
  }

  return {
    isBusy: () => isPausing || taken >= most || waiting.length > 0,
    take: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(null)
        const entry = { start: resolve }
        waiting.push(entry)
        signal.addEventListener('abort', () => {
          const index = waiting.indexOf(entry)
          if (index < 0) return
          waiting.splice(index, 1)
          resolve(null)
        })
        serve()
      }),
  }
}
