import * as nodePty from 'node-pty'
import type { TerminalId } from '../../../shared/lib/ids.ts'
import type { PtyClient, PtyEvent, StartedTerminal } from '../adapters/pty/pty-client.ts'
import { readProcessStart } from '../adapters/processes.ts'

interface Terminal {
  info: StartedTerminal
  readonly pty: nodePty.IPty
  output: string
  readonly ended: Promise<void>
}

export interface LocalPty {
  /** A client of its own for each start of the app; the terminals stay. */
  connect(): PtyClient
  readonly started: TerminalId[]
  output(id: TerminalId): string
  type(id: TerminalId, text: string): void
  pid(id: TerminalId): number
  has(id: TerminalId): boolean
  whenEnded(id: TerminalId): Promise<void>
  /** Called after each output of any terminal. */
  onOutput(listener: () => void): () => void
  /** Ends everything, as the end of the host would. */
  die(): Promise<void>
}

/** Real terminals that outlive the app's objects as the PTY host outlives the app, without its process. */
export const createLocalPty = (): LocalPty => {
  const terminals = new Map<TerminalId, Terminal>()
  const listeners = new Set<(event: PtyEvent) => void>()
  const outputListeners = new Set<() => void>()
  const started: TerminalId[] = []
  const tell = (event: PtyEvent) => {
    for (const listener of listeners) listener(event)
  }
  const need = (id: TerminalId) => {
    const terminal = terminals.get(id)
    if (!terminal) throw new Error(`There is no terminal ${id}.`)
    return terminal
  }

  const start: PtyClient['start'] = async (spec) => {
    const known = terminals.get(spec.terminalId)
    if (known) return { ...known.info, isNew: false }
    const [file = '', ...args] = spec.argv
    const pty = nodePty.spawn(file, args, { cwd: spec.cwd, env: spec.env, cols: spec.cols, rows: spec.rows })
    started.push(spec.terminalId)
    const { promise, resolve } = Promise.withResolvers<void>()
    const terminal: Terminal = { info: infoOf(spec, pty.pid), pty, output: '', ended: promise }
    terminals.set(spec.terminalId, terminal)
    pty.onData((data) => {
      terminal.output += data
      for (const listener of outputListeners) listener()
      // oxlint-disable-next-line no-control-regex -- the sequence that sets a title
      for (const [, title = ''] of data.matchAll(/\u001b\]0;([^\u0007]*)\u0007/g))
        tell({ kind: 'title', terminalId: spec.terminalId, title })
    })
    pty.onExit(({ exitCode, signal }) => {
      const code = signal ? null : exitCode
      const name = signal ? `SIG${signal}` : null
      terminal.info = { ...terminal.info, runtime: { kind: 'exited', code, signal: name, at: Date.now() } }
      tell({ kind: 'exited', terminalId: spec.terminalId, code, signal: name, at: Date.now() })
      resolve()
    })
    terminal.info = { ...terminal.info, startTime: await readProcessStart(pty.pid) }
    return terminal.info
  }

  const stop = async (id: TerminalId, graceMs: number) => {
    const terminal = terminals.get(id)
    if (!terminal || terminal.info.runtime.kind !== 'alive') return
    terminal.pty.kill('SIGTERM')
    const timer = setTimeout(() => terminal.pty.kill('SIGKILL'), graceMs)
    await terminal.ended
    clearTimeout(timer)
  }

  const client = (): PtyClient => {
    const mine = new Set<(event: PtyEvent) => void>()
    return {
      connect: async () => undefined,
      start,
      list: async () => [...terminals.values()].map(({ info }) => info),
      write: async ({ terminalId, data }) => {
        need(terminalId).pty.write(data)
        return true
      },
      // There is no screen to look at.
      readInputPlace: async () => null,
      writeUnlessTouched: async () => null,
      stop: async (id, { graceMs }) => {
        await stop(id, graceMs)
        return { ended: [], killed: [], remaining: [] }
      },
      forget: async (id) => void terminals.delete(id),
      readScreenText: async (id) => terminals.get(id)?.output ?? '',
      onEvent: (listener) => {
        listeners.add(listener)
        mine.add(listener)
        return () => void listeners.delete(listener)
      },
      close: async () => {
        for (const listener of mine) listeners.delete(listener)
      },
      resize: async () => undefined,
      focus: async () => undefined,
      acknowledge: async () => undefined,
      setPalette: async () => undefined,
      findSurvivors: async () => [],
      endSurvivors: async () => undefined,
      shutdownHost: async () => undefined,
      keepPort: async () => ({ kind: 'unable' }),
      attach: () => {
        throw new Error('Sessions attach no views.')
      },
    }
  }

  return {
    connect: client,
    started,
    output: (id) => need(id).output,
    type: (id, text) => need(id).pty.write(text),
    pid: (id) => need(id).pty.pid,
    has: (id) => terminals.has(id),
    whenEnded: (id) => need(id).ended,
    onOutput: (listener) => {
      outputListeners.add(listener)
      return () => void outputListeners.delete(listener)
    },
    die: async () => {
      await Promise.all([...terminals.keys()].map((id) => stop(id, 0)))
      terminals.clear()
    },
  }
}

const infoOf = (spec: Parameters<PtyClient['start']>[0], pid: number): StartedTerminal => ({
  terminalId: spec.terminalId,
  pid,
  startTime: null,
  bootId: null,
  runtime: { kind: 'alive' },
  title: '',
  cwd: spec.cwd,
  cols: spec.cols,
  rows: spec.rows,
  startedAt: Date.now(),
  lastOutputAt: null,
  lastInputAt: null,
  outputUnits: 0,
  isNew: true,
})
