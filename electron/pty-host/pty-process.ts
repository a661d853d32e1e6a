import { readSync } from 'node:fs'
import { constants } from 'node:os'
import type { ReadStream } from 'node:tty'
import { spawn, type IPty } from 'node-pty'
import { createInputQueue, type InputQueue } from './input-queue.ts'

/** Reading on while there is output saves a turn of the event loop for each 4 KB, which is all a PTY gives at once. */
const READ_AHEAD_BYTES = 64 * 1024
const WORTH_READING_ON = 1024
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
  const scratch = Buffer.allocUnsafe(READ_AHEAD_BYTES)
  let isPaused = false
  const ending = createEnding(socket, () => isPaused)

  pty.onData((first) => {
    const bytes = first as unknown as Buffer
    ending.received(bytes.length)
    spec.onData(bytes)
    if (bytes.length < WORTH_READING_ON || isPaused) return
    const length = readAvailable(fd, scratch)
    if (length === 0) return
    ending.received(length)
    spec.onData(scratch.subarray(0, length))
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
  }
}

const endInput = (input: InputQueue) => input.close()

/**
 * node-pty closes the terminal 200 ms after its program ended, with output unread when we are slow. This lets that call
 * wait: for the end of file, or for silence where a program in the background keeps the terminal open.
 */
const createEnding = (socket: ReadStream, isPaused: () => boolean) => {
  const destroy = socket.destroy.bind(socket)
  let hasExited = false
  let timer: NodeJS.Timeout | undefined
  let bytesAfterExit = 0

  const waitForSilence = () => {
    clearTimeout(timer)
    if (!hasExited || isPaused()) return
    if (bytesAfterExit > MAX_BYTES_AFTER_EXIT) destroy()
    else timer = setTimeout(destroy, SILENCE_AFTER_EXIT_MS)
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

/** Reads what is there now, up to the size of the buffer. */
const readAvailable = (fd: number, into: Buffer): number => {
  let length = 0
  while (length < into.length) {
    let read = 0
    try {
      read = readSync(fd, into, length, into.length - length, null)
    } catch (error) {
      // EAGAIN: no more for now. EIO: the program ended, which the stream will find as well.
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EAGAIN' && code !== 'EIO') throw error
    }
    if (read === 0) break
    length += read
  }
  return length
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
  }
}

const signalName = (signal: number | undefined): string | null => {
  if (!signal) return null
  const found = Object.entries(constants.signals).find(([, value]) => value === signal)
  return found?.[0] ?? `SIG${signal}`
}
