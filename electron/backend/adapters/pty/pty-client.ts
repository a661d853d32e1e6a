import type { HostEvent } from '../../../../shared/pty-protocol/messages.ts'
import type { z } from 'zod'
import {
  guardedWriteSchema,
  inputPlaceSchema,
  keptPortSchema,
  startedTerminalSchema,
  stopResultSchema,
  survivorSchema,
  terminalInfoSchema,
  type GuardedWrite,
  type InputPlace,
  type Palette,
  type StartedTerminal,
  type StopResult,
  type Survivor,
  type TerminalInfo,
  type TerminalSpec,
} from '../../../../shared/pty-protocol/terminals.ts'
import { windowOfFrames } from './frame-stream.ts'
import type { TerminalFrame } from '../../../../shared/terminal/frames.ts'
import { isRefusedWith, PtyHostError } from './pty-errors.ts'
import { createHostLink, type HostLink } from './pty-host-link.ts'
import { readSavedScreen } from './pty-host-files.ts'
import type { PtyHostLaunch } from './pty-host-process.ts'
import type { Log } from '../../kernel/log.ts'

export type { StartedTerminal, TerminalInfo } from '../../../../shared/pty-protocol/terminals.ts'

export type PtyEvent =
  | HostEvent
  | { readonly kind: 'host-connected' }
  /** The host died with these terminals alive; their programs were hung up by the system. */
  | { readonly kind: 'host-lost'; readonly terminalIds: readonly TerminalId[] }

export interface ViewRequest {
  readonly terminalId: TerminalSpec['terminalId']
  readonly viewerId: string
  readonly windowId: string
  readonly isFocused: boolean
}

export interface InputPiece {
  readonly terminalId: TerminalSpec['terminalId']
  readonly writerId: string
  readonly seq: number
  readonly data: string
}

export interface GuardedPiece {
  readonly terminalId: TerminalSpec['terminalId']
  readonly data: string
  readonly inputs: number
  /** Null where what the program prints does not matter. */
  readonly outputUnits: number | null
}

type TerminalId = TerminalSpec['terminalId']

/** The backend's side of the PTY host. Every call connects first, and starts the host when there is none. */
export interface PtyClient {
  connect(): Promise<void>
  start(spec: TerminalSpec): Promise<StartedTerminal>
  list(): Promise<readonly TerminalInfo[]>
  /** Answers false when the program has ended. A repeat of a sequence number is taken and ignored. */
  write(piece: InputPiece): Promise<boolean>
  /** Where the program reads; null when it does not run, or its host is too old to say. */
  readInputPlace(terminalId: TerminalId): Promise<InputPlace | null>
  /** Null when the program does not run, does not read, or its host is too old to be trusted with it. */
  writeUnlessTouched(piece: GuardedPiece): Promise<GuardedWrite | null>
  resize(terminalId: TerminalId, cols: number, rows: number): Promise<void>
  focus(windowId: string, terminalId: TerminalId | null): Promise<void>
  /** Frames until the signal aborts; the last saved screen when the host does not know the terminal any more. */
  attach(view: ViewRequest, signal: AbortSignal | undefined): AsyncGenerator<TerminalFrame, void, void>
  acknowledge(viewerId: string, units: number): Promise<void>
  stop(terminalId: TerminalId, options: { readonly graceMs: number }): Promise<StopResult>
  forget(terminalId: TerminalId): Promise<void>
  setPalette(palette: Palette): Promise<void>
  readScreenText(terminalId: TerminalId): Promise<string>
  /** Processes of terminals whose host died, that outlived it. */
  findSurvivors(terminalIds: readonly TerminalId[]): Promise<readonly Survivor[]>
  endSurvivors(terminalIds: readonly TerminalId[], graceMs: number): Promise<void>
  /** Has a port of loopback listened on by the host, and what comes in there passed on to a private socket. */
  keepPort(port: number, passTo: string): Promise<KeptPort>
  onEvent(listener: (event: PtyEvent) => void): () => void
  /** Leaves the host and its terminals running. */
  close(): Promise<void>
  /** Ends every terminal and the host itself. */
  shutdownHost(graceMs: number): Promise<void>
}

export type KeptPort =
  | { readonly kind: 'kept'; readonly port: number }
  | { readonly kind: 'taken' }
  /** A host of an older version, which outlived the app that started it. */
  | { readonly kind: 'unable' }

const nothingStopped: StopResult = { ended: [], killed: [], remaining: [] }

