import type { TerminalSignal } from '../../../../shared/contract/terminals.ts'

/** A listener that does not read this many signals loses the oldest: they are news of the moment. */
const mostWaiting = 1000

/** Hands signals to whoever listens at the time. */
export const createSignals = () => {
  const listeners = new Set<(signal: TerminalSignal) => void>()

  async function* listen(stop: AbortSignal | undefined): AsyncGenerator<TerminalSignal, void, void> {
    const waiting: TerminalSignal[] = []
    let wake = () => undefined as void
    const take = (signal: TerminalSignal) => {
      waiting.push(signal)
      if (waiting.length > mostWaiting) waiting.shift()
      wake()
    }
    const onAbort = () => wake()
    stop?.addEventListener('abort', onAbort)
    listeners.add(take)
    try {
      while (!stop?.aborted) {
        const next = waiting.shift()
        if (next) yield next
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      listeners.delete(take)
      stop?.removeEventListener('abort', onAbort)
    }
  }

  return {
    listen,
    send: (signal: TerminalSignal) => {
      for (const take of listeners) take(signal)
    },
  }
}
