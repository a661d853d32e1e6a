import type { HostEvent } from '../../shared/pty-protocol/messages.ts'
import type {
  GuardedWrite,
  InputPlace,
  Palette,
  ProcessIdentity,
  SavedScreen,
  TerminalInfo,
  TerminalSpec,
} from '../../shared/pty-protocol/terminals.ts'
import { createOutputPump } from './output-pump.ts'
import type { ParseScheduler } from './parse-scheduler.ts'
import { TERMINAL_MARKER } from './process-tree.ts'
import { startPtyProcess, type PtyExit, type PtyProcess } from './pty-process.ts'
import { createTerminalNews, type TerminalNews } from './terminal-news.ts'
import { createTerminalScreen, type TerminalScreen } from './terminal-screen.ts'
import type { ViewSource } from './viewer.ts'
import type { Viewers } from './viewers.ts'
import { createWriters } from './writers.ts'

/** Answers of the terminal to a program that does not read them are dropped beyond this. */
const MAX_QUEUED_REPLIES = 64 * 1024

export interface Terminal {
  readonly identity: ProcessIdentity
  readonly view: ViewSource
  info(): TerminalInfo
  /** False when the program has not read what was written before and no more fits. */
  write(writerId: string, seq: number, data: string): boolean
  /** Null when no more fits. */
  writeUnlessTouched(
    data: string,
    since: { readonly inputs: number; readonly outputUnits: number | null },
  ): GuardedWrite | null
  inputPlace(): InputPlace
  resize(cols: number, rows: number): void
  isAlive(): boolean
  plainText(): string
  tail(): string
  /** What is to be saved of it; null while nothing of it is in memory that was not saved. */
  saved(): SavedScreen | null
  /** Drops the screen until it is asked for again; `load` answers what was saved of it. Only after the end. */
  rest(load: () => SavedScreen | null): void
  /** Resolves when the program has ended and its last output is on the screen. */
  readonly ended: Promise<void>
  dispose(): void
}

