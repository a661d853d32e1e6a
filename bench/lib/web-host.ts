import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { startKillableBackend } from '../../electron/hosts/common/testing/killable-backend.ts'
import type { ApiClient } from '../../shared/contract/api.ts'
import type { Session } from '../../shared/contract/sessions.ts'
import { hostAddressSchema, hostFiles } from '../../shared/pty-protocol/host-files.ts'
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
  const link = await new Promise<URL>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`The host of ${variant} ended.`)))
    child.stdout.on('data', (chunk: Buffer) => {
      const url = /http:\S+/.exec(chunk.toString())?.[0]
      if (url) resolve(new URL(url))
    })
  })
  const { client, socket, cookie } = await connect(link)
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
      const ended = new Promise((resolve) => backend.process.once('exit', resolve))
      backend.call('host.quit', { stopAll: true }).catch(() => undefined)
      await ended
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

const makeRepository = (home: string): string => {
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

const openShell = async (client: ApiClient, projectId: Session['projectId'], title: string): Promise<Session> => {
  const { id } = await client.sessions.create({
    projectId,
    title,
    prompt: null,
    agentId: 'shell',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: `request-${title}`,
  })
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

/** As the page does it: the code for a cookie, the cookie for a ticket, the ticket for a socket. */
const connect = async (link: URL) => {
  const headers = { origin: link.origin, 'content-type': 'application/json' }
  const code = link.hash.slice('#code='.length)
  const entered = await fetch(new URL('/auth/code', link), { method: 'POST', headers, body: JSON.stringify({ code }) })
  const pair = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const answered = await fetch(new URL('/auth/ticket', link), { method: 'POST', headers: { ...headers, cookie: pair } })
  const { ticket } = (await answered.json()) as { ticket: string }
  const socket = new WebSocket(
    new URL('/rpc', link.origin.replace('http', 'ws')),
    ['switchyard.v1', `ticket.${ticket}`],
    { headers: { cookie: pair, origin: link.origin } },
  )
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  // The link uses only what browsers' sockets and this one have in common; their typings differ in the rest.
  const pageSocket: unknown = socket
  const client: ApiClient = createORPCClient(new RPCLink({ websocket: pageSocket as globalThis.WebSocket }))
  const equals = pair.indexOf('=')
  return { client, socket, cookie: { name: pair.slice(0, equals), value: pair.slice(equals + 1) } }
}
