import { spawn } from 'node:child_process'
import { constants } from 'node:os'

export interface Ended {
  /** As a shell tells it: 128 and the signal's number for a signal. */
  readonly code: number
  readonly signal: NodeJS.Signals | null
  /** It was ended by a signal that was meant for this process: by somebody's will, not by a failure. */
  readonly wasForwarded: boolean
  readonly lastLines: string
}

export interface Child {
  readonly ended: Promise<Ended>
  /** Asks it to end. */
  stop(): void
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const keptBytes = 4000

/** Runs a command in the place of this process: same streams, same signals. */
export const runChild = ({
  command: [program, ...args],
  environment,
}: {
  readonly command: readonly [string, ...string[]]
  readonly environment: Readonly<Record<string, string | undefined>>
}): Child => {
  // A program with a screen needs the terminal itself; only what goes into a pipe can be listened to.
  const isTerminal = process.stdout.isTTY
  const output = isTerminal ? 'inherit' : 'pipe'
  const child = spawn(program, args, { env: { ...environment }, stdio: ['inherit', output, output] })
  let tail = ''
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString('utf8')).slice(-keptBytes)))
    from?.pipe(to, { end: false })
  }
  let sent: NodeJS.Signals | null = null
  const listeners = forwarded.map((signal) => {
    const forward = () => {
      sent = signal
      // Ctrl+C in a terminal reaches the child by itself; twice is "at once" to many programs.
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal)
    }
    process.on(signal, forward)
    return () => process.off(signal, forward)
  })
  const ended = new Promise<Ended>((resolve) => {
    const end = (code: number, signal: NodeJS.Signals | null, lastLines: string) => {
      for (const stopListening of listeners) stopListening()
      // A program that was asked to end may do so with a code of its own.
      resolve({ code, signal: signal ?? sent, wasForwarded: sent !== null && code !== 0, lastLines })
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ENOENT' ? 127 : 126, null, `It could not be started: ${error.message}`),
    )
    child.once('close', (code, signal) =>
      end(code ?? 128 + (signal ? constants.signals[signal] : 0), signal, tail.trimEnd()),
    )
  })
  return { ended, stop: () => void child.kill('SIGTERM') }
}
