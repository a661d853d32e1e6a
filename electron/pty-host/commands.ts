import { ok, refuse, type Result } from '../../shared/lib/result.ts'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import type { Command, CommandOf, RefusalCode } from '../../shared/pty-protocol/messages.ts'
import type { KeptPorts } from './kept-ports.ts'
import { endProcessTree, findSurvivors } from './process-tree.ts'
import type { Terminal } from './terminal.ts'
import type { Terminals } from './terminals.ts'
import type { Viewers } from './viewers.ts'

export interface CommandDeps {
  readonly terminals: Terminals
  readonly viewers: Viewers
  readonly ports: KeptPorts
  /** Ends everything and the host itself; resolves when nothing is left but the answer. */
  readonly shutDown: (graceMs: number) => Promise<void>
}

type Answer = Result<unknown, RefusalCode>

const done = ok(null)

/** Carries out one command. What comes back at once was done at once: input is never behind anything. */
export const runCommand = (command: Command, deps: CommandDeps): Answer | Promise<Answer> => {
  const { terminals, viewers } = deps
  switch (command.kind) {
    case 'start':
      return terminals.start(command.spec)
    case 'list':
      return ok(terminals.list())
    case 'write':
      return write(command, terminals)
    case 'writeUnlessTouched':
      return writeUnlessTouched(command, terminals)
    case 'resize':
      return withTerminal(terminals, command.terminalId, (terminal) => {
        terminal.resize(command.cols, command.rows)
        return done
      })
    case 'signal':
      return withTerminal(terminals, command.terminalId, (terminal) => signal(terminal, command.signal))
    case 'stop':
      return stop(command, terminals)
    case 'forget':
      if (terminals.forget(command.terminalId)) return done
      return refuse('still-running', 'The program still runs. Stop it first.')
    case 'attach':
      return withTerminal(terminals, command.terminalId, (terminal) => {
        viewers.attach(command, terminal.view)
        return done
      })
    case 'detach':
      viewers.detach(command.viewerId)
      return done
    case 'acknowledge':
      viewers.acknowledge(command.viewerId, command.units)
      return done
    case 'focus':
      viewers.focus(command.windowId, command.terminalId)
      return done
    case 'setPalette':
      terminals.setPalette(command.palette)
      return done
    case 'readText':
      return withTerminal(terminals, command.terminalId, (terminal) => ok(terminal.plainText()))
    case 'readTail':
      return withTerminal(terminals, command.terminalId, (terminal) => ok(terminal.tail()))
    case 'readInputPlace':
      return withTerminal(terminals, command.terminalId, (terminal) =>
        terminal.isAlive() ? ok(terminal.inputPlace()) : refuse('not-running', 'The program has ended.'),
      )
    case 'findSurvivors':
      return findSurvivors(notAlive(terminals, command.terminalIds)).then(ok)
    case 'endSurvivors':
      return endSurvivors(command, terminals)
    case 'keepPort':
      return deps.ports.keep(command.port, command.passTo)
    case 'shutdown':
      return deps.shutDown(command.graceMs).then(() => done)
    default:
      return unreachable(command)
  }
}

const withTerminal = (terminals: Terminals, terminalId: TerminalId, act: (terminal: Terminal) => Answer): Answer => {
  const terminal = terminals.get(terminalId)
  return terminal ? act(terminal) : refuse('unknown-terminal', 'This terminal is not there any more.')
}

const write = ({ terminalId, writerId, seq, data }: CommandOf<'write'>, terminals: Terminals): Answer =>
  withTerminal(terminals, terminalId, (terminal) => {
    if (!terminal.isAlive()) return refuse('not-running', 'The program has ended.')
    if (terminal.write(writerId, seq, data)) return done
    return refuse('input-full', 'The program does not read its input. Try again when it does.')
  })

const writeUnlessTouched = (
  { terminalId, data, inputs, outputUnits }: CommandOf<'writeUnlessTouched'>,
  terminals: Terminals,
): Answer =>
  withTerminal(terminals, terminalId, (terminal) => {
    if (!terminal.isAlive()) return refuse('not-running', 'The program has ended.')
    const written = terminal.writeUnlessTouched(data, { inputs, outputUnits })
    return written ? ok(written) : refuse('input-full', 'The program does not read its input. Try again when it does.')
  })

const stop = async ({ terminalId, graceMs }: CommandOf<'stop'>, terminals: Terminals): Promise<Answer> => {
  const result = await terminals.stop(terminalId, graceMs)
  return result ? ok(result) : refuse('unknown-terminal', 'This terminal is not there any more.')
}

const signal = (terminal: Terminal, name: NodeJS.Signals): Answer => {
  if (!terminal.isAlive()) return refuse('not-running', 'The program has ended.')
  try {
    // The program leads its process group, as a shell does.
    process.kill(-terminal.identity.pid, name)
    return done
  } catch {
    // ESRCH: it ended in this moment.
    return refuse('not-running', 'The program has ended.')
  }
}

const notAlive = (terminals: Terminals, terminalIds: readonly TerminalId[]) =>
  terminalIds.filter((terminalId) => !terminals.get(terminalId)?.isAlive())

const endSurvivors = async (command: CommandOf<'endSurvivors'>, terminals: Terminals): Promise<Answer> => {
  const terminalIds = notAlive(terminals, command.terminalIds)
  const withSurvivors = new Set((await findSurvivors(terminalIds)).map((survivor) => survivor.terminalId))
  const results = await Promise.all(
    [...withSurvivors].map((terminalId) => endProcessTree({ terminalId, leader: null }, command.graceMs)),
  )
  return ok({
    ended: results.flatMap((result) => result.ended),
    killed: results.flatMap((result) => result.killed),
    remaining: results.flatMap((result) => result.remaining),
  })
}
