import type { TerminalFrame } from '../../../../shared/terminal/frames.ts'
import type { PtyConnection } from './pty-connection.ts'
import { PtyHostError } from './pty-errors.ts'

let lastChannel = 0

/**
 * Frames of one view, in order, for whoever reads them. They cannot pile up: the host sends no more than the view's
 * credit before it is acknowledged.
 */
export const windowOfFrames = (connection: PtyConnection, signal: AbortSignal | undefined) => {
  lastChannel = (lastChannel + 1) % 0xffff_ffff
  const channel = lastChannel
  const waiting: TerminalFrame[] = []
  let isOver = false
  let isGone = false
  let wake = () => undefined as void

  connection.receive(channel, (frame) => {
    waiting.push(frame)
    wake()
  })
  const stopWatching = connection.onGone(() => {
    isGone = true
    wake()
  })
  const onAbort = () => {
    isOver = true
    wake()
  }
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) isOver = true

  async function* read(): AsyncGenerator<TerminalFrame, void, void> {
    while (!isOver) {
      const frame = waiting.shift()
      if (frame) yield frame
      else if (isGone) throw new PtyHostError('gone', 'The PTY host is gone.')
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    channel,
    read,
    close: () => {
      isOver = true
      connection.receive(channel, null)
      stopWatching()
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
