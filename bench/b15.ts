import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import BetterSqlite from 'better-sqlite3'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn as spawnPty } from 'node-pty'
import { WebSocket } from 'ws'
import { startKillableBackend } from '../electron/hosts/common/testing/killable-backend.ts'
import type { ApiClient } from '../shared/contract/api.ts'
import type { Project } from '../shared/contract/projects.ts'
import type { Session } from '../shared/contract/sessions.ts'
import { alternate, resultOf, type Bench, type BenchResult, type Samples } from './lib/alternate.ts'

const sessionCount = 200
const liveCount = 50
const eventCount = 100_000

/** What a person waits for, in milliseconds since the start of the process. */
interface ColdStart {
  readonly listening: number
  readonly usable: number
  readonly attached: number
}

const root = join(import.meta.dirname, '..')

export const bench: Bench = {
  id: 'B15',
  title: `cold start with ${sessionCount} sessions and ${eventCount} events, ${liveCount} of them live`,
  goal: 'listening <= 250 ms, usable <= 700 ms, re-attached <= 1 s',
  run: async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-b15-')))
    const home = join(folder, 'home')
    const dataDir = join(folder, 'data')
    const tmuxSocket = join(folder, 'tmux')
    await prepare(home, dataDir)
    startTmux(tmuxSocket, home)
    const starts: ColdStart[] = []
    const samples = await alternate({
      node: () => timeBareNode(),
      tmux: () => timeTmuxAttach(tmuxSocket, home),
      listening: async () => {
        const start = await timeColdStart(home, dataDir)
        starts.push(start)
        return start.listening
      },
      usable: async () => starts.at(-1)?.usable ?? Number.NaN,
      attached: async () => starts.at(-1)?.attached ?? Number.NaN,
    })
    await cleanUp(folder, home, dataDir, tmuxSocket)
    return [
      row('listening', samples.listening, 'node', samples.node, 250),
      row('usable', samples.usable, 'node', samples.node, 700),
      row(`${liveCount} re-attached`, samples.attached, 'tmux', samples.tmux, 1000),
    ]
  },
}

const row = (name: string, ours: Samples, peerName: string, peer: Samples, goalMs: number): BenchResult =>
  resultOf(
    { [name]: ours, [peerName]: peer },
    { ratio: ours.median / peer.median, ok: ours.median <= goalMs, unit: 'ms' },
  )

const prepare = async (home: string, dataDir: string) => {
  const repository = join(home, 'repository')
  mkdirSync(repository, { recursive: true })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: repository })
  git('init', '--quiet', '--initial-branch=main')
  writeFileSync(join(repository, 'README.md'), 'a\n')
  git('add', '.')
  git('commit', '--quiet', '--message=Start')
  const backend = await startKillableBackend(dataDir, home)
  const project = await backend.call<Project>('projects.open', { path: repository, initialise: false })
  for (let n = 0; n < sessionCount; n += 1) {
    const session = await backend.call<Session>('sessions.create', {
      projectId: project.id,
      title: `session ${n}`,
      prompt: null,
      agentId: 'shell',
      model: null,
      permissionMode: null,
      worktree: { kind: 'new-branch', baseRef: null, branch: null },
      requestId: `request-${n}`,
    })
    for (;;) {
      const { state } = await backend.snapshot()
      if (state.sessions.find(({ id }) => id === session.id)?.runtime.kind === 'alive') break
    }
    if (n >= liveCount) await backend.call('sessions.stop', { sessionId: session.id })
  }
  await backend.kill()
  const database = new BetterSqlite(join(dataDir, 'switchyard.db'))
  const insert = database.prepare(
    `INSERT INTO events (at, topic, subject, command, actor, payload) VALUES (?, 'settings.changed', 'draft:bench', 'bench', 'system:bench', ?)`,
  )
  database.transaction(() => {
    for (let n = 0; n < eventCount; n += 1) insert.run(Date.now(), JSON.stringify({ key: 'draft:bench', value: n }))
  })()
  database.close()
}

const environment = (home: string) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  SHELL: '/bin/sh',
  LANG: 'C.UTF-8',
})