export interface TerminalDeps {
  readonly spec: TerminalSpec
  /** The program's file, found in the PATH of its environment. */
  readonly file: string
  readonly readStartTime: (pid: number) => Promise<string | null>
  readonly bootId: string | null
  readonly palette: () => Palette
  readonly scheduler: ParseScheduler
  readonly viewers: Viewers
  readonly emit: (event: HostEvent) => void
  readonly changed: () => void
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

type Ending = PtyExit & { readonly at: number }

/** One program in one pseudoterminal with one screen. It stays readable after the program has ended. */
export const startTerminal = async (deps: TerminalDeps): Promise<Terminal> => {
  const { spec, viewers } = deps
  const { terminalId } = spec
  const news = createTerminalNews(terminalId, deps)
  const ended = Promise.withResolvers<void>()
  const startedAt = deps.now()
  let closed: PtyExit | null = null
  let exit: Ending | null = null

  const reply = (text: string) => {
    if (!closed && pty.queuedInput() < MAX_QUEUED_REPLIES) pty.write(text)
  }
  const screen = createTerminalScreen({
    ...deps,
    terminalId,
    options: { ...spec, palette: deps.palette, listeners: { ...news.listeners, reply } },
  })
  /** The end is news once everything that was printed before it is on the screen. */
  const finish = () => {
    if (!closed || exit || !pump.isEmpty()) return
    exit = { ...closed, at: deps.now() }
    viewers.control(terminalId, { kind: 'exited', code: exit.code, signal: exit.signal })
    news.exited(exit)
    ended.resolve()
  }
  const pump = createOutputPump({
    size: spec,
    scheduler: deps.scheduler,
    isFocused: () => viewers.isFocused(terminalId),
    parse(piece) {
      screen.parse(piece)
      news.output()
    },
    parsed: finish,
    readMore: () => pty.readMore(),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
  })
  const pty: PtyProcess = startPtyProcess({
    ...spec,
    file: deps.file,
    args: spec.argv.slice(1),
    env: { ...spec.env, [TERMINAL_MARKER]: terminalId },
    onData: pump.receive,
    onExit(result) {
      closed = result
      pump.end()
      finish()
    },
  })
  const pid = await pty.pid
  const identity = { pid, startTime: await deps.readStartTime(pid) }
  const controls = createControls({ deps, pty, pump, screen, isClosed: () => closed !== null })
  const facts = { deps, identity, startedAt, screen, news, exit: () => exit }
  return {
    identity,
    ended: ended.promise,
    isAlive: () => exit === null,
    ...createReadings(facts),
    ...controls,
    info: () => ({ ...describe(facts), lastInputAt: controls.lastInputAt() }),
    inputPlace: () => ({
      ...screen.cursorLine(),
      inputs: controls.inputs(),
      lastInputAt: controls.lastInputAt(),
      lastOutputAt: news.lastOutputAt(),
      outputUnits: screen.offset(),
    }),
    dispose() {
      pump.dispose()
      news.dispose()
      viewers.detachTerminal(terminalId)
      screen.dispose()
    },
  }
}

interface Facts {
  readonly deps: TerminalDeps
  readonly identity: ProcessIdentity
  readonly startedAt: number
  readonly screen: TerminalScreen
  readonly news: TerminalNews
  readonly exit: () => Ending | null
}

const createReadings = ({ deps, screen, news, exit }: Facts) => ({
  view: {
    snapshot: (historyRows: number) => ({
      kind: 'snapshot' as const,
      offset: screen.offset(),
      ...screen.size(),
      text: screen.serialise(historyRows),
    }),
    historyRows: screen.historyRows,
    exited: () => exitFrame(exit()),
  },
  plainText: screen.plainText,
  tail: screen.tail,
  rest: (load: () => SavedScreen | null) => screen.rest(() => load()?.text ?? null),
  saved(): SavedScreen | null {
    if (screen.isResting()) return null
    return {
      version: 1,
      terminalId: deps.spec.terminalId,
      savedAt: deps.now(),
      ...screen.size(),
      title: screen.title(),
      cwd: news.cwd() ?? deps.spec.cwd,
      runtime: runtimeOf(exit()),
      text: screen.serialise(Infinity),
    }
  },
})

interface ControlDeps {
  readonly deps: TerminalDeps
  readonly pty: PtyProcess
  readonly pump: ReturnType<typeof createOutputPump>
  readonly screen: TerminalScreen
  readonly isClosed: () => boolean
}

const createControls = ({ deps, pty, pump, screen, isClosed }: ControlDeps) => {
  const writers = createWriters()
  let lastInputAt: number | null = null
  let inputs = 0
  const noteInput = () => {
    lastInputAt = deps.now()
    inputs += 1
  }
  return {
    lastInputAt: () => lastInputAt,
    inputs: () => inputs,
    writeUnlessTouched(data: string, since: { readonly inputs: number; readonly outputUnits: number | null }) {
      const isTouched = since.inputs !== inputs || (since.outputUnits !== null && since.outputUnits !== screen.offset())
      if (isTouched) return { isWritten: false, inputs }
      if (!pty.write(data)) return null
      noteInput()
      return { isWritten: true, inputs }
    },
    write(writerId: string, seq: number, data: string): boolean {
      if (writers.hasSeen(writerId, seq)) return true
      if (!pty.write(data)) return false
      writers.record(writerId, seq)
      noteInput()
      return true
    },
    resize(cols: number, rows: number) {
      const size = screen.size()
      // A program that has ended draws nothing for a new size, and nobody looks.
      if (screen.isResting() || (size.cols === cols && size.rows === rows)) return
      if (!isClosed()) pty.resize(cols, rows)
      pump.resize({ cols, rows })
      screen.resize(cols, rows)
      deps.viewers.control(deps.spec.terminalId, { kind: 'resized', cols, rows })
      deps.changed()
    },
  }
}

const describe = ({ deps, identity, startedAt, screen, news, exit }: Facts): Omit<TerminalInfo, 'lastInputAt'> => ({
  ...identity,
  terminalId: deps.spec.terminalId,
  bootId: deps.bootId,
  runtime: runtimeOf(exit()),
  title: screen.title(),
  cwd: news.cwd() ?? deps.spec.cwd,
  ...screen.size(),
  startedAt,
  lastOutputAt: news.lastOutputAt(),
  outputUnits: screen.offset(),
})

const exitFrame = (exit: Ending | null) => exit && { kind: 'exited' as const, code: exit.code, signal: exit.signal }

const runtimeOf = (exit: Ending | null): TerminalInfo['runtime'] =>
  exit ? { kind: 'exited', code: exit.code, signal: exit.signal, at: exit.at } : { kind: 'alive' }
