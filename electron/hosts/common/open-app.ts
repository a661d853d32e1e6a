import { readFile, writeFile } from 'node:fs/promises'
import { startGateway } from '../../agent-gateway/start-gateway.ts'
import { createBackend, type BackendOptions } from '../../backend/create-backend.ts'

export type App = Awaited<ReturnType<typeof openApp>>

/** The backend with its agent gateway: what both hosts put a page in front of. */
export const openApp = async (options: BackendOptions) => {
  const backend = await createBackend(options)
  const { agents, log } = backend
  const gateway = await startGateway({
    authenticate: agents.authenticate,
    handleHook: agents.handleHook,
    runVerb: agents.runVerb,
    version: options.version,
    log,
    preferredPort: await readPort(agents.portFile),
  }).catch(async (error: unknown) => {
    await backend.close()
    throw error
  })
  await writeFile(agents.portFile, String(gateway.port), { mode: 0o600 })
  await agents.setGatewayUrl(gateway.url)
  return {
    router: backend.router,
    log,
    notice: backend.notice,
    ready: backend.ready,
    close: async () => {
      await gateway.close()
      await backend.close()
    },
  }
}

/** The port of last time, so that agents which outlived the app still reach it. */
const readPort = async (path: string): Promise<number | null> => {
  const port = Number(await readFile(path, 'utf8').catch(() => ''))
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}
