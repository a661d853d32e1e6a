import type { TerminalSignal } from '../../../../shared/contract/terminals.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import type { PtyEvent } from '../../adapters/pty/pty-client.ts'
import { changeTerminal, endTerminal, reconcileTerminals, type Tell, type TerminalRowsDeps } from './terminal-rows.ts'
import { stateFromHost, steadyTitle } from './terminals-rules.ts'

const survivorGraceMs = 3000

/** Keeps the rows in line with what the PTY host tells. Answers how to stop. */
export const followPty = (
  deps: TerminalRowsDeps,
  tell: Tell,
  sendSignal: (signal: TerminalSignal) => void,
): (() => void) =>
  deps.pty.onEvent((event) => {
    take(deps, tell, sendSignal, event).catch((error: unknown) =>
      deps.log.error({ err: error, kind: event.kind }, 'news of a terminal could not be kept'),
    )
  })

const take = async (
  deps: TerminalRowsDeps,
  tell: Tell,
  sendSignal: (signal: TerminalSignal) => void,
  event: PtyEvent,
): Promise<void> => {
  switch (event.kind) {
    case 'host-connected':
      // Programs may have ended while nobody listened.
      await reconcileTerminals(deps, tell)
      return
    case 'host-lost':
      for (const id of event.terminalIds) {
        await endTerminal(deps, tell, id, (state, now) => stateFromHost(state, undefined, now))
      }
      // What ignored the hang-up has no terminal any more and would keep its conversation from being resumed.
      await deps.pty.endSurvivors(event.terminalIds, survivorGraceMs)
      return
    case 'exited': {
      const { code, signal, at } = event
      const runtime = { kind: 'exited', code, signal, at } as const
      await endTerminal(deps, tell, event.terminalId, (state, now) => stateFromHost(state, { pid: 0, runtime }, now))
      return
    }
    case 'title':
      tell(event)
      await changeTerminal(deps, event.terminalId, 'title-terminal', (row) => ({
        ...row,
        title: steadyTitle(event.title),
      }))
      return
    case 'cwd':
      await changeTerminal(deps, event.terminalId, 'move-terminal', (row) => ({ ...row, cwd: event.cwd }))
      return
    case 'notification':
      tell(event)
      sendSignal(event)
      return
    case 'bell':
      sendSignal(event)
      return
    case 'activity':
      sendSignal({ kind: 'output', terminalId: event.terminalId, at: event.at })
      return
    default:
      unreachable(event)
  }
}
