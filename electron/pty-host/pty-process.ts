import { closeSync, openSync, readSync } from 'node:fs'
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
  /** On Windows known only when the program has started; rejects when it has not. */
  readonly pid: Promise<number>
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
  const start = () =>
    spawn(spec.file, [...spec.args], {
      name: spec.env.TERM ?? 'xterm-256color',
      cwd: spec.cwd,
      env: spec.env,
      cols: spec.cols,
      rows: spec.rows,
      encoding: null,
    })
  if (process.platform === 'win32') return windowsProcess(start(), spec)
  return unixProcess(process.platform === 'linux' ? withoutGaps(start) : start(), spec)
}

/** Terminals stay in here until their descriptors are closed for certain. */
const openTerminals = new Set<UnixInternals>()

/**
 * A program must not inherit the terminals of others: it could read them and type into them. On Linux node-pty (as it is
 * built for download) marks what is open as not to be inherited, number by number, and stops at the first one above 15
 * that is not open; so up to the last terminal there is none. Nothing else here closes files on another thread meanwhile.
 */
const withoutGaps = <Value>(work: () => Value): Value => {
  const last = Math.max(0, ...[...openTerminals].map(({ fd }) => fd))
  const fillers: number[] = []
  try {
    while ((fillers.at(-1) ?? 0) < last) fillers.push(openSync('/dev/null', 'r'))
    return work()
  } finally {
    for (const filler of fillers) closeSync(filler)
  }
}

const unixProcess = (pty: IPty, spec: PtySpec): PtyProcess => {
  const internals = pty as unknown as UnixInternals
  const { fd, _socket: socket } = internals
  openTerminals.add(internals)
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
  socket.once('close', () => {
    openTerminals.delete(internals)
    endInput(input)
  })
  socket.once('error', () => endInput(input))
  pty.onExit(({ exitCode, signal }) => {
    ending.dispose()
    endInput(input)
    spec.onExit({ code: signal ? null : exitCode, signal: signalName(signal) })
  })

  return {
    pid: Promise.resolve(pty.pid),
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
    pid: windowsPid(pty),
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

interface WindowsInternals {
  readonly _socket: { once(event: 'ready_datapipe', listener: () => void): void }
}

/** Its own listener for the same event, which was there first, has read the number by then. */
const windowsPid = (pty: IPty): Promise<number> =>
  new Promise((resolve, reject) => {
    const internals = pty as unknown as WindowsInternals
    internals._socket.once('ready_datapipe', () => resolve(pty.pid))
    pty.onExit(({ exitCode }) => reject(new Error(`it ended with ${exitCode} before it had begun`)))
  })

const signalName = (signal: number | undefined): string | null => {
  if (!signal) return null
  const found = Object.entries(constants.signals).find(([, value]) => value === signal)
  return found?.[0] ?? `SIG${signal}`
}