const startHost = (home: string, dataDir: string): ChildProcess =>
  spawn(process.execPath, [join(root, 'dist', 'host', 'web.js'), '--no-open', '--port', '0', '--data', dataDir], {
    env: environment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const timeColdStart = async (home: string, dataDir: string): Promise<ColdStart> => {
  const begun = performance.now()
  const since = () => performance.now() - begun
  const host = startHost(home, dataDir)
  const link = await new Promise<URL>((resolve) => {
    host.stdout!.on('data', (chunk: Buffer) => {
      const url = /http:\S+/.exec(chunk.toString())?.[0]
      if (url) resolve(new URL(url))
    })
  })
  const listening = since()
  const { client, socket } = await connect(link)
  const terminalIds: string[] = []
  for await (const item of await client.changes.subscribe({ after: null })) {
    if (item.kind === 'snapshot') {
      for (const { terminalId, runtime } of item.state.sessions) {
        if (terminalId && runtime.kind === 'alive') terminalIds.push(terminalId)
      }
    }
    break
  }
  const usable = since()
  if (terminalIds.length !== liveCount) throw new Error(`${terminalIds.length} sessions live, not ${liveCount}.`)
  await Promise.all(terminalIds.map((id, n) => showOnce(client, id, `viewer-${n}-b15`)))
  const attached = since()
  socket.close()
  host.kill('SIGKILL')
  await new Promise((resolve) => host.once('exit', resolve))
  return { listening, usable, attached }
}

const showOnce = async (client: ApiClient, terminalId: string, viewerId: string) => {
  const view = { terminalId: terminalId as never, viewerId, windowId: 'window-b15', isFocused: false }
  for await (const frame of await client.terminals.attach(view)) if (frame.kind === 'snapshot') return
}

/** As the page does it: the code for a cookie, the cookie for a ticket, the ticket for a socket. */
const connect = async (link: URL): Promise<{ client: ApiClient; socket: WebSocket }> => {
  const headers = { origin: link.origin, 'content-type': 'application/json' }
  const code = link.hash.slice('#code='.length)
  const entered = await fetch(new URL('/auth/code', link), { method: 'POST', headers, body: JSON.stringify({ code }) })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const answered = await fetch(new URL('/auth/ticket', link), { method: 'POST', headers: { ...headers, cookie } })
  const { ticket } = (await answered.json()) as { ticket: string }
  const socket = new WebSocket(
    new URL('/rpc', link.origin.replace('http', 'ws')),
    ['switchyard.v1', `ticket.${ticket}`],
    {
      headers: { cookie, origin: link.origin },
    },
  )
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  // The link uses only what browsers' sockets and this one have in common; their typings differ in the rest.
  const pageSocket: unknown = socket
  const client: ApiClient = createORPCClient(new RPCLink({ websocket: pageSocket as globalThis.WebSocket }))
  return { client, socket }
}

const timeBareNode = async (): Promise<number> => {
  const begun = performance.now()
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  return performance.now() - begun
}

const tmux = (socket: string, home: string, ...args: string[]) =>
  execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
    env: { ...environment(home), TERM: 'xterm-256color' },
  })

const startTmux = (socket: string, home: string) => {
  for (let n = 0; n < liveCount; n += 1)
    tmux(socket, home, 'new-session', '-d', '-s', `s${n}`, '-x', '120', '-y', '32', '/bin/sh')
}

/** Fifty clients at once, each until it has drawn. */
const timeTmuxAttach = async (socket: string, home: string): Promise<number> => {
  const begun = performance.now()
  const env = { ...environment(home), TERM: 'xterm-256color' }
  const clients = Array.from({ length: liveCount }, (_, n) =>
    spawnPty('tmux', ['-S', socket, 'attach', '-t', `s${n}`], { cols: 120, rows: 32, env }),
  )
  await Promise.all(
    clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.onData((text) => {
            // The status line is drawn last.
            if (text.includes('[s')) resolve()
          })
        }),
    ),
  )
  const ms = performance.now() - begun
  await Promise.all(
    clients.map((client) => {
      const ended = new Promise<void>((resolve) => client.onExit(() => resolve()))
      client.kill()
      return ended
    }),
  )
  return ms
}

const cleanUp = async (folder: string, home: string, dataDir: string, tmuxSocket: string) => {
  tmux(tmuxSocket, home, 'kill-server')
  const backend = await startKillableBackend(dataDir, home)
  const ended = new Promise((resolve) => backend.process.once('exit', resolve))
  void backend.call('host.quit', { stopAll: true })
  await ended
  rmSync(folder, { recursive: true, force: true })
}
