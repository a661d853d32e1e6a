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
  const knownPorts = await readPorts(agents.portFile)
  const commandToken = randomBytes(32).toString('hex')
  const commandDigest = digestOf(commandToken)
  // Before anybody listens: a command that comes in the first moment must not bring the one of last time.
  writePrivateFile(agents.commandTokenFile, commandToken)
  const gateway = await startGateway<Speaker>({
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
    knownPorts,
    freshPorts: Array.from({ length: mostTries }, () => randomInt(firstPort, lastPort)),
  }).catch(async (error: unknown) => {
    await backend.close()
    throw error
  })
  const ports = [...new Set([...knownPorts, gateway.port])].slice(-mostKnown)
  await writeFile(agents.portFile, ports.join('\n'), { mode: 0o600 })
  await agents.setGatewayUrl(gateway.url)
  return {
    router: backend.router,
    log,
    notice: backend.notice,
    ready: backend.ready,
    close: async () => {
      await rm(agents.commandTokenFile, { force: true })
      await gateway.close()
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
