import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { ulid } from 'ulid'
import type { TerminalId } from '../../../../shared/lib/ids.ts'
import type { TerminalSpec } from '../../../../shared/pty-protocol/terminals.ts'
import type { TerminalFrame } from '../../../../shared/terminal/frames.ts'
import { createPtyClient, type PtyClient, type PtyEvent } from './pty-client.ts'
import { isProcessAlive } from '../processes.ts'
import { readAddress } from './pty-host-files.ts'

export const hostEntry = resolve(import.meta.dirname, '../../../pty-host.ts')
/** Whether the process does anything yet. One that ended stays in the table until its parent has asked for its status. */
export const isRunning = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    // ENOENT, ESRCH: gone.
    return false
  }
}

export const newTerminalId = () => `trm_${ulid()}` as TerminalId

export interface TestHost {
  readonly dataDir: string
  readonly client: PtyClient
  readonly events: PtyEvent[]
  /** Another client of the same host, as after a restart of the app. */
  newClient(): PtyClient
  hostPid(): Promise<number>
  start(argv: readonly string[], more?: Partial<TerminalSpec>): Promise<TerminalId>
  /** Resolves with the event once it has come, also when it came before. */
  event<Kind extends PtyEvent['kind']>(
    kind: Kind,
    matches?: (event: Extract<PtyEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<PtyEvent, { kind: Kind }>>
  [Symbol.asyncDispose](): Promise<void>
}

export const newTestClient = (dataDir: string): PtyClient =>
  createPtyClient({
    dataDir,
    entry: hostEntry,
    execPath: process.execPath,
    execArgv: [],
    environment: {},
    log: pino({ enabled: false }),
  })

/** A real PTY host on a folder of its own, and a client of it. Ends with everything it started. */
export const openTestHost = async (dataDir = mkdtempSync(join(tmpdir(), 'switchyard-pty-'))): Promise<TestHost> => {
  const clients: PtyClient[] = []
  const newClient = () => {
    const client = newTestClient(dataDir)
    clients.push(client)
    return client
  }
  const client = newClient()
  const events: PtyEvent[] = []
  const waiting = new Set<() => void>()
  client.onEvent((event) => {
    events.push(event)
    for (const look of waiting) look()
  })
  await client.connect()

  return {
    dataDir,
    client,
    events,
    newClient,
    hostPid: async () => (await readAddress(dataDir))?.pid ?? 0,
    async start(argv, more = {}) {
      const terminalId = newTerminalId()
      await client.start({ ...specOf(dataDir), argv: [...argv], ...more, terminalId })
      return terminalId
    },
    event: (kind, matches = () => true) =>
      new Promise((found) => {
        const look = () => {
          const event = events.find((one) => one.kind === kind && matches(one as never))
          if (!event) return
          waiting.delete(look)
          found(event as never)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      const pid = (await readAddress(dataDir))?.pid
      if (pid !== undefined && isProcessAlive(pid)) await newClient().shutdownHost(0)
      for (const one of clients) await one.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export const specOf = (dataDir: string): Omit<TerminalSpec, 'terminalId' | 'argv'> => ({
  cwd: dataDir,
  env: { PATH: process.env.PATH ?? '', HOME: dataDir, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
  cols: 80,
  rows: 24,
  scrollbackRows: 5000,
})

export interface TestViewer {
  readonly frames: TerminalFrame[]
  /** Resolves when the stream ends, with the error it ended by. */
  readonly done: Promise<unknown>
  /** Resolves once the text seen so far, snapshots included, matches. */
  text(pattern: RegExp): Promise<string>
  frame<Kind extends TerminalFrame['kind']>(kind: Kind): Promise<Extract<TerminalFrame, { kind: Kind }>>
  detach(): void
}

/** Attaches and reads frames, acknowledging each at once unless told otherwise. */
export const view = (
  client: PtyClient,
  terminalId: TerminalId,
  { acknowledges = true, windowId = 'window-1', isFocused = false, viewerId = `viewer-${ulid()}` } = {},
): TestViewer => {
  const frames: TerminalFrame[] = []
  const abort = new AbortController()
  const waiting = new Set<() => void>()
  const read = async () => {
    for await (const frame of client.attach({ terminalId, viewerId, windowId, isFocused }, abort.signal)) {
      frames.push(frame)
      if (acknowledges && 'text' in frame && frame.text !== '') void client.acknowledge(viewerId, frame.text.length)
      for (const look of waiting) look()
    }
  }
  const when = <Value>(look: () => Value | undefined) =>
    new Promise<Value>((found) => {
      const again = () => {
        const value = look()
        if (value === undefined) return
        waiting.delete(again)
        found(value)
      }
      waiting.add(again)
      again()
    })
  const textOf = () => frames.map((frame) => ('text' in frame ? frame.text : '')).join('')
  return {
    frames,
    done: read().then(
      () => null,
      (error: unknown) => error,
    ),
    text: (pattern) => when(() => (pattern.test(textOf()) ? textOf() : undefined)),
    frame: <Kind extends TerminalFrame['kind']>(kind: Kind) =>
      when(() => frames.find((frame) => frame.kind === kind) as Extract<TerminalFrame, { kind: Kind }> | undefined),
    detach: () => abort.abort(),
  }
}
