import { spawn, type ChildProcess } from 'node:child_process'

export interface ProcessRequest {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array | undefined
  /** Output goes straight to this open file. */
  readonly stdoutFd?: number | undefined
}

/** What becomes of a process: `closed` or `failed` comes last, and once. */
export interface ProcessEvents {
  stdout(bytes: Buffer): void
  stderr(bytes: Buffer): void
  /** It is run a second time, from its beginning: what was heard of the first does not count. */
  startedAnew(): void
  /** It could not be started. */
  failed(message: string): void
  /** Null when it was ended by a signal. */
  closed(code: number | null): void
}

export interface StartedProcess {
  /** Ends it with all that it started. */
  kill(signal: NodeJS.Signals): void
}

export type StartProcess = (request: ProcessRequest, events: ProcessEvents) => StartedProcess

/** Starts a process as a child of this one. */
export const startHere: StartProcess = ({ file, args, cwd, env, stdin, stdoutFd }, events) => {
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['pipe', stdoutFd ?? 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own: ending it ends ssh and helpers too, and without a controlling terminal none can prompt.
    detached: process.platform !== 'win32',
  })
  child.stdout?.on('data', events.stdout)
  child.stderr?.on('data', events.stderr)
  // git may end before it has read all of its input; the exit code tells what that means.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(stdin ?? '')
  child.on('error', ({ message }) => events.failed(message))
  child.on('close', events.closed)
  let isEnding = false
  return {
    kill: (signal) => {
      const isOver = child.exitCode !== null || child.signalCode !== null
      // What it started may be deaf to the first signal, and outlive it.
      if (child.pid === undefined || (isOver && !isEnding)) return
      isEnding = true
      killGroup(child, child.pid, signal)
    },
  }
}

function killGroup(child: ChildProcess, pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    child.kill(signal)
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: the group has ended by itself.
  }
}
