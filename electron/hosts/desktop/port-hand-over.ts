import { isOwnFrame, type SenderFrame } from './trust-rules.ts'

// The page asks and gets one port; both names are also known to preload.ts and to the page.
export const portWanted = 'switchyard.port-wanted'
export const portGiven = 'switchyard.port'

interface Port {
  start(): void
  close(): void
}

export interface PortRequest<P extends Port> {
  readonly senderFrame: SenderFrame | undefined
  readonly sender: { postMessage(channel: string, message: unknown, transfer: P[]): void }
}

/**
 * Hands one message port to the page each time it asks, which is once per load. The port of the load before is closed, so
 * that nothing keeps speaking for a page that is gone.
 */
export const createPortHandOver = <P extends Port>(deps: {
  readonly makeChannel: () => { readonly port1: P; readonly port2: P }
  /** Serves the contract on our end. */
  readonly serve: (port: P) => void
}): { give(request: PortRequest<P>): boolean; close(): void } => {
  let current: P | null = null
  const close = () => {
    current?.close()
    current = null
  }
  return {
    give: (request) => {
      if (!isOwnFrame(request.senderFrame)) return false
      close()
      const { port1, port2 } = deps.makeChannel()
      deps.serve(port1)
      port1.start()
      current = port1
      request.sender.postMessage(portGiven, null, [port2])
      return true
    },
    close,
  }
}
