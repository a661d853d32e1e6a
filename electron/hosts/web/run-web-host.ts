import { openApp } from '../common/open-app.ts'
import type { HostCapabilities } from '../../backend/create-backend.ts'
import { channelPathFor, serveControlChannel } from '../common/control-channel.ts'
import { openInEditor } from '../common/editor.ts'
import type { HostOptions } from '../common/host-options.ts'
import { openProject } from '../common/open-project.ts'
import { takeOrShow, type Start } from '../common/second-start.ts'
import { createWebHost, type WebHost } from './create-web-host.ts'
import { openBrowser } from '../common/open-browser.ts'

export interface WebHostProcess {
  readonly options: HostOptions
  readonly version: string
  readonly home: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly rendererDir: string
  readonly entries: { readonly ptyHost: string; readonly cli: string; readonly resources: string }
  /** Lines for the person who started it. */
  readonly print: (line: string) => void
  readonly printProblem: (line: string) => void
  /** Called once, when the person quits from the page. */
  readonly onQuit: () => void
}

export type RunningWebHost = {
  /** Prints a link that works for a minute. */
  printLink(): void
  /** Ends the host and leaves the sessions running. */
  close(): Promise<void>
}

/** Starts the web host; answers an exit code instead when another one has the data folder. */
export const runWebHost = async (deps: WebHostProcess): Promise<RunningWebHost | { readonly exitCode: number }> => {
  const { options } = deps
  const start = await takeOrShow(options)
  if (start.kind !== 'owner') return showTheFirst(deps, start)

  const backend = await openApp({
    ...deps,
    dataDir: options.dataDir,
    capabilities: capabilitiesOf(deps),
    onProblem: deps.printProblem,
  })
  if (backend.notice) deps.printProblem(backend.notice)
  const host = await createWebHost({
    router: backend.router,
    log: backend.log,
    dataDir: options.dataDir,
    rendererDir: deps.rendererDir,
    port: options.port,
    now: Date.now,
  }).catch(async (error: unknown) => {
    await backend.close()
    throw explainListenError(error, options.port)
  })
  const channelPath = channelPathFor(options.dataDir)
  const channel = await serveControlChannel(channelPath, async (project) => ({
    kind: 'web',
    url: host.newLink('full'),
    problem: project === null ? null : await openProject(backend.router, project),
  }))
  start.lock.announce({ kind: 'web', channel: channelPath })
  const problem = options.projectDir === null ? null : await openProject(backend.router, options.projectDir)
  if (problem !== null) deps.printProblem(problem)
  await present(deps, host)

  return {
    printLink: () => deps.print(readyLine(host.newLink('full'))),
    close: async () => {
      await channel.close()
      await host.close()
      await backend.close()
      start.lock.release()
    },
  }
}

/** The one line that people and programs wait for. */
const readyLine = (link: string) => `Switchyard is ready at ${link}`

const present = async (deps: WebHostProcess, host: WebHost) => {
  const { dataDir, opensBrowser } = deps.options
  if (opensBrowser) await openBrowser({ link: host.newLink('full'), dataDir, environment: deps.environment })
  // Printed in any case, with a code of its own: a browser may open out of sight, or on another screen.
  deps.print(readyLine(host.newLink('full')))
}

const capabilitiesOf = (deps: WebHostProcess): HostCapabilities => ({
  kind: 'web',
  pickFolder: null,
  openInEditor: (path, line) => openInEditor(path, line, deps.environment),
  quit: deps.onQuit,
})

const showTheFirst = async (deps: WebHostProcess, start: Exclude<Start, { kind: 'owner' }>) => {
  const { dataDir, opensBrowser } = deps.options
  if (start.kind === 'silent') {
    deps.printProblem(start.text)
    return { exitCode: 1 }
  }
  deps.print(start.text)
  if (start.reply.kind === 'web') {
    const { url } = start.reply
    // The browser that opens spends this code; the page can still be reached by starting once more.
    const opened = opensBrowser && (await openBrowser({ link: url, dataDir, environment: deps.environment }))
    deps.print(opened ? 'It was opened in your browser.' : readyLine(url))
  }
  return { exitCode: 0 }
}

/** The person's words for what stops a server from listening; anything else stays what it is. */
export const explainListenError = (error: unknown, port: number | null): unknown => {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new Error(`Port ${port} is in use by another program. Choose another with --port N, or --port 0 for any.`)
  }
  if (code === 'EACCES') return new Error(`Port ${port} may not be used without more rights. Choose one above 1023.`)
  return error
}
