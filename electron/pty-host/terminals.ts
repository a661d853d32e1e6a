import { ok, refuse, type Result } from '../../shared/lib/result.ts'
import type { TerminalId } from '../../shared/lib/ids.ts'
import type { HostEvent, RefusalCode } from '../../shared/pty-protocol/messages.ts'
import type {
  Palette,
  StartedTerminal,
  StopResult,
  TerminalInfo,
  TerminalSpec,
} from '../../shared/pty-protocol/terminals.ts'
import { findProgram } from './find-program.ts'
import type { ParseScheduler } from './parse-scheduler.ts'
import { endProcessTree } from './process-tree.ts'
import { readBootId, readStartTime } from './process-table.ts'
import { createSavedScreens } from './saved-screens.ts'
import { startTerminal, type Terminal } from './terminal.ts'
import { defaultPalette } from './terminal-colors.ts'
import type { Viewers } from './viewers.ts'

export interface Terminals {
  /** Starts a terminal, or returns the one that was started under this id before, alive or ended. */
  start(spec: TerminalSpec): Promise<Result<StartedTerminal, RefusalCode>>
  list(): readonly TerminalInfo[]
  get(terminalId: TerminalId): Terminal | undefined
  stop(terminalId: TerminalId, graceMs: number): Promise<StopResult | null>
  /** Drops an ended terminal and its files. False while it is alive. */
  forget(terminalId: TerminalId): boolean
  /** Nobody looks at it any more. */
  unwatched(terminalId: TerminalId): void
  setPalette(palette: Palette): void
  /** Ends all programs and saves all screens. */
  stopAll(graceMs: number): Promise<void>
  saveAll(): void
  dispose(): void
}

export interface TerminalsDeps {
  readonly dataDir: string
  readonly scheduler: ParseScheduler
  readonly viewers: Viewers
  readonly emit: (event: HostEvent) => void
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** All terminals of the host, by id. */
export const createTerminals = (deps: TerminalsDeps): Terminals => {
  const terminalsById = new Map<TerminalId, Terminal>()
  const startingById = new Map<TerminalId, Promise<Result<Terminal, RefusalCode>>>()
  const bootId = readBootId()
  let palette = defaultPalette
  const saved = createSavedScreens({ ...deps, read: (terminalId) => terminalsById.get(terminalId)?.saved() ?? null })

  const startNew = async (spec: TerminalSpec): Promise<Result<Terminal, RefusalCode>> => {
    const file = findProgram(spec)
    if (!file.ok) return file
    const terminal = await startOrRefuse(() =>
      startTerminal({
        ...deps,
        spec,
        file: file.value,
        readStartTime,
        bootId,
        palette: () => palette,
        changed: () => saved.touch(spec.terminalId),
      }),
    )
    if (!terminal.ok) return terminal
    terminalsById.set(spec.terminalId, terminal.value)
    // The last screen is worth more than the next one: nothing will change it any more.
    void terminal.value.ended.then(() => rest(spec.terminalId))
    return terminal
  }
  /** Saves the screen of an ended terminal, and keeps it in memory no longer than somebody looks at it. */
  const rest = (terminalId: TerminalId) => {
    const isSaved = saved.saveNow(terminalId)
    if (isSaved && !deps.viewers.isWatched(terminalId))
      terminalsById.get(terminalId)?.rest(() => saved.load(terminalId))
  }
  const stop = async (terminalId: TerminalId, graceMs: number) => {
    const terminal = terminalsById.get(terminalId)
    if (!terminal) return null
    const result = await endProcessTree({ terminalId, leader: terminal.identity }, graceMs)
    // What cannot be killed keeps its terminal open; everything else has closed it.
    if (result.remaining.length === 0) await terminal.ended
    return result
  }

  return {
    async start(spec) {
      const known = terminalsById.get(spec.terminalId)
      if (known) return ok({ ...known.info(), isNew: false })
      const isNew = !startingById.has(spec.terminalId)
      const starting = startingById.get(spec.terminalId) ?? startNew(spec)
      startingById.set(spec.terminalId, starting)
      const started = await starting.finally(() => startingById.delete(spec.terminalId))
      return started.ok ? ok({ ...started.value.info(), isNew }) : started
    },
    list: () => [...terminalsById.values()].map((terminal) => terminal.info()),
    get: (terminalId) => terminalsById.get(terminalId),
    stop,
    forget(terminalId) {
      const terminal = terminalsById.get(terminalId)
      if (terminal?.isAlive()) return false
      terminal?.dispose()
      terminalsById.delete(terminalId)
      saved.forget(terminalId)
      return true
    },
    unwatched(terminalId) {
      if (terminalsById.get(terminalId)?.isAlive() === false) rest(terminalId)
    },
    setPalette(next) {
      palette = next
    },
    async stopAll(graceMs) {
      await Promise.all([...terminalsById.keys()].map((terminalId) => stop(terminalId, graceMs)))
      saved.saveAll()
    },
    saveAll: saved.saveAll,
    dispose() {
      saved.dispose()
      for (const terminal of terminalsById.values()) terminal.dispose()
    },
  }
}

const startOrRefuse = async (start: () => Promise<Terminal>): Promise<Result<Terminal, RefusalCode>> => {
  try {
    return ok(await start())
  } catch (error) {
    // forkpty fails when the system has no more terminals, processes or memory.
    return refuse('cannot-start', `The system could not start the program: ${String(error)}`)
  }
}
