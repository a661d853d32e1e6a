import type { WebSocket } from 'ws'

export interface Heartbeat {
  /** From now on this connection is asked regularly, and cut when it does not answer. */
  readonly watch: (socket: WebSocket) => void
  readonly stop: () => void
}

/** Finds the connections whose other end vanished without a word, as when a laptop sleeps. */
export const startHeartbeat = (clients: Iterable<WebSocket>, everyMs: number): Heartbeat => {
  const answered = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of clients) {
      if (answered.delete(socket)) socket.ping()
      else socket.terminate()
    }
  }, everyMs)
  timer.unref()
  return {
    watch: (socket) => {
      answered.add(socket)
      socket.on('pong', () => answered.add(socket))
    },
    stop: () => clearInterval(timer),
  }
}
