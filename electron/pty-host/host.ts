import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { refuse } from '../../shared/lib/result.ts'
import type { HostEvent } from '../../shared/pty-protocol/messages.ts'
import { serveConnection, type ClientConnection } from './client-connection.ts'
import { runCommand } from './commands.ts'
import { acquireHostLock } from './host-lock.ts'
import type { HostLog } from './host-log.ts'
import { prepareHostPaths, readOrMakeToken } from './host-paths.ts'
import { createKeptPorts } from './kept-ports.ts'
import { createParseScheduler } from './parse-scheduler.ts'
import { readBootId, readStartTime } from './process-table.ts'
import { createTerminals } from './terminals.ts'
import { createViewers } from './viewers.ts'

export interface Host {
  /** Saves the screens and leaves: the programs are hung up by the system. */
  leave(): void
  /** Resolves when the host was told to end and has cleaned up. */
  readonly ended: Promise<void>
}

/** Runs the host of a data folder. Returns null when that folder has one already. */
export const startHost = async (dataDir: string, log: HostLog): Promise<Host | null> => {
  const paths = prepareHostPaths(dataDir)
  const own = { pid: process.pid, startTime: await readStartTime(process.pid), socketPath: paths.socket }
  const release = await acquireHostLock({
    path: paths.address,
    own,
    isAlive: async (owner) => (await readStartTime(owner.pid)) === owner.startTime && owner.startTime !== null,
  })
  if (!release) return null
  const token = readOrMakeToken(paths.token)
  // Left by a host that was killed: only the holder of the lock gets here.
  if (process.platform !== 'win32') rmSync(paths.socket, { force: true })

  const service = createService({ dataDir, token, log })
  await listen(service.server, paths.socket)
  log('listening', { socket: paths.socket })
  const ended = Promise.withResolvers<void>()
  const cleanUp = () => {
    service.close()
    if (process.platform !== 'win32') rmSync(paths.socket, { force: true })
    release()
    ended.resolve()
  }
  void service.shutDownRequested.then(cleanUp)
  return {
    ended: ended.promise,
    leave() {
      service.saveAll()
      cleanUp()
    },
  }
}

interface ServiceDeps {
  readonly dataDir: string
  readonly token: string
  readonly log: HostLog
}

const createService = ({ dataDir, token, log }: ServiceDeps) => {
  let client: ClientConnection | null = null
  const shutDown = Promise.withResolvers<void>()
  const now = () => Date.now()
  const monotonic = () => performance.now()
  const emit = (event: HostEvent) => client?.send({ kind: 'event', event })
  const viewers = createViewers({
    send: (channel, frame) => client?.sendFrame(channel, frame),
    now: monotonic,
    unwatched: (terminalId) => terminals.unwatched(terminalId),
  })
  const scheduler = createParseScheduler({ now: monotonic, hasFocus: viewers.hasFocus })
  const onError = (error: unknown) => log('error', { error: String(error) })
  const terminals = createTerminals({ dataDir, scheduler, viewers, emit, now, onError })
  const ports = createKeptPorts()
  const deps = { terminals, viewers, ports, shutDown: terminals.stopAll }

  const server = createServer((socket) =>
    serveConnection({
      socket,
      token,
      welcome: { hostPid: process.pid, hostStartedAt: now() - Math.round(monotonic()), bootId: readBootId() },
      greeted(connection) {
        // There is one backend: a newer one takes over from one that hangs or was killed.
        client?.refuse('replaced', 'A newer client has connected.')
        viewers.clear()
        ports.forgetApp()
        client = connection
      },
      command(connection, request, command) {
        if (connection !== client) return
        void answerOrFail(() => runCommand(command, deps)).then((answer) => {
          if (answer.ok) connection.send({ kind: 'reply', request, value: answer.value })
          else connection.send({ kind: 'refused', request, ...answer.refusal })
          if (command.kind === 'shutdown') shutDown.resolve()
        })
      },
      closed(connection) {
        if (connection !== client) return
        client = null
        viewers.clear()
        ports.forgetApp()
      },
    }),
  )
  return {
    server,
    shutDownRequested: shutDown.promise,
    saveAll: terminals.saveAll,
    close() {
      terminals.dispose()
      ports.close()
      server.close()
    },
  }
}

const listen = (server: Server, path: string): Promise<void> => {
  // The socket is created with the permissions the process leaves: nobody but us may connect, from the first moment on.
  const previousMask = process.umask(0o177)
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(path, listening.resolve)
  return listening.promise.finally(() => process.umask(previousMask))
}

/** The boundary of all commands: what throws is our mistake, and costs one answer instead of the host. */
const answerOrFail = async (
  run: () => ReturnType<typeof runCommand>,
): Promise<Awaited<ReturnType<typeof runCommand>>> => {
  try {
    return await run()
  } catch (error) {
    // Only bugs get here.
    return refuse('failed', String(error))
  }
}
