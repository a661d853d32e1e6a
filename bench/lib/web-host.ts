import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKillableBackend } from '../../electron/hosts/common/testing/killable-backend.ts'
import type { ApiClient } from '../../shared/contract/api.ts'
import type { NewSession, Session } from '../../shared/contract/sessions.ts'
import { hostAddressSchema, hostFiles } from '../../shared/pty-protocol/host-files.ts'
import { connectPage, whenListening } from './page-client.ts'
import { buildVariant, type Variant } from './variants.ts'

/** The real web host with its PTY host, and a client of it. */
export interface BenchHost {
  readonly client: ApiClient
  readonly origin: string
  readonly cookie: { readonly name: string; readonly value: string }
  /** A folder of this host alone. */
  readonly home: string
  readonly openShell: (title: string) => Promise<Session>
  readonly dispose: () => Promise<void>
}

export const startBenchHost = async (variant: Variant): Promise<BenchHost> => {
  const built = await buildVariant(variant)
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `switchyard-bench-${variant}-`)))
  const [home, dataDir] = [join(folder, 'home'), join(folder, 'data')]
  const repository = makeRepository(home)
  const child = spawn(
    process.execPath,
    [join(built, 'dist', 'host', 'web.js'), '--no-open', '--port', '0', '--data', dataDir],
    { env: environmentIn(home), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const leaveNothing = () => {
    child.kill('SIGKILL')
    endPtyHost(dataDir)
  }
  process.once('exit', leaveNothing)
  const link = await whenListening(child)
  const { client, socket, cookie } = await connectPage(link)
  const project = await client.projects.open({ path: repository, initialise: false })
  return {
    client,
    origin: link.origin,
    cookie,
    home,
    openShell: (title) => openShell(client, project.id, title),
    dispose: async () => {
      socket.close()
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
      // The PTY host outlives its host; only a backend can tell it to leave.
      const backend = await startKillableBackend(dataDir, home)
      await backend.quit()
      process.off('exit', leaveNothing)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Of a run that broke off: without its host, programs in terminals are hung up by the system. */
export const endPtyHost = (dataDir: string) => {
  const address = join(dataDir, hostFiles.address)
  if (!existsSync(address)) return
  process.kill(hostAddressSchema.parse(JSON.parse(readFileSync(address, 'utf8'))).pid, 'SIGKILL')
}

/** The size a session's screen has now, as its first frame says. */
export const sizeOf = async ({ client }: BenchHost, { terminalId }: Session) => {
  if (terminalId === null) throw new Error('The session has no terminal.')
  const view = { terminalId, viewerId: 'viewer-size', windowId: 'window-size', isFocused: false }
  for await (const frame of await client.terminals.attach(view))
    if (frame.kind === 'snapshot') return { cols: frame.cols, rows: frame.rows }
  throw new Error('The session showed no screen.')
}

export const environmentIn = (home: string) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  SHELL: '/bin/sh',
  PS1: '$ ',
  LANG: 'C.UTF-8',
})

export const makeRepository = (home: string): string => {
  const repository = join(home, 'repository')
  mkdirSync(repository, { recursive: true })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: repository })
  git('init', '--quiet', '--initial-branch=main')
  writeFileSync(join(repository, 'README.md'), 'a\n')
  git('add', '.')
  git('commit', '--quiet', '--message=Start')
  return repository
}

export const newShell = (projectId: Session['projectId'], title: string): NewSession => ({
  projectId,
  title,
  prompt: null,
  agentId: 'shell',
  model: null,
  permissionMode: null,
  worktree: { kind: 'new-branch', baseRef: null, branch: null },
  requestId: `request-${title}`,
})

const openShell = async (client: ApiClient, projectId: Session['projectId'], title: string): Promise<Session> => {
  const { id } = await client.sessions.create(newShell(projectId, title))
  const started = (sessions: readonly Session[]) =>
    sessions.find((one) => one.id === id && one.runtime.kind === 'alive' && one.terminalId !== null)
  for await (const item of await client.changes.subscribe({ after: null })) {
    const rows =
      item.kind === 'snapshot'
        ? item.state.sessions
        : item.changes.flatMap((change) => (change.topic === 'sessions.changed' ? [change.payload] : []))
    const session = started(rows)
    if (session) return session
  }
  throw new Error(`The shell ${title} did not start.`)
}
