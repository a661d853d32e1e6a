/** One turn of the event loop may parse this long: enough that the turn's own cost vanishes. */
const TURN_MS = 4
/** Beside a terminal that someone types into: its echo waits for one such turn at most. */
const BACKGROUND_TURN_MS = 1
/** And such a rest follows, in which the page and the app get the processor: an echo passes through five processes. */
const REST_MS = 2

export interface ParseJob {
  isFocused(): boolean
  hasPending(): boolean
  /** Parses one piece, about a quarter of a millisecond of work. */
  parseOne(): void
}

export interface SchedulerDeps {
  /** Milliseconds, of any origin. */
  readonly now: () => number
  /** Whether someone has any terminal in front of them. */
  readonly hasFocus: () => boolean
}

export interface ParseScheduler {
  /** Says that a job has something pending. A focused one is served at once. */
  ready(job: ParseJob): void
  remove(job: ParseJob): void
}

/**
 * Shares one thread among all terminals: focused ones first, the others in turn, and back to the event loop in between,
 * where input is read. A terminal that prints without pause costs the others a slice and never more.
 */
export const createParseScheduler = ({ now, hasFocus }: SchedulerDeps): ParseScheduler => {
  const waiting = new Set<ParseJob>()
  let immediate: NodeJS.Immediate | null = null
  let rest: NodeJS.Timeout | null = null
  let isRunning = false

  const parseUntil = (jobs: () => Iterable<ParseJob>, deadline: number) => {
    for (const job of jobs()) {
      if (now() >= deadline) return
      // To the back of the line, or out of it.
      waiting.delete(job)
      job.parseOne()
      if (job.hasPending()) waiting.add(job)
    }
  }
  const focused = function* () {
    for (;;) {
      const jobs = [...waiting].filter((job) => job.isFocused())
      if (jobs.length === 0) return
      yield* jobs
    }
  }
  const inTurn = function* () {
    for (const job of waiting) yield job
  }
  const turn = () => {
    clearImmediate(immediate ?? undefined)
    clearTimeout(rest ?? undefined)
    immediate = null
    rest = null
    isRunning = true
    const start = now()
    parseUntil(focused, start + TURN_MS)
    parseUntil(inTurn, start + (hasFocus() ? BACKGROUND_TURN_MS : TURN_MS))
    isRunning = false
    schedule()
  }
  const schedule = () => {
    if (waiting.size === 0) return
    const mayRest = hasFocus() && ![...waiting].some((job) => job.isFocused())
    if (mayRest) rest ??= setTimeout(turn, REST_MS)
    else immediate ??= setImmediate(turn)
  }

  return {
    ready(job) {
      if (job.isFocused() && !isRunning) {
        isRunning = true
        job.parseOne()
        isRunning = false
        if (!job.hasPending()) return
      }
      waiting.add(job)
      schedule()
    },
    remove(job) {
      waiting.delete(job)
    },
  }
}
