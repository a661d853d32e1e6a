import type { Database as Connection } from 'better-sqlite3'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

export interface LogMover {
  /** To be called after each commit. */
  afterCommit(): void
  /** Waits for a move under way, so that who closes the database next is the last to do so. */
  close(): void
}

export interface LogMoverDeps {
  /** The one that writes. */
  readonly connection: Connection
  readonly path: string
  /** The file of better-sqlite3. */
  readonly library?: string
}

/** Of 4 KB: SQLite's own measure of when the log is worth moving. */
const worthMoving = 1000
/** Nobody kept up with the writer: it has to move the log itself, or the log grows without end. */
const tooMany = 8000
/** A disk that takes longer to write 32 MB has a failure that is told elsewhere. */
const longestWaitMs = 10_000

const [idle, busy] = [0, 1]

/**
 * Moves the write-ahead log into the main file in a thread of its own. It takes two waits for the disk, up to 50 ms and more,
 * which otherwise the commit takes that makes the log long enough, and everybody behind it. The thread is started when the
 * log is worth it for the first time.
 */
export const createLogMover = ({
  connection,
  path,
  library = createRequire(import.meta.url).resolve('better-sqlite3'),
}: LogMoverDeps): LogMover => {
  const state = new Int32Array(new SharedArrayBuffer(4))
  let worker: Worker | null = null
  let isBroken = false
  connection.pragma(`wal_autocheckpoint = ${tooMany}`)
  const measure = connection.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)')

  /** SQLite does it itself then, as it would without us. */
  const giveUp = (): void => {
    isBroken = true
    worker = null
    Atomics.store(state, 0, idle)
    if (connection.open) connection.pragma(`wal_autocheckpoint = ${worthMoving}`)
  }
  const start = (): Worker => {
    const started = new Worker(code, { eval: true, workerData: { path, library, state }, execArgv: [] })
    started.unref()
    started.on('error', giveUp)
    return started
  }

  return {
    afterCommit: () => {
      if (isBroken || Atomics.load(state, 0) === busy) return
      const { log, checkpointed } = measure.get() ?? { log: 0, checkpointed: 0 }
      if (log - checkpointed < worthMoving) return
      worker ??= start()
      Atomics.store(state, 0, busy)
      worker.postMessage('move', [])
    },
    close: () => {
      // Not by Atomics.wait, which not every host allows on its main thread.
      const until = performance.now() + longestWaitMs
      while (worker && Atomics.load(state, 0) === busy && performance.now() < until) continue
      void worker?.terminate()
      worker = null
    },
  }
}

/**
 * The log starts again from its beginning only when all of it was moved, so what the writer added meanwhile is moved as well;
 * less each time, for it takes less each time. What cannot be moved is tried again after some commits. Its connection is
 * closed each time: the last one that closes a database takes its log away, and that must be the writer's.
 */
const code = `
const { parentPort, workerData: { path, library, state } } = require('node:worker_threads')
const Connection = require(library)
const mostTurns = 50
const moveBy = async (connection) => {
  connection.pragma('synchronous = NORMAL')
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const [{ log, checkpointed }] = connection.pragma('wal_checkpoint(NOOP)')
    if (log === checkpointed) return
    connection.pragma('wal_checkpoint(PASSIVE)')
  }
}
const move = async () => {
  const connection = new Connection(path, { timeout: 0 })
  return moveBy(connection).finally(() => connection.close())
}
const tell = () => Atomics.store(state, 0, 0)
parentPort.on('message', () => void move().then(tell, tell))
`
