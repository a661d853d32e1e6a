import { readSync } from 'node:fs'
import { constants } from 'node:os'
import type { ReadStream } from 'node:tty'
import { spawn, type IPty } from 'node-pty'
import { createInputQueue, type InputQueue } from './input-queue.ts'

/** A PTY gives no more than 4 KB at once. */
const READ_BYTES = 4096
/** Output of programs left behind in the background is not waited for any longer than this silence, or this much. */
const SILENCE_AFTER_EXIT_MS = 250
const MAX_BYTES_AFTER_EXIT = 1024 * 1024

export interface PtyExit {
  readonly code: number | null
  readonly signal: string | null
}

export interface PtyProcess {
  readonly pid: number
  /** False when the program has not read its input and no more fits. */
  write(text: string): boolean
  queuedInput(): number
  resize(cols: number, rows: number): void
  /** Stops reading at once: the kernel's buffer fills and the program waits. */
  pause(): void
  resume(): void
  /**
   * Reads what is there now, which saves a turn of the event loop for each 4 KB: empty when nothing is, and always where
   * the system does not let us. The bytes are overwritten by the next call.
   */
  readMore(): Uint8Array
}

export interface PtySpec {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly cols: number
  readonly rows: number
  readonly onData: (bytes: Uint8Array) => void
  /** Called once, after the last byte. */
  readonly onExit: (exit: PtyExit) => void
}

interface UnixInternals {
  readonly fd: number
  readonly _socket: ReadStream & { readonly _handle: { readStart(): void; readStop(): void } | null }
}

/** Starts a program in a pseudoterminal. Throws what node-pty throws when the system gives no terminal or process. */
export const startPtyProcess = (spec: PtySpec): PtyProcess => {
  const pty = spawn(spec.file, [...spec.args], {
    name: spec.env.TERM ?? 'xterm-256color',
    cwd: spec.cwd,
    env: spec.env,
    cols: spec.cols,
    rows: spec.rows,
    encoding: null,
  })
  return process.platform === 'win32' ? windowsProcess(pty, spec) : unixProcess(pty, spec)
}

const unixProcess = (pty: IPty, spec: PtySpec): PtyProcess => {
  const { fd, _socket: socket } = pty as unknown as UnixInternals
  const input = createInputQueue(fd)
  const scratch = Buffer.allocUnsafe(READ_BYTES)
  let isPaused = false
  const readMore = () => {
    // A stream that has ended has closed the file, whose number may be another terminal's by now.
    if (isPaused || socket.readableEnded || socket.destroyed) return nothing
    const length = readAvailable(fd, scratch)
    if (length > 0) ending.received(length)
    return scratch.subarray(0, length)
  }
  const ending = createEnding(socket, {
    isPaused: () => isPaused,
    deliverMore() {
      const bytes = readMore()
      if (bytes.length > 0) spec.onData(bytes)
      return bytes.length > 0
    },
  })

  pty.onData((data) => {
    const bytes = data as unknown as Buffer
    ending.received(bytes.length)
    spec.onData(bytes)
  })
  socket.once('close', () => endInput(input))
  socket.once('error', () => endInput(input))
  pty.onExit(({ exitCode, signal }) => {
    ending.dispose()
    endInput(input)
    spec.onExit({ code: signal ? null : exitCode, signal: signalName(signal) })
  })

  return {
    pid: pty.pid,
    write: input.push,
    queuedInput: input.queuedBytes,
    resize: (cols, rows) => pty.resize(cols, rows),
    // The stream's own pause reads on until its buffer is full, and loses that buffer when the program ends meanwhile.
    pause() {
      if (isPaused) return
      isPaused = true
      socket._handle?.readStop()
      ending.paused()
    },
    resume() {
      if (!isPaused) return
      isPaused = false
      socket._handle?.readStart()
      ending.resumed()
    },
    readMore,
  }
}

const endInput = (input: InputQueue) => input.close()

interface Remaining {
  readonly isPaused: () => boolean
  /** Passes on what is there unread. False when nothing is. */
  readonly deliverMore: () => boolean
}

/**
 * node-pty closes the terminal 200 ms after its program ended, with output unread when we are slow. This lets that call
 * wait: for the end of file, or for silence where a program in the background keeps the terminal open.
 */
const createEnding = (socket: ReadStream, { isPaused, deliverMore }: Remaining) => {
  const destroy = socket.destroy.bind(socket)
  let hasExited = false
  let timer: NodeJS.Timeout | undefined
  let bytesAfterExit = 0

  const endSilence = () => {
    // After a long turn of the event loop its timers come before its input: silence is what is left when nothing is there.
    if (!deliverMore()) destroy()
  }
  const waitForSilence = () => {
    clearTimeout(timer)
    if (!hasExited || isPaused()) return
    if (bytesAfterExit > MAX_BYTES_AFTER_EXIT) destroy()
    else timer = setTimeout(endSilence, SILENCE_AFTER_EXIT_MS)
  }
  socket.destroy = (error?: Error) => {
    if (error || socket.readableEnded) return destroy(error)
    hasExited = true
    waitForSilence()
    return socket
  }
  return {
    received(bytes: number) {
      if (!hasExited) return
      bytesAfterExit += bytes
      waitForSilence()
    },
    paused: () => clearTimeout(timer),
    resumed: waitForSilence,
    dispose: () => clearTimeout(timer),
  }
}

const nothing = new Uint8Array()

const readAvailable = (fd: number, into: Buffer): number => {
  try {
    return readSync(fd, into, 0, into.length, null)
  } catch (error) {
    // EAGAIN: no more for now. EIO: the program ended, which the stream will find as well.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EAGAIN' && code !== 'EIO') throw error
    return 0
  }
}

const windowsProcess = (pty: IPty, spec: PtySpec): PtyProcess => {
  pty.onData((data) => spec.onData(Buffer.from(data)))
  pty.onExit(({ exitCode }) => spec.onExit({ code: exitCode, signal: null }))
  return {
    pid: pty.pid,
    write(text) {
      pty.write(text)
      return true
    },
    queuedInput: () => 0,
    resize: (cols, rows) => pty.resize(cols, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    readMore: () => nothing,
  }
}

const signalName = (signal: number | undefined): string | null => {
  if (!signal) return null
  const found = Object.entries(constants.signals).find(([, value]) => value === signal)
  return found?.[0] ?? `SIG${signal}`
}
