import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { WebSocketServer } from 'ws'
import { api } from '../../shared/contract/api.ts'
import type { Change, ChangesItem, Snapshot } from '../../shared/contract/changes.ts'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { launchTerminal, type Launch, type LiveTerminal } from './terminals.ts'
import { terminalIdAt, terminalRow } from './rows.ts'

export interface PageBackend {
  readonly origin: string
  readonly terminals: ReadonlyMap<TerminalId, LiveTerminal>
  readonly state: Snapshot
  readonly launch: (id: TerminalId, launch: Launch) => LiveTerminal
  /** Tells every page of a changed row. */
  readonly publish: (...changes: Pick<Change, 'topic' | 'payload'>[]) => void
  /** Breaks every connection; the pages come back by themselves. */
  readonly breakConnections: () => void
  /** What the page asked for beside terminals, as `feature.verb` with its input. */
  readonly calls: (readonly [string, unknown])[]
  readonly close: () => Promise<void>
}

interface PageBackendOptions {
  readonly rendererDir: string
  readonly state: Snapshot
  /** What a new shell runs. */
  readonly shell: () => Launch
}

/** A backend that knows only terminals, sessions and settings: enough for the page to be itself. */
export const startPageBackend = async ({ rendererDir, state, shell }: PageBackendOptions): Promise<PageBackend> => {
  const terminals = new Map<TerminalId, LiveTerminal>()
  const listeners = new Set<(item: ChangesItem) => void>()
  const calls: [string, unknown][] = []
  let seq = 0
  let shells = 900
  const publish: PageBackend['publish'] = (...changes) => {
    const stamped = changes.map((change) => ({ ...change, seq: (seq += 1), at: Date.now() }) as Change)
    for (const change of stamped) remember(state, change)
    for (const listener of listeners) listener({ kind: 'changes', changes: stamped })
  }
  const launch: PageBackend['launch'] = (id, one) => {
    const terminal = launchTerminal(one)
    terminals.set(id, terminal)
    return terminal
  }
  const note = (name: string, input: unknown) => void calls.push([name, input])
  const router = routerOf({
    terminals,
    note,
    subscribe: (signal) => follow(listeners, { kind: 'snapshot', seq, state: structuredClone(state) }, signal),
    set: (setting) => publish({ topic: 'settings.changed', payload: setting }),
    openShell: (sessionId) => {
      shells += 1
      const id = terminalIdAt(shells)
      const one = shell()
      launch(id, one)
      publish({ topic: 'terminals.changed', payload: terminalRow(shells, one.cwd, { sessionId, kind: 'shell' }) })
      return { terminalId: id }
    },
    closeTerminal: (id) => {
      terminals.get(id)?.kill()
      terminals.delete(id)
      publish({ topic: 'terminals.removed', payload: { id } })
    },
  })
  const server = createServer((request, response) => {
    void answer(rendererDir, request.url ?? '/', request.headers.host ?? '').then(({ status, headers, body }) => {
      response.writeHead(status, headers)
      response.end(body)
    })
  })
  const sockets = new WebSocketServer({ server, path: '/rpc', handleProtocols: () => 'switchyard.v1' })
  const handler = new RPCHandler(router as never)
  sockets.on('connection', (socket) => void handler.upgrade(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    terminals,
    state,
    launch,
    publish,
    calls,
    breakConnections: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
    close: () => close(server, sockets, terminals),
  }
}

interface RouterParts {
  readonly terminals: ReadonlyMap<TerminalId, LiveTerminal>
  readonly note: (name: string, input: unknown) => void
  readonly subscribe: (signal: AbortSignal | undefined) => AsyncGenerator<ChangesItem, void, void>
  readonly set: (setting: Snapshot['settings'][number]) => void
  readonly openShell: (sessionId: Snapshot['sessions'][number]['id']) => { readonly terminalId: TerminalId }
  readonly closeTerminal: (id: TerminalId) => void
}

const routerOf = (parts: RouterParts) => {
  const { terminals, note } = parts
  const os = implement(api)
  const live = (id: TerminalId) => {
    const terminal = terminals.get(id)
    if (terminal === undefined) throw new Error(`No terminal ${id}.`)
    return terminal
  }
  return {
    changes: { subscribe: os.changes.subscribe.handler(({ signal }) => parts.subscribe(signal)) },
    settings: {
      set: os.settings.set.handler(({ input }) => {
        parts.set(input)
        note('settings.set', input)
      }),
    },
    host: {
      info: os.host.info.handler(() => ({
        kind: 'web' as const,
        platform: 'linux',
        version: '0.1.0',
        canPickFolder: false,
        home: '/home/test',
        git: { version: '2.47.0', problem: null },
        shell: { path: '/bin/bash', variables: 20, ms: 12, problem: null },
      })),
      openInEditor: os.host.openInEditor.handler(({ input }) => note('host.openInEditor', input)),
    },
    sessions: {
      markSeen: os.sessions.markSeen.handler(({ input }) => note('sessions.markSeen', input)),
      openShell: os.sessions.openShell.handler(({ input }) => parts.openShell(input.sessionId)),
    },
    terminals: {
      attach: os.terminals.attach.handler(({ input, signal }) => live(input.terminalId).attach(signal)),
      acknowledge: os.terminals.acknowledge.handler(({ input }) => note('terminals.acknowledge', input)),
      focus: os.terminals.focus.handler(({ input }) => note('terminals.focus', input)),
      write: os.terminals.write.handler(({ input }) => {
        live(input.terminalId).write(input.windowId, input.seq, input.data)
      }),
      resize: os.terminals.resize.handler(({ input }) => {
        live(input.terminalId).resize(input.cols, input.rows)
      }),
      setPalette: os.terminals.setPalette.handler(({ input }) => note('terminals.setPalette', input)),
      close: os.terminals.close.handler(({ input }) => {
        parts.closeTerminal(input.terminalId)
      }),
      text: os.terminals.text.handler(async ({ input }) => ({ text: await live(input.terminalId).text() })),
    },
  }
}

async function* follow(
  listeners: Set<(item: ChangesItem) => void>,
  first: ChangesItem,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangesItem, void, void> {
  const queue: ChangesItem[] = [first]
  let wake = () => {}
  const listener = (item: ChangesItem) => {
    queue.push(item)
    wake()
  }
  listeners.add(listener)
  signal?.addEventListener('abort', () => wake())
  try {
    while (signal?.aborted !== true) {
      const item = queue.shift()
      if (item !== undefined) yield item
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    listeners.delete(listener)
  }
}

/** Keeps the snapshot right for pages that come back. */
const remember = (state: Snapshot, change: Change) => {
  const put = <Row>(rows: Row[], row: Row, idOf: (row: Row) => string) => {
    const at = rows.findIndex((other) => idOf(other) === idOf(row))
    if (at === -1) rows.push(row)
    else rows[at] = row
  }
  const drop = (rows: { readonly id: string }[], id: string) => {
    const at = rows.findIndex((row) => row.id === id)
    if (at !== -1) rows.splice(at, 1)
  }
  if (change.topic === 'settings.changed') put(state.settings, change.payload, (row) => row.key)
  if (change.topic === 'sessions.changed') put(state.sessions, change.payload, (row) => row.id)
  if (change.topic === 'terminals.changed') put(state.terminals, change.payload, (row) => row.id)
  if (change.topic === 'worktrees.changed') put(state.worktrees, change.payload, (row) => row.id)
  if (change.topic === 'sessions.removed') drop(state.sessions, change.payload.id)
  if (change.topic === 'terminals.removed') drop(state.terminals, change.payload.id)
}

// The policy under which the app serves its page: what the page cannot do there it must not do here.
const policyOf = (host: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' ws://${host}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
}

const answer = async (rendererDir: string, url: string, host: string) => {
  if (url.startsWith('/auth/')) {
    const body = JSON.stringify({ ticket: 'ticket' })
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  if (url === '/favicon.ico') return { status: 204, headers: {}, body: '' }
  const path = normalize(new URL(url, 'http://x').pathname)
  const file = join(rendererDir, path === '/' ? 'index.html' : path)
  const body = await readFile(file).catch(() => null)
  if (body === null) return { status: 404, headers: {}, body: '' }
  const headers = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policyOf(host),
  }
  return { status: 200, headers, body }
}

const close = async (server: Server, sockets: WebSocketServer, terminals: ReadonlyMap<TerminalId, LiveTerminal>) => {
  for (const terminal of terminals.values()) terminal.kill()
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
