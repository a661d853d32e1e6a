import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { startGateway } from '../../agent-gateway/start-gateway.ts'
import { createBackend, type Backend, type BackendOptions } from '../../backend/create-backend.ts'
import { writePrivateFile } from './private-files.ts'

export type App = Awaited<ReturnType<typeof openApp>>

/** The backend with its agent gateway: what both hosts put a page in front of. */
export const openApp = async (options: BackendOptions) => {
  const backend = await createBackend(options)
  const { agents, log } = backend
  const commandToken = randomBytes(32).toString('hex')
  const gateway = await startGateway<Speaker>({
    authenticate: async (token, route) => {
      // Whoever read that file is the person or works for them; hooks and MCP are for agents alone.
      if (isSame(token, commandToken)) return route === 'verb' ? { kind: 'person' } : null
      const holder = await agents.authenticate(token)
      return holder && { kind: 'session', holder }
    },
    handleHook: async (speaker, body, signal) =>
      speaker.kind === 'session' ? agents.handleHook(speaker.holder, body, signal) : { body: {}, sent: null },
    runVerb: (speaker, { caller, ...call }) =>
      speaker.kind === 'session' ? agents.runVerb(speaker.holder, call) : agents.runPersonVerb(caller, call),
    version: options.version,
    log,
    preferredPort: await readPort(agents.portFile),
  }).catch(async (error: unknown) => {
    await backend.close()
    throw error
  })
  await writeFile(agents.portFile, String(gateway.port), { mode: 0o600 })
  writePrivateFile(agents.commandTokenFile, commandToken)
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

const digestOf = (token: string) => createHash('sha256').update(token).digest()
const isSame = (given: string, known: string) => timingSafeEqual(digestOf(given), digestOf(known))

/** The port of last time, so that agents which outlived the app still reach it. */
const readPort = async (path: string): Promise<number | null> => {
  const port = Number(await readFile(path, 'utf8').catch(() => ''))
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}
