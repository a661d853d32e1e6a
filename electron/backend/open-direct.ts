import type { Holder } from '../../shared/contract/task-rows.ts'
import { readBootId, readProcessStart } from './adapters/processes.ts'
import { createPtyClient } from './adapters/pty/pty-client.ts'
import { createFeatures } from './create-features.ts'
import { openKernel } from './kernel/open-kernel.ts'

export interface DirectOptions {
  readonly dataDir: string
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly entries: { readonly ptyHost: string; readonly cli: string; readonly resources: string }
}

export type Direct = Awaited<ReturnType<typeof openDirect>>

/**
 * The services on the database itself, for a command while the app is closed. The caller holds the data folder, as the app
 * does while it runs; what is to be done besides (intents, deaths, expiries) is left to the next start of the app.
 */
const openDirect = async (options: DirectOptions) => {
  const kernel = await openKernel(options.dataDir, false)
  const node = { path: process.execPath, needsRunAsNode: process.versions['electron'] !== undefined }
  // Connects when it is first used, which no command does.
  const pty = createPtyClient({
    dataDir: options.dataDir,
    entry: options.entries.ptyHost,
    execPath: node.path,
    execArgv: [],
    environment: {},
    log: kernel.log,
  })
  const capabilities = {
    kind: 'web',
    pickFolder: null,
    openInEditor: async () => false,
    quit: () => undefined,
  } as const
  const features = await createFeatures({ ...options, kernel, pty, node, capabilities, isDirect: true })
  const { tasks, leases, mail, asks, sessions, terminals, checks, suspend, hooks, teams, verbs } = features
  return {
    tasks,
    newId: kernel.newId,
    /** The session that a token was given to, as long as its agent was not seen to end. */
    findTokenHolder: (token: string) => kernel.database.read((tx) => sessions.findTokenHolder(tx, token)),
    runVerb: verbs.runVerb,
    runPersonVerb: verbs.runPersonVerb,
    close: async () => {
      await suspend.stop()
      hooks.close()
      teams.close()
      mail.close()
      await leases.close()
      asks.close()
      sessions.close()
      await checks.close()
      terminals.dispose()
      await pty.close()
      await kernel.close()
    },
  }
}

/** Opens them for one piece of work and has closed them when this ends, however it ends. */
export const withDirect = async <Value>(
  options: DirectOptions,
  work: (direct: Direct) => Promise<Value>,
): Promise<Value> => {
  const direct = await openDirect(options)
  const [outcome] = await Promise.allSettled([work(direct)])
  await direct.close()
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/** This very process as the holder of an attempt: its death is known for sure, whatever gets its number later. */
export const holderOfThisProcess = async (label: string): Promise<Holder> => ({
  kind: 'process',
  pid: process.pid,
  startTime: (await readProcessStart(process.pid)) ?? '',
  bootId: await readBootId(),
  label,
})
