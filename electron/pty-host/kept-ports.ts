import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { ok, refuse, type Result } from '../../shared/lib/result.ts'
import type { RefusalCode } from '../../shared/pty-protocol/messages.ts'
import { awayAnswerTo } from './away-answer.ts'

/**
 * Ports of loopback that agents were told. They are listened on here, without a break, for as long as the agents can live;
 * so nobody else can take one and be told what is meant for the app. What comes in is passed on byte for byte.
 */
export interface KeptPorts {
  /** Port 0 is any that is free. For one that is kept already, what comes in from now on goes to `passTo`. */
  keep(port: number, passTo: string): Promise<Result<{ readonly port: number }, RefusalCode>>
  /** The app is gone. Whoever asks is told so until a port is kept for the app again. */
  forgetApp(): void
  close(): void
}

interface KeptPort {
  readonly server: Server
  passTo: string | null
}

/** A session holds a few connections at a time; a hundred of them fit well. */
const mostConnections = 1000
/** Whoever was answered, or says nothing at all, is let go after this long in silence. */
const lingerMs = 5000

export const createKeptPorts = (): KeptPorts => {
  const kept = new Map<number, KeptPort>()
  let turn: Promise<unknown> = Promise.resolve()

  const keepNow = async (wanted: number, passTo: string) => {
    const known = kept.get(wanted)
    if (known) {
      known.passTo = passTo
      return ok({ port: wanted })
    }
    // A half that is closed says nothing about the other; an answer must not wait for more to be sent along with it.
    const options = { allowHalfOpen: true, noDelay: true }
    const server = createServer(options, (agent) => serve(agent, entry.passTo))
    server.maxConnections = mostConnections
    const entry: KeptPort = { server, passTo }
    const port = await listen(server, wanted)
    if (port === null) return refuse('port-taken', `Another program listens on port ${wanted} of 127.0.0.1.`)
    kept.set(port, entry)
    return ok({ port })
  }

  return {
    keep: (port, passTo) => {
      // One after the other: asked for the same port twice, the second finds it kept.
      const kept = turn.then(() => keepNow(port, passTo))
      turn = kept.catch(() => undefined)
      return kept
    },
    forgetApp: () => {
      for (const entry of kept.values()) entry.passTo = null
    },
    close: () => {
      for (const { server } of kept.values()) server.close()
      kept.clear()
    },
  }
}

const serve = (agent: Socket, passTo: string | null) => {
  // The close that follows is what matters.
  agent.on('error', () => agent.destroy())
  if (passTo === null) return answerAway(agent)
  const app = connect({ path: passTo, allowHalfOpen: true })
  let isThere = false
  app.on('error', () => app.destroy())
  app.once('connect', () => {
    isThere = true
    agent.pipe(app)
    app.pipe(agent)
  })
  app.on('close', () => {
    // ENOENT, ECONNREFUSED: the app has just died. Nothing of what the agent said was read yet.
    if (isThere) letGo(agent)
    else answerAway(agent)
  })
  // What the agent had said before it left is still the app's to hear.
  agent.on('close', () => (isThere ? app.destroySoon() : app.destroy()))
}

/** Nothing is kept of what the agent says; an answer that came before its question would be taken for a broken one. */
const answerAway = (agent: Socket) => {
  agent.once('data', (bytes: Buffer) => {
    agent.end(awayAnswerTo(bytes))
    agent.resume()
  })
  agent.once('end', () => agent.end())
  agent.setTimeout(lingerMs, () => agent.destroy())
}

/** Sends what is left to send, and takes what still comes: closed with something unread, a connection loses its answer. */
const letGo = (agent: Socket) => {
  agent.end()
  agent.resume()
  agent.setTimeout(lingerMs, () => agent.destroy())
}

/** The port that was got; null when another program has it. */
const listen = (server: Server, port: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error)
    server.once('error', onError)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', onError)
      resolve((server.address() as AddressInfo).port)
    })
  })
