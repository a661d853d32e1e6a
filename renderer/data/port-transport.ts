import { RPCLink } from '@orpc/client/message-port'
import type { OpenTransport } from './transport.ts'

// The page asks and the preload answers with a port, so that neither has to be ready first.
export const portWanted = 'switchyard.port-wanted'
export const portGiven = 'switchyard.port'

/** Opens the message port that the desktop's preload hands over. */
export const createPortTransport =
  (page: Window): OpenTransport =>
  (signal) =>
    new Promise((resolve) => {
      const stop = () => {
        page.removeEventListener('message', take)
        signal.removeEventListener('abort', abort)
      }
      const abort = () => {
        stop()
        resolve({ kind: 'away', reason: 'Switchyard is closing.' })
      }
      const take = (event: MessageEvent) => {
        const port = event.ports[0]
        if (event.source !== page || event.data !== portGiven || port === undefined) return
        stop()
        const closed = new Promise<void>((settle) => {
          port.addEventListener('close', () => settle(), { once: true })
          signal.addEventListener('abort', () => settle(), { once: true })
        })
        const link = new RPCLink({ port })
        port.start()
        resolve({ kind: 'open', transport: { link, closed, close: () => port.close() } })
      }
      page.addEventListener('message', take)
      signal.addEventListener('abort', abort, { once: true })
      page.postMessage(portWanted, page.location.origin)
    })