export const createPtyClient = (deps: PtyHostLaunch & { readonly log: Log }): PtyClient => {
  const listeners = new Set<(event: PtyEvent) => void>()
  const alive = new Set<TerminalId>()
  const tell = (event: PtyEvent) => {
    if (event.kind === 'exited') alive.delete(event.terminalId)
    for (const listener of listeners) listener(event)
  }
  const link = createHostLink(deps, {
    onEvent: tell,
    onConnected: () => tell({ kind: 'host-connected' }),
    onHostDied: () => {
      const terminalIds = [...alive]
      alive.clear()
      tell({ kind: 'host-lost', terminalIds })
    },
  })
  const ask = askHost(link)

  return {
    connect: async () => void (await link.get()),
    start: async (spec) => {
      const started = await ask({ kind: 'start', spec }, startedTerminalSchema)
      if (started.runtime.kind === 'alive') alive.add(spec.terminalId)
      return started
    },
    list: async () => {
      const terminals = await ask({ kind: 'list' }, terminalInfoSchema.array())
      for (const { terminalId, runtime } of terminals) if (runtime.kind === 'alive') alive.add(terminalId)
      return terminals
    },
    write: async ({ terminalId, writerId, seq, data }) =>
      link
        .send({ kind: 'write', terminalId, writerId, seq, data })
        .then(() => true, ignore(false, 'not-running', 'unknown-terminal')),
    readInputPlace: (terminalId) =>
      ask({ kind: 'readInputPlace', terminalId }, inputPlaceSchema).catch(
        ignore(null, 'not-running', 'unknown-terminal', 'bad-message'),
      ),
    writeUnlessTouched: (piece) =>
      ask({ kind: 'writeUnlessTouched', ...piece }, guardedWriteSchema).catch(
        ignore(null, 'not-running', 'unknown-terminal', 'input-full', 'bad-message'),
      ),
    resize: async (terminalId, cols, rows) => {
      await link.send({ kind: 'resize', terminalId, cols, rows }).catch(ignore(null, 'not-running', 'unknown-terminal'))
    },
    focus: async (windowId, terminalId) =>
      void (await link.send({ kind: 'focus', windowId, terminalId }).catch(ignoreGone)),
    attach: (view, signal) => attach(link, deps.dataDir, view, signal),
    acknowledge: async (viewerId, units) =>
      void (await link.send({ kind: 'acknowledge', viewerId, units }).catch(ignoreGone)),
    stop: (terminalId, { graceMs }) =>
      ask({ kind: 'stop', terminalId, graceMs }, stopResultSchema).catch(async (error: unknown) => {
        if (!isRefusedWith(error, 'unknown-terminal')) throw error
        // Its host died; what ignored the hang-up then may still work in the folder.
        await link.send({ kind: 'endSurvivors', terminalIds: [terminalId], graceMs })
        return nothingStopped
      }),
    forget: async (terminalId) =>
      void (await link.send({ kind: 'forget', terminalId }).catch(ignore(null, 'unknown-terminal'))),
    setPalette: async (palette) => void (await link.send({ kind: 'setPalette', palette })),
    readScreenText: async (terminalId) =>
      String(await link.send({ kind: 'readText', terminalId }).catch(ignore('', 'unknown-terminal'))),
    findSurvivors: (terminalIds) =>
      ask({ kind: 'findSurvivors', terminalIds: [...terminalIds] }, survivorSchema.array()),
    endSurvivors: async (terminalIds, graceMs) =>
      void (await link.send({ kind: 'endSurvivors', terminalIds: [...terminalIds], graceMs })),
    keepPort: (port, passTo) =>
      ask({ kind: 'keepPort', port, passTo }, keptPortSchema)
        .then((kept) => ({ kind: 'kept', ...kept }) as const)
        .catch(ignore({ kind: 'taken' } as const, 'port-taken'))
        .catch(ignore({ kind: 'unable' } as const, 'bad-message')),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => link.close(),
    shutdownHost: (graceMs) => link.shutdown(graceMs),
  }
}

const askHost =
  (link: HostLink) =>
  async <Schema extends z.ZodType>(
    command: Parameters<HostLink['send']>[0],
    schema: Schema,
  ): Promise<z.infer<Schema>> =>
    schema.parse(await link.send(command))

/** Turns refusals that the caller expects into a value. */
const ignore =
  <Value>(value: Value, ...codes: Parameters<typeof isRefusedWith>[1][]) =>
  (error: unknown): Value => {
    if (isRefusedWith(error, ...codes)) return value
    throw error
  }

/** Views end with their host; what was still to be said about them has nobody to hear it. */
const ignoreGone = (error: unknown): void => {
  if (!(error instanceof PtyHostError && error.code === 'gone')) throw error
}

async function* attach(
  link: HostLink,
  dataDir: string,
  view: ViewRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<TerminalFrame, void, void> {
  const { terminalId, viewerId, windowId, isFocused } = view
  const connection = await link.get()
  const frames = windowOfFrames(connection, signal)
  try {
    const isKnown = await connection
      .request({ kind: 'attach', terminalId, viewerId, windowId, channel: frames.channel })
      .then(() => true, ignore(false, 'unknown-terminal'))
    if (!isKnown) {
      yield* readSavedFrames(dataDir, terminalId)
      return
    }
    if (isFocused) await connection.request({ kind: 'focus', windowId, terminalId })
    yield* frames.read()
  } finally {
    frames.close()
    // The host may be gone, and with it the view.
    await connection.request({ kind: 'detach', viewerId }).catch(() => undefined)
  }
}

async function* readSavedFrames(dataDir: string, terminalId: TerminalId): AsyncGenerator<TerminalFrame, void, void> {
  const saved = await readSavedScreen(dataDir, terminalId)
  yield saved
    ? { kind: 'snapshot', offset: saved.text.length, cols: saved.cols, rows: saved.rows, text: saved.text }
    : { kind: 'snapshot', offset: 0, cols: 80, rows: 24, text: '' }
  const end = saved?.runtime.kind === 'exited' ? saved.runtime : { code: null, signal: null }
  yield { kind: 'exited', code: end.code, signal: end.signal }
}
