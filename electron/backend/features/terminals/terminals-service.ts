import type { Terminal, TerminalSignal } from '../../../../shared/contract/terminals.ts'
import type { ProjectId, SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { GuardedWrite, InputPlace } from '../../../../shared/pty-protocol/terminals.ts'
import type { TerminalFrame } from '../../../../shared/terminal/frames.ts'
import type { GuardedPiece, PtyClient, StartedTerminal, ViewRequest } from '../../adapters/pty/pty-client.ts'
import type { Tx } from '../../db/tx.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { followPty } from './follow-pty.ts'
import {
  reconcileTerminals,
  removeTerminal,
  startTerminal,
  type NewTerminal,
  type TerminalNews,
  type TerminalsServiceDeps,
} from './terminal-rows.ts'
import { createSignals } from './terminal-signals.ts'
import { deleteTerminal, findTerminal, listTerminals, listTerminalsOfSession } from './terminals-store.ts'

export type { NewTerminal, TerminalNews } from './terminal-rows.ts'

export interface WriteInput {
  readonly terminalId: TerminalId
  readonly windowId: string
  readonly seq: number
  readonly data: string
}

export interface TerminalsService {
  list(tx: Tx): Promise<Terminal[]>
  find(tx: Tx, id: TerminalId): Promise<Terminal | undefined>
  listOfSession(tx: Tx, sessionId: SessionId): Promise<Terminal[]>
  /** Starts a program once per terminal id. Throws when the program cannot be started. */
  start(terminal: NewTerminal): Promise<StartedTerminal>
  /** Ends the whole process tree, politely and then by force, and waits for its end. */
  stop(terminalId: TerminalId, graceMs: number): Promise<void>
  /** Stops a terminal and removes it with its screen and everything kept of it. */
  remove(terminalId: TerminalId): Promise<void>
  /** Drops the rows of a project that is forgotten; none of its programs run any more. */
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
  countLiveShells(tx: Tx, projectId: ProjectId): Promise<number>
  /** Removes a shell at the person's wish. */
  close(terminalId: TerminalId): Promise<Result<undefined, 'NOT_FOUND' | 'BELONGS_TO_AGENT'>>
  attach(view: ViewRequest, signal: AbortSignal | undefined): AsyncGenerator<TerminalFrame, void, void>
  write(input: WriteInput): Promise<Result<undefined, 'NOT_RUNNING'>>
  text(terminalId: TerminalId): Promise<string>
  /** Where its program reads; null when that is not known. */
  inputPlace(terminalId: TerminalId): Promise<InputPlace | null>
  /** Types by itself, unless somebody else did since; null when it cannot. */
  typeUnlessTouched(piece: GuardedPiece): Promise<GuardedWrite | null>
  /** When its program last wrote something; null when it never did, or is not there. */
  lastOutputAt(terminalId: TerminalId): Promise<number | null>
  signals(signal: AbortSignal | undefined): AsyncGenerator<TerminalSignal, void, void>
  /** Brings the rows in line with the PTY host, once at the start. Tells of every terminal that ended. */
  reconcile(): Promise<void>
  /** Tells the title of every program that runs, for those who were not there when it was set. */
  retellTitles(): Promise<void>
  onNews(listener: (news: TerminalNews) => void): () => void
  readonly pty: Pick<PtyClient, 'resize' | 'focus' | 'acknowledge' | 'setPalette'>
  /** Stops following the PTY host. */
  dispose(): void
}

export const createTerminalsService = (given: TerminalsServiceDeps): TerminalsService => {
  const deps = { ...given, starting: new Set<TerminalId>() }
  const { pty } = deps
  const listeners = new Set<(news: TerminalNews) => void>()
  const tell = (news: TerminalNews) => {
    for (const listener of listeners) listener(news)
  }
  const signals = createSignals()

  return {
    pty,
    list: listTerminals,
    find: findTerminal,
    listOfSession: listTerminalsOfSession,
    start: (terminal) => startTerminal(deps, terminal),
    stop: async (id, graceMs) => void (await pty.stop(id, { graceMs })),
    remove: (id) => removeTerminal(deps, id),
    close: (id) => closeShell(deps, id),
    countLiveShells: async (tx, projectId) =>
      (await listTerminals(tx)).filter(
        ({ kind, state, projectId: of }) => of === projectId && kind === 'shell' && state.kind === 'alive',
      ).length,
    forgetProject: async ({ tx, emit }, projectId) => {
      for (const { id, projectId: of } of await listTerminals(tx)) {
        if (of === projectId && (await deleteTerminal(tx, id))) await emit('terminals.removed', id, { id })
      }
    },
    attach: (view, signal) => pty.attach(view, signal),
    write: ({ terminalId, windowId, seq, data }) => write(pty, { terminalId, writerId: windowId, seq, data }),
    text: (id) => pty.readScreenText(id),
    inputPlace: (id) => pty.readInputPlace(id),
    typeUnlessTouched: (piece) => pty.writeUnlessTouched(piece),
    lastOutputAt: async (id) => (await pty.list()).find(({ terminalId }) => terminalId === id)?.lastOutputAt ?? null,
    signals: signals.listen,
    reconcile: () => reconcileTerminals(deps, tell),
    retellTitles: async () => {
      for (const { terminalId, runtime, title } of await pty.list()) {
        if (runtime.kind === 'alive' && title !== '') tell({ kind: 'title', terminalId, title })
      }
    },
    onNews: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dispose: followPty(deps, tell, signals.send),
  }
}

const closeShell = async (
  deps: TerminalsServiceDeps,
  id: TerminalId,
): Promise<Result<undefined, 'NOT_FOUND' | 'BELONGS_TO_AGENT'>> => {
  const terminal = await deps.database.read((tx) => findTerminal(tx, id))
  if (!terminal) return refuse('NOT_FOUND', 'This terminal was closed already.')
  if (terminal.kind === 'agent') {
    return refuse('BELONGS_TO_AGENT', "This is the agent's own terminal. Stop or archive its session instead.")
  }
  if (terminal.kind === 'check') {
    return refuse('BELONGS_TO_AGENT', 'This is the terminal of a check. Cancel its run instead.')
  }
  await removeTerminal(deps, id)
  return ok(undefined)
}

const write = async (
  pty: PtyClient,
  piece: Parameters<PtyClient['write']>[0],
): Promise<Result<undefined, 'NOT_RUNNING'>> =>
  (await pty.write(piece))
    ? ok(undefined)
    : refuse('NOT_RUNNING', 'The program in this terminal has ended. Resume the session to type into it.')
