import { setTimeout as delay } from 'node:timers/promises'
import type { Command, HostEvent } from '../../../../shared/pty-protocol/messages.ts'
import type { Log } from '../../kernel/log.ts'
import { isProcessAlive } from '../processes.ts'
import { connectToHost, type ConnectionListeners, type PtyConnection } from './pty-connection.ts'
import { PtyHostError } from './pty-errors.ts'
import { readAddress, readLogTail, readOrMakeToken } from './pty-host-files.ts'
import { launchPtyHost, type PtyHostLaunch } from './pty-host-process.ts'

export interface HostLink {
  /** The connection there is, or a new one; starts the host when none listens. */
  get(): Promise<PtyConnection>
  send(command: Command): Promise<unknown>
  close(): Promise<void>
  shutdown(graceMs: number): Promise<void>
}

export interface HostLinkListeners {
  onEvent(event: HostEvent): void
  onConnected(): void
  onHostDied(): void
}

/** Node and the native module are loaded in well under a second; a busy machine gets this long. */
const startMs = 15_000
const askAgainMs = 25
const longestReconnectMs = 10_000

/** Keeps one connection to the PTY host of a data folder. */
export const createHostLink = (deps: PtyHostLaunch & { readonly log: Log }, listeners: HostLinkListeners): HostLink => {
  let current: Promise<PtyConnection> | null = null
  let isClosing = false

  const get = (): Promise<PtyConnection> => {
    if (isClosing) return Promise.reject(new PtyHostError('gone', 'The connection to the PTY host was closed.'))
    current ??= open().catch((error: unknown) => {
      current = null
      throw error
    })
    return current
  }

  const open = async () => {
    const token = await readOrMakeToken(deps.dataDir)
    const connect = () =>
      tryConnect(deps.dataDir, token, (hostPid) => ({
        onEvent: (event) => listeners.onEvent(event),
        onClosed: (reason) => void onClosed(hostPid, reason),
      }))
    const connection = (await connect()) ?? (await startAndConnect(deps, connect))
    listeners.onConnected()
    return connection
  }

  const onClosed = async (hostPid: number, reason: PtyHostError | null) => {
    current = null
    if (isClosing) return
    if (reason?.code === 'replaced') {
      // Connecting again would take the terminals from the newer one, which would take them back.
      isClosing = true
      deps.log.error({ hostPid }, 'another backend has taken the PTY host over')
      return
    }
    // The socket of a dying process closes a moment before the process is gone.
    for (let tries = 0; tries < 40 && isProcessAlive(hostPid); tries += 1) await delay(askAgainMs)
    if (isProcessAlive(hostPid)) {
      deps.log.warn({ hostPid }, 'the connection to the PTY host was lost; it still runs')
      await reconnect()
    } else {
      deps.log.error({ hostPid }, 'the PTY host died')
      listeners.onHostDied()
    }
  }

  /** What ends while nobody listens is learnt by asking again, so the connection is taken up at once. */
  const reconnect = async () => {
    for (let waitMs = askAgainMs; !isClosing; waitMs = Math.min(2 * waitMs, longestReconnectMs)) {
      const problem = await get().then(
        () => null,
        (error: unknown) => ({ error }),
      )
      if (!problem) return
      deps.log.error({ err: problem.error }, 'the PTY host could not be reached again')
      await delay(waitMs, undefined, { ref: false })
    }
  }

  return {
    get,
    send: async (command) => (await get()).request(command),
    close: async () => {
      isClosing = true
      const connection = await current?.catch(() => null)
      connection?.close()
    },
    shutdown: async (graceMs) => {
      const connection = await get()
      isClosing = true
      // The host may end before its answer arrives; its end is what was asked for.
      await connection.request({ kind: 'shutdown', graceMs }).catch(() => undefined)
      connection.close()
      for (let tries = 0; tries < 400 && isProcessAlive(connection.hostPid); tries += 1) await delay(askAgainMs)
    },
  }
}

const tryConnect = async (
  dataDir: string,
  token: string,
  listenersOf: (hostPid: number) => ConnectionListeners,
): Promise<PtyConnection | null> => {
  const address = await readAddress(dataDir)
  if (!address) return null
  return connectToHost(address.socketPath, token, listenersOf(address.pid)).catch((error: NodeJS.ErrnoException) => {
    // A host that is not there any more leaves its address behind.
    if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return null
    if (error instanceof PtyHostError && error.code === 'hung' && !isProcessAlive(address.pid)) return null
    throw error
  })
}

const startAndConnect = async (
  launch: PtyHostLaunch,
  connect: () => Promise<PtyConnection | null>,
): Promise<PtyConnection> => {
  launchPtyHost(launch)
  const end = performance.now() + startMs
  while (performance.now() < end) {
    const connection = await connect()
    if (connection) return connection
    await delay(askAgainMs)
  }
  throw new PtyHostError(
    'did-not-start',
    `The process that keeps the terminals did not start. Its log ends with:\n${await readLogTail(launch.dataDir)}`,
  )
}
