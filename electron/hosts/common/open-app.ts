import { hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { startGateway } from '../../agent-gateway/start-gateway.ts'
import { createBackend, type Backend, type BackendOptions } from '../../backend/create-backend.ts'
import { writePrivateFile } from './private-files.ts'

export type App = Awaited<ReturnType<typeof openApp>>

/** The backend with its agent gateway: what both hosts put a page in front of. */
export const openApp = async (options: BackendOptions) => {
  const backend = await createBackend(options)
  const { agents, log } = backend
  let told = await readPorts(agents.portFile)
  const commandToken = randomBytes(32).toString('hex')
  const commandDigest = digestOf(commandToken)
  // Before anybody listens: a command that comes in the first moment must not bring the one of last time.
  writePrivateFile(agents.commandTokenFile, commandToken)
  const gateway = startGateway<Speaker>({
    authenticate: async (token, route) => {
      // Whoever read that file is the person or works for them; hooks and MCP are for agents alone.
      if (timingSafeEqual(digestOf(token), commandDigest)) return route === 'verb' ? { kind: 'person' } : null
      const holder = await agents.authenticate(token)
      return holder && { kind: 'session', holder }
    },
    handleHook: async (speaker, body, signal) =>
      speaker.kind === 'session' ? agents.handleHook(speaker.holder, body, signal) : { body: {}, sent: null },
    runVerb: (speaker, { caller, ...call }) =>
      speaker.kind === 'session' ? agents.runVerb(speaker.holder, call) : agents.runPersonVerb(caller, call),
    version: options.version,
    log,
    knownPorts: told,
    freshPorts: Array.from({ length: mostTries }, () => randomInt(firstPort, lastPort)),
    keeper: agents.portKeeper,
    moved: async (place) => {
      told = [...new Set([...told, ...(place ? [place.port] : [])])].slice(-mostKnown)
      await writeFile(agents.portFile, told.join('\n'), { mode: 0o600 })
      await agents.setGatewayUrl(place?.url ?? null)
    },
  })
  // The page does not wait for it: the process that keeps the ports may have to be started first.
  const listening = gateway.then(
    () => undefined,
    (error: unknown) => {
      log.error({ err: error }, 'agents cannot reach the app')
      options.onProblem?.(error instanceof Error ? error.message : String(error))
    },
  )
  return {
    router: backend.router,
    log,
    notice: backend.notice,
    /** What ran before was found again, and agents can reach the app. */
    ready: Promise.all([backend.ready, listening]).then(() => undefined),
    close: async () => {
      await rm(agents.commandTokenFile, { force: true })
      await listening
      await gateway.then(
        (opened) => opened.close(),
        () => undefined,
      )
      await backend.close()
    },
  }
}

/** An agent by its session's token, or a command of the person by theirs. */
type Speaker =
  | { readonly kind: 'session'; readonly holder: Parameters<Backend['agents']['runVerb']>[0] }
  | { readonly kind: 'person' }

const digestOf = (token: string) => hash('sha256', token, 'buffer')

/** Below those that systems give to outgoing connections: one of these is still free at the next start. */
const [firstPort, lastPort] = [20_000, 32_000]
const mostTries = 10

/** More than one only after somebody else had the first; then agents were told of each. */
const mostKnown = 3

/** The ports that agents which outlived the app were told, the first one first. */
const readPorts = async (path: string): Promise<readonly number[]> =>
  (await readFile(path, 'utf8').catch(() => ''))
    .split('\n')
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536)
