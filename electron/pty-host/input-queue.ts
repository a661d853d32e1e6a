import { writeSync } from 'node:fs'

/** More than any paste; a program that reads nothing must not fill the memory. */
export const MAX_QUEUED_INPUT = 16 * 1024 * 1024
/** The kernel takes about 4 KB at a time; the wait grows while the program does not read. */
const FIRST_WAIT_MS = 1
const LONGEST_WAIT_MS = 16

export interface InputQueue {
  /** Queues text in order. False when the program has not read what is queued and no more fits. */
  push(text: string): boolean
  queuedBytes(): number
  /** Drops what is queued. Nothing is written afterwards: the number may soon name another file. */
  close(): void
}

/**
 * Writes to a non-blocking descriptor without loss. node-pty's own writer spins while the descriptor is full, and may
 * write to a number that was closed and given to another file.
 */
export const createInputQueue = (fd: number): InputQueue => {
  let chunks: Buffer[] = []
  let queued = 0
  let waitMs = FIRST_WAIT_MS
  let timer: NodeJS.Timeout | null = null
  let isClosed = false

  const drain = () => {
    timer = null
    while (!isClosed && chunks[0]) {
      const written = writeSome(fd, chunks[0])
      if (written === 'closed') {
        chunks = []
        queued = 0
        return
      }
      if (written === 0) {
        timer = setTimeout(drain, waitMs)
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
        return
      }
      waitMs = FIRST_WAIT_MS
      queued -= written
      if (written === chunks[0].length) chunks.shift()
      else chunks[0] = chunks[0].subarray(written)
    }
  }

  return {
    push(text) {
      const bytes = Buffer.from(text)
      if (isClosed || queued + bytes.length > MAX_QUEUED_INPUT) return false
      if (bytes.length === 0) return true
      chunks.push(bytes)
      queued += bytes.length
      if (!timer) drain()
      return true
    },
    queuedBytes: () => queued,
    close() {
      isClosed = true
      chunks = []
      queued = 0
      if (timer) clearTimeout(timer)
    },
  }
}

const writeSome = (fd: number, bytes: Buffer): number | 'closed' => {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    // EAGAIN: the kernel's buffer is full. EIO and EBADF: the program is gone.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN') return 0
    if (code === 'EIO' || code === 'EBADF') return 'closed'
    throw error
  }
}
