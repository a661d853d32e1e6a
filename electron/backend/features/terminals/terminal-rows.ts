import type { Terminal } from '../../../../shared/contract/terminals.ts'
import type { SessionId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { PtyClient, StartedTerminal } from '../../adapters/pty/pty-client.ts'
import type { Database } from '../../db/database.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { Log } from '../../kernel/log.ts'
import type { CommandContext, RunCommand } from '../../kernel/run-command.ts'
import { stateFromHost, type TerminalState } from './terminals-rules.ts'
import { deleteTerminal, findTerminal, listTerminals, putTerminal } from './terminals-store.ts'

export interface TerminalsServiceDeps {
  readonly pty: PtyClient
  readonly database: Database
  readonly runCommand: RunCommand
  readonly log: Log
}

/** What the functions of this file share. */
export interface TerminalRowsDeps extends TerminalsServiceDeps {
  /** Starts that are under way in this process: the PTY host may not know them yet. */
  readonly starting: Set<TerminalId>
}

export interface NewTerminal {
  /** Chosen by the caller: starting the same id again answers what is already there. */
  readonly terminalId: TerminalId
  readonly projectId: Terminal['projectId']
  readonly sessionId: SessionId | null
  readonly kind: Terminal['kind']
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
}

/** News of a terminal for the features to the right. */
export type TerminalNews =
  | {
      readonly kind: 'exited'
      readonly terminal: Terminal
      readonly code: number | null
      readonly signal: string | null
    }
  | { readonly kind: 'lost'; readonly terminal: Terminal }
  /** As the program set it, with its leading symbol: some agents show there what they do. */
  | { readonly kind: 'title'; readonly terminalId: TerminalId; readonly title: string }
  | { readonly kind: 'notification'; readonly terminalId: TerminalId; readonly title: string; readonly body: string }

export type Tell = (news: TerminalNews) => void

/** The size until the first view says its own. */
const firstSize = { cols: 120, rows: 32 }
/** 3.7 MB for each thousand rows of 120 columns that are full; most are not. */
const scrollbackRows = 5000
/** A shell has nothing to save; its children get a moment. */
const removeGraceMs = 1000

export const startTerminal = (deps: TerminalRowsDeps, terminal: NewTerminal): Promise<StartedTerminal> => {
  deps.starting.add(terminal.terminalId)
  return start(deps, terminal).finally(() => deps.starting.delete(terminal.terminalId))
}

const start = async (deps: TerminalsServiceDeps, terminal: NewTerminal): Promise<StartedTerminal> => {
  const { terminalId, projectId, sessionId, kind, argv, cwd, env } = terminal
  await deps.runCommand({ name: 'plan-terminal', by: systemIdentity }, async (context) => {
    if (await findTerminal(context.tx, terminalId)) return ok(undefined)
    const state: TerminalState = { kind: 'starting' }
    await save(context, { id: terminalId, projectId, sessionId, kind, title: '', cwd, state, createdAt: context.now })
    return ok(undefined)
  })
  const started = await deps.pty.start({
    terminalId,
    argv: [...argv],
    cwd,
    env: { ...env },
    ...firstSize,
    scrollbackRows,
  })
  await changeTerminal(deps, terminalId, 'start-terminal', (row) =>
    row.state.kind === 'starting' ? { ...row, state: { kind: 'alive', pid: started.pid } } : row,
  )
  return started
}

/** Books the end of a terminal, if it is one, and tells of it once. */
export const endTerminal = async (
  deps: TerminalsServiceDeps,
  tell: Tell,
  id: TerminalId,
  decide: (state: TerminalState, now: number) => TerminalState,
): Promise<void> => {
  const ended = await changeTerminal(deps, id, 'end-terminal', (terminal, now) => ({
    ...terminal,
    state: decide(terminal.state, now),
  }))
  if (ended?.state.kind === 'exited') {
    tell({ kind: 'exited', terminal: ended, code: ended.state.code, signal: ended.state.signal })
  }
  if (ended?.state.kind === 'lost') tell({ kind: 'lost', terminal: ended })
}

/** Brings every row in line with the PTY host. */
export const reconcileTerminals = async (deps: TerminalRowsDeps, tell: Tell): Promise<void> => {
  // The rows first: what the host started since then is in its list.
  const terminals = await deps.database.read(listTerminals)
  const hosted = new Map((await deps.pty.list()).map((info) => [info.terminalId, info]))
  for (const terminal of terminals) {
    const info = hosted.get(terminal.id)
    if (!info && isStillToStart(deps, terminal)) continue
    const decide = (state: TerminalState, now: number) => stateFromHost(state, info, now)
    if (decide(terminal.state, 0) !== terminal.state) await endTerminal(deps, tell, terminal.id, decide)
  }
}

/** The start of an agent or a check that was cut short is carried on by its intent, under the same id. */
const isStillToStart = (deps: TerminalRowsDeps, { id, kind, state }: Terminal): boolean =>
  deps.starting.has(id) || (kind !== 'shell' && state.kind === 'starting')

export const removeTerminal = async (deps: TerminalsServiceDeps, id: TerminalId): Promise<void> => {
  await deps.pty.stop(id, { graceMs: removeGraceMs })
  await deps.pty.forget(id)
  await deps.runCommand({ name: 'remove-terminal', by: systemIdentity }, async ({ tx, emit }) => {
    if (await deleteTerminal(tx, id)) await emit('terminals.removed', id, { id })
    return ok(undefined)
  })
}

/** Answers the row when it changed, and nothing otherwise. */
export const changeTerminal = async (
  deps: Pick<TerminalsServiceDeps, 'runCommand'>,
  id: TerminalId,
  name: string,
  edit: (terminal: Terminal, now: number) => Terminal,
): Promise<Terminal | undefined> => {
  const result = await deps.runCommand({ name, by: systemIdentity }, async (context) => {
    const before = await findTerminal(context.tx, id)
    if (!before) return ok(undefined)
    const after = edit(before, context.now)
    if (JSON.stringify(after) === JSON.stringify(before)) return ok(undefined)
    await save(context, after)
    return ok(after)
  })
  return result.ok ? result.value : undefined
}

const save = async ({ tx, emit }: CommandContext, terminal: Terminal) => {
  await putTerminal(tx, terminal)
  await emit('terminals.changed', terminal.id, terminal)
}
