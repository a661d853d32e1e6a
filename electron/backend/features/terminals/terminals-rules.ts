import type { Terminal } from '../../../../shared/contract/terminals.ts'
import type { TerminalInfo } from '../../../../shared/pty-protocol/terminals.ts'

export type TerminalState = Terminal['state']

/** What the PTY host says of one terminal. */
export type HostedTerminal = Pick<TerminalInfo, 'pid' | 'runtime'>

/** The state of a terminal after asking the PTY host; the same object when nothing changed. */
export const stateFromHost = (state: TerminalState, hosted: HostedTerminal | undefined, now: number): TerminalState => {
  if (state.kind === 'exited' || state.kind === 'lost') return state
  if (!hosted) return { kind: 'lost', at: now }
  if (hosted.runtime.kind === 'exited') return { ...hosted.runtime, at: now }
  return state.kind === 'alive' && state.pid === hosted.pid ? state : { kind: 'alive', pid: hosted.pid }
}

/**
 * A title without the symbol programs put before it to show that they work. Such a symbol changes several times a second,
 * and each change would be news to every window.
 */
export const steadyTitle = (title: string): string => title.replace(/^[^\p{L}\p{N}~/.([{"'<@#$-]+/u, '').trim()

/** A program that prints no name of its own gets the last part of its folder. */
export const titleOf = (terminal: Pick<Terminal, 'title' | 'cwd'>): string =>
  terminal.title || (terminal.cwd.split('/').filter(Boolean).at(-1) ?? terminal.cwd)
