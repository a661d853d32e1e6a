import BetterSqlite from 'better-sqlite3'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn as spawnPty } from 'node-pty'
import { startKillableBackend } from '../electron/hosts/common/testing/killable-backend.ts'
import type { ApiClient } from '../shared/contract/api.ts'
import type { Project } from '../shared/contract/projects.ts'
import type { Session } from '../shared/contract/sessions.ts'
import { alternate, resultOf, type Bench, type BenchResult, type Samples } from './lib/alternate.ts'
import { connectPage, whenListening } from './lib/page-client.ts'
import { environmentIn, makeRepository, newShell } from './lib/web-host.ts'

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
  goal: 'listening <= 250 ms, usable <= 700 ms, re-attached <= 1 s; listening after a kill is shown',
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
        const start = await timeColdStart(home, dataDir, 'SIGTERM')
        starts.push(start)
        return start.listening
      },
      usable: async () => starts.at(-1)?.usable ?? Number.NaN,
      attached: async () => starts.at(-1)?.attached ?? Number.NaN,
      afterKill: async () => {
        await timeColdStart(home, dataDir, 'SIGKILL')
        return (await timeColdStart(home, dataDir, 'SIGTERM')).listening
      },
    })
    await cleanUp(folder, home, dataDir, tmuxSocket)
    return [
      row('listening', samples.listening, 'node', samples.node, 250),
      // The whole database is checked then. Shown without a goal of its own.
      row('listening after a kill', samples.afterKill, 'node', samples.node, Number.POSITIVE_INFINITY),
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
  const repository = makeRepository(home)
  const backend = await startKillableBackend(dataDir, home)
  const project = await backend.call<Project>('projects.open', { path: repository, initialise: false })
  for (let n = 0; n < sessionCount; n += 1) {
    const { id } = await backend.call<Session>('sessions.create', newShell(project.id, `session ${n}`))
    await backend.whenSession(id, ({ runtime }) => runtime.kind === 'alive')
    if (n < liveCount) continue
    await backend.call('sessions.stop', { sessionId: id })
    await backend.whenSession(id, ({ runtime }) => runtime.kind === 'exited')
  }
  // Beside the backend: the last to close a database takes its log away, and who was killed is thought to have lost it.
  const database = new BetterSqlite(join(dataDir, 'switchyard.db'))
  const insert = database.prepare(
    `INSERT INTO events (at, topic, subject, command, actor, payload) VALUES (?, 'settings.changed', 'draft:bench', 'bench', 'system:bench', ?)`,
  )
  database.transaction(() => {
    for (let n = 0; n < eventCount; n += 1) insert.run(Date.now(), JSON.stringify({ key: 'draft:bench', value: n }))
  })()
  database.close()
  await backend.kill()
}

const startHost = (home: string, dataDir: string): ChildProcess =>
  spawn(process.execPath, [join(root, 'dist', 'host', 'web.js'), '--no-open', '--port', '0', '--data', dataDir], {
    env: environmentIn(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** `end`: how the host is ended afterwards, which decides what its next start has to do. */
const timeColdStart = async (home: string, dataDir: string, end: 'SIGTERM' | 'SIGKILL'): Promise<ColdStart> => {
  const begun = performance.now()
  const since = () => performance.now() - begun
  const host = startHost(home, dataDir)
  const link = await whenListening(host)
  const listening = since()
  const { client, socket } = await connectPage(link)
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
  host.kill(end)
  await new Promise((resolve) => host.once('exit', resolve))
  return { listening, usable, attached }
}

const showOnce = async (client: ApiClient, terminalId: string, viewerId: string) => {
  const view = { terminalId: terminalId as never, viewerId, windowId: 'window-b15', isFocused: false }
  for await (const frame of await client.terminals.attach(view)) if (frame.kind === 'snapshot') return
}

const timeBareNode = async (): Promise<number> => {
  const begun = performance.now()
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  return performance.now() - begun
}

const tmux = (socket: string, home: string, ...args: string[]) =>
  execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
    env: { ...environmentIn(home), TERM: 'xterm-256color' },
  })

const startTmux = (socket: string, home: string) => {
  for (let n = 0; n < liveCount; n += 1)
    tmux(socket, home, 'new-session', '-d', '-s', `s${n}`, '-x', '120', '-y', '32', '/bin/sh')
}

/** Fifty clients at once, each until it has drawn. */
const timeTmuxAttach = async (socket: string, home: string): Promise<number> => {
  const begun = performance.now()
  const env = { ...environmentIn(home), TERM: 'xterm-256color' }
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
  await backend.quit()
  rmSync(folder, { recursive: true, force: true })
}
