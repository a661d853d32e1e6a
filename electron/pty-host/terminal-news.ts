import type { TerminalId } from '../../shared/lib/ids.ts'
import type { HostEvent } from '../../shared/pty-protocol/messages.ts'
import type { PtyExit } from './pty-process.ts'
import type { ScreenListeners } from './screen.ts'

/** Output is news once a second, however much there is. */
const ACTIVITY_MS = 1_000
/** Titles and folders are kept in the database, so a program that changes them in a loop is heard once a second. */
const TITLE_MS = 1_000
const BELL_MS = 500
/** Notifications are for people: a burst of five, then one each five seconds. */
const NOTIFICATION_BURST = 5
const NOTIFICATION_MS = 5_000

export interface TerminalNews {
  readonly listeners: Omit<ScreenListeners, 'reply'>
  output(): void
  exited(exit: PtyExit & { readonly at: number }): void
  cwd(): string | null
  lastOutputAt(): number | null
  dispose(): void
}

export interface TerminalNewsDeps {
  readonly emit: (event: HostEvent) => void
  readonly changed: () => void
  readonly now: () => number
}

/** What is told of a terminal that nobody looks at, no more often than anyone needs to know. */
export const createTerminalNews = (terminalId: TerminalId, { emit, changed, now }: TerminalNewsDeps): TerminalNews => {
  let cwd: string | null = null
  let lastOutputAt: number | null = null
  let lastBellAt = -Infinity
  let notificationsLeft = NOTIFICATION_BURST
  let notificationsAt = now()
  const title = createThrottle<string>(TITLE_MS, now, (value) => emit({ kind: 'title', terminalId, title: value }))
  const folder = createThrottle<string>(TITLE_MS, now, (value) => emit({ kind: 'cwd', terminalId, cwd: value }))
  const activity = createThrottle<number>(ACTIVITY_MS, now, (at) => emit({ kind: 'activity', terminalId, at }))

  return {
    listeners: {
      titleChanged: (next) => title.push(next),
      bell() {
        if (now() - lastBellAt < BELL_MS) return
        lastBellAt = now()
        emit({ kind: 'bell', terminalId })
      },
      cwdChanged(next) {
        if (next === cwd) return
        cwd = next
        folder.push(next)
      },
      notified(head, body) {
        const earned = (now() - notificationsAt) / NOTIFICATION_MS
        notificationsLeft = Math.min(NOTIFICATION_BURST, notificationsLeft + earned)
        notificationsAt = now()
        if (notificationsLeft < 1) return
        notificationsLeft -= 1
        emit({ kind: 'notification', terminalId, title: head, body })
      },
    },
    output() {
      lastOutputAt = now()
      activity.push(lastOutputAt)
      changed()
    },
    exited({ code, signal, at }) {
      title.flush()
      folder.flush()
      activity.flush()
      changed()
      emit({ kind: 'exited', terminalId, code, signal, at })
    },
    cwd: () => cwd,
    lastOutputAt: () => lastOutputAt,
    dispose() {
      title.dispose()
      folder.dispose()
      activity.dispose()
    },
  }
}

/** Passes the first value at once and then the latest one, once per interval. */
const createThrottle = <Value>(intervalMs: number, now: () => number, pass: (value: Value) => void) => {
  let waiting: { readonly value: Value } | null = null
  let passedAt = -Infinity
  let timer: NodeJS.Timeout | null = null

  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (!waiting) return
    const { value } = waiting
    waiting = null
    passedAt = now()
    pass(value)
  }
  return {
    push(value: Value) {
      waiting = { value }
      if (timer) return
      const waitMs = passedAt + intervalMs - now()
      if (waitMs <= 0) flush()
      else timer = setTimeout(flush, waitMs)
    },
    flush,
    dispose() {
      if (timer) clearTimeout(timer)
    },
  }
}
